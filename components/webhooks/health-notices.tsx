"use client";
import Link from "next/link";
import { useCallback, useEffect, useRef, useState } from "react";
import { WEBHOOKS, webhookHref } from "@/components/deliveries/links";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { formatNumber } from "@/components/ui/format";
import { type Notice, useNotice } from "@/components/ui/use-notice";
import { disabledCause, failureWords } from "@/components/webhooks/condition-words";
import { type HealthNews, type HealthStep, newsAfter, type Stages, stagesOf } from "@/components/webhooks/health-news";
import { nameOf, namesTogether } from "@/components/webhooks/words";
import type { Webhook } from "@/lib/contracts/webhooks";

type StepWords = { tone: Notice["tone"]; one: string; many: string; meaning: string };

/** What is told in passing; that a webhook was disabled stays in the page until somebody has dealt with it. */
const STEPS: Readonly<Record<Exclude<HealthStep, "disabled">, StepWords>> = {
  warning: {
    tone: "caution",
    one: "is failing",
    many: "webhooks are failing",
    meaning: "Deliveries are retried as set.",
  },
  probing: {
    tone: "danger",
    one: "keeps failing",
    many: "webhooks keep failing",
    meaning: "It gets one request at a time until one succeeds.",
  },
  recovered: { tone: "positive", one: "works again", many: "webhooks work again", meaning: "What waited is sent now." },
};

/**
 * On every page: each step of a webhook's health that happens while somebody looks. Webhooks that take the same step
 * share a notice.
 */
export function HealthNotices({ webhooks }: { webhooks: readonly Webhook[] | undefined }) {
  const { newsOf, forget } = useHealthNews(webhooks);
  return (
    <>
      {newsOf("disabled").map((webhook) => (
        <Alert
          key={webhook.id}
          tone="danger"
          live
          title={`${nameOf(webhook)} was disabled`}
          onDismiss={() => forget("disabled", webhook.id)}
          actions={
            <Button asChild size="sm">
              <Link href={webhookHref(webhook.id)} onClick={() => forget("disabled", webhook.id)}>
                Open webhook
              </Link>
            </Button>
          }
        >
          {disabledCause(webhook.condition)} New events pass it by until somebody enables it.
        </Alert>
      ))}
      <StepNotice step="warning" webhooks={newsOf("warning")} forget={forget} />
      <StepNotice step="probing" webhooks={newsOf("probing")} forget={forget} />
      <StepNotice step="recovered" webhooks={newsOf("recovered")} forget={forget} />
    </>
  );
}

type StepNoticeProps = {
  step: keyof typeof STEPS;
  webhooks: readonly Webhook[];
  forget: (step: HealthStep) => void;
};

function StepNotice({ step, webhooks, forget }: StepNoticeProps) {
  const onGone = () => forget(step);
  // Who it is about, and not each further failure.
  const version = webhooks.map(({ id }) => id).join();
  useNotice(`webhooks-${step}`, noticeOf(step, webhooks, onGone), version);
  return null;
}

function noticeOf(step: keyof typeof STEPS, webhooks: readonly Webhook[], onGone: () => void): Notice | undefined {
  const { tone, one, many, meaning } = STEPS[step];
  const [first, ...others] = webhooks;
  if (first === undefined) return undefined;
  if (others.length > 0) {
    return {
      tone,
      title: `${formatNumber(webhooks.length)} ${many}`,
      description: namesTogether(webhooks.map(nameOf)),
      link: { label: "See them", href: step === "recovered" ? WEBHOOKS : `${WEBHOOKS}?status=${step}` },
      onGone,
    };
  }
  return {
    tone,
    title: `${nameOf(first)} ${one}`,
    description: step === "recovered" ? meaning : `${failureWords(first.condition)} ${meaning}`,
    link: { label: "Open webhook", href: webhookHref(first.id) },
    onGone,
  };
}

/** What became of the webhooks since their list was first seen, until it is forgotten. */
function useHealthNews(webhooks: readonly Webhook[] | undefined) {
  const known = useRef<Stages>(undefined);
  const [news, setNews] = useState<HealthNews>(new Map());
  useEffect(() => {
    if (webhooks === undefined) return;
    const [before, now] = [known.current, stagesOf(webhooks)];
    known.current = now;
    if (before !== undefined) setNews((held) => newsAfter(held, before, now));
  }, [webhooks]);
  const forget = useCallback((step: HealthStep, id?: string) => {
    setNews((held) => new Map([...held].filter(([other, at]) => at !== step || (id !== undefined && other !== id))));
  }, []);
  return { newsOf: (step: HealthStep) => (webhooks ?? []).filter(({ id }) => news.get(id) === step), forget };
}
