"use client";
import { deliveriesHref, deliveryHref } from "@/components/deliveries/links";
import { formatNumber } from "@/components/ui/format";
import { type Notice, useNotice } from "@/components/ui/use-notice";
import { nameOf, namesTogether } from "@/components/webhooks/words";
import type { Webhook } from "@/lib/contracts/webhooks";
import { useAppDispatch, useAppSelector } from "@/store/hooks";
import { type GivenUp, givenUpForgotten, selectGivenUp } from "@/store/live-slice";

/** On every page: that deliveries were given up while somebody looks; however many, one notice that counts them. */
export function GivenUpNotice({ webhooks }: { webhooks: readonly Webhook[] | undefined }) {
  const dispatch = useAppDispatch();
  const givenUp = useAppSelector(selectGivenUp);
  const about = (webhooks ?? []).filter(({ id }) => id in givenUp);
  const count = about.reduce((sum, { id }) => sum + (givenUp[id]?.count ?? 0), 0);
  const notice = noticeOf(about, count, givenUp, () => dispatch(givenUpForgotten()));
  useNotice("deliveries-given-up", notice, String(count));
  return null;
}

function noticeOf(
  about: readonly Webhook[],
  count: number,
  givenUp: Readonly<Record<string, GivenUp>>,
  onGone: () => void,
): Notice | undefined {
  const [first] = about;
  const last = first === undefined ? undefined : givenUp[first.id];
  if (first === undefined || last === undefined) return undefined;
  const notice = { tone: "danger", onGone } as const;
  if (count === 1) {
    return {
      ...notice,
      title: "A delivery was given up",
      description: `${nameOf(first)}: the last attempt failed. Nothing more is sent by itself.`,
      link: { label: "Open delivery", href: deliveryHref(last.deliveryId) },
    };
  }
  return {
    ...notice,
    title: `${formatNumber(count)} deliveries were given up`,
    description: `${namesTogether(about.map(nameOf))}: the last attempts failed. Nothing more is sent by itself.`,
    link: {
      label: "See them",
      href: deliveriesHref({ status: "failed", webhook_id: about.map(({ id }) => id).join() }),
    },
  };
}
