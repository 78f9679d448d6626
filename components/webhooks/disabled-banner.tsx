"use client";
import Link from "next/link";
import { useProject } from "@/components/shell/project-context";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { RelativeTime } from "@/components/ui/relative-time";
import {
  disabledCause,
  isDisabledBySystem,
  missedWords,
  replayMissedHref,
  waitingWords,
} from "@/components/webhooks/condition-words";
import { GuardedButton } from "@/components/webhooks/guarded";
import type { Webhook } from "@/lib/contracts/webhooks";
import { useGetMissedEventsQuery } from "@/store/statistics-api";

/** How often, in ms, the missed events are counted again: they go on being missed. */
const POLL_MS = 30_000;

type DisabledBannerProps = {
  webhook: Webhook;
  /** Deliveries that wait; undefined when it is not known. */
  pending: number | undefined;
  blocked: string | undefined;
  onEnable: () => void;
};

/** Cause, consequence and remedy of a webhook that gets nothing. */
export function DisabledBanner({ webhook, pending, blocked, onEnable }: DisabledBannerProps) {
  const { project } = useProject();
  const { condition } = webhook;
  const missed = useGetMissedEventsQuery(
    { projectId: project.id, webhookId: webhook.id, since: condition.since },
    { pollingInterval: POLL_MS },
  ).currentData;
  const bySystem = isDisabledBySystem(webhook);
  return (
    <Alert
      tone={bySystem ? "danger" : "caution"}
      title={bySystem ? "This webhook was disabled" : "This webhook is disabled"}
      actions={
        <>
          <GuardedButton size="sm" blocked={blocked} onClick={onEnable}>
            Enable
          </GuardedButton>
          {missed && missed.from !== null && missed.events > 0 ? (
            <Button asChild size="sm">
              <Link href={replayMissedHref(webhook.id, { from: missed.from, to: new Date().toISOString() })}>
                Replay missed
              </Link>
            </Button>
          ) : null}
        </>
      }
    >
      <p>
        Disabled <RelativeTime value={condition.since} />. {disabledCause(condition)}
        {condition.disabled_reason === "failing" && condition.last_failure !== null
          ? ` Last failure: ${condition.last_failure}`
          : null}
      </p>
      <p>
        {missed === undefined
          ? "New events pass it by and are not sent later."
          : missed.events === 0
            ? "New events pass it by and are not sent later; none was missed so far."
            : `It missed ${missedWords(missed)} since then, which enabling it does not send: replay them afterwards.`}{" "}
        {waitingWords(pending)}
      </p>
    </Alert>
  );
}
