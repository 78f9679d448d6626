import { needsAttention, STATUS_ORDER } from "@/components/webhooks/condition-words";
import { nameOf } from "@/components/webhooks/words";
import type { Webhook, WebhookHealth, WebhookStatus } from "@/lib/contracts/webhooks";

export const SORTS = ["newest", "status", "success", "slowest", "name"] as const;
export type Sort = (typeof SORTS)[number];

export const SORT_WORDS: Readonly<Record<Sort, string>> = {
  newest: "Newest first",
  status: "Worst status first",
  success: "Lowest success first",
  slowest: "Slowest first",
  name: "By name",
};

type Listed = Pick<Webhook, "id" | "url" | "description" | "status" | "condition">;
type Measured = Pick<WebhookHealth, "success_rate" | "p95_ms">;

/** The webhooks of these statuses; all when none is named. */
export function ofStatus<W extends Pick<Webhook, "status">>(
  webhooks: readonly W[],
  statuses: readonly WebhookStatus[],
) {
  return statuses.length === 0 ? webhooks : webhooks.filter(({ status }) => statuses.includes(status));
}

/** In the order asked for; webhooks of which nothing is known come last, and equals keep their order. */
export function inOrder<W extends Listed>(
  webhooks: readonly W[],
  sort: Sort,
  healthOf: ReadonlyMap<string, Measured>,
): readonly W[] {
  if (sort === "newest") return webhooks;
  if (sort === "name") return webhooks.toSorted((a, b) => nameOf(a).localeCompare(nameOf(b), "en"));
  const rank = (webhook: W): number => {
    const health = healthOf.get(webhook.id);
    if (sort === "success") return health?.success_rate ?? Number.POSITIVE_INFINITY;
    if (sort === "slowest") return -(health?.p95_ms ?? Number.NEGATIVE_INFINITY);
    // What a person switched off is no trouble.
    if (webhook.status === "disabled" && !needsAttention(webhook)) return STATUS_ORDER.length;
    return STATUS_ORDER.indexOf(webhook.status);
  };
  return webhooks.toSorted((a, b) => {
    const [first, second] = [rank(a), rank(b)];
    return first === second ? 0 : first < second ? -1 : 1;
  });
}
