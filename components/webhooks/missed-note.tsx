"use client";
import Link from "next/link";
import { useState } from "react";
import { useProject } from "@/components/shell/project-context";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { RelativeTime } from "@/components/ui/relative-time";
import { useNow } from "@/components/ui/use-now";
import { missedWords, replayMissedHref } from "@/components/webhooks/condition-words";
import type { Webhook } from "@/lib/contracts/webhooks";
import { useGetMissedEventsQuery } from "@/store/statistics-api";

/** How long, in ms, after it was enabled this is still of interest: over a weekend. */
const SHOWN_MS = 3 * 24 * 3600 * 1000;

/** After it was enabled again: what a webhook missed meanwhile, until that was replayed or the note was dismissed. */
export function MissedNote({ webhook: { id: webhookId, condition } }: { webhook: Webhook }) {
  const { project } = useProject();
  const [dismissed, setDismissed] = useState(false);
  const now = useNow();
  const { currentData: missed } = useGetMissedEventsQuery({ projectId: project.id, webhookId, since: condition.since });
  if (dismissed || !missed || missed.from === null || missed.to === null || missed.events === 0) return null;
  if (now === undefined || now - Date.parse(missed.to) > SHOWN_MS) return null;
  return (
    <Alert
      title={`It missed ${missedWords(missed)} while it was disabled`}
      onDismiss={() => setDismissed(true)}
      actions={
        <Button asChild size="sm">
          <Link href={replayMissedHref(webhookId, { from: missed.from, to: missed.to })}>Replay missed</Link>
        </Button>
      }
    >
      It was enabled again <RelativeTime value={missed.to} />. Events that passed it by are not sent by themselves.
    </Alert>
  );
}
