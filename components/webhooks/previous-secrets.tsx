"use client";
import { useState } from "react";
import { CountdownWords } from "@/components/deliveries/next-attempt";
import { useProject } from "@/components/shell/project-context";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { IdText } from "@/components/ui/id-text";
import { Timestamp } from "@/components/ui/timestamp";
import { toast } from "@/components/ui/toast";
import { useNow } from "@/components/ui/use-now";
import { changeBlock, GuardedButton } from "@/components/webhooks/guarded";
import { SIGNING_WORDS } from "@/components/webhooks/signing-words";
import { errorWords } from "@/components/webhooks/use-webhook-actions";
import type { PreviousSecret } from "@/lib/contracts/signing";
import type { Webhook } from "@/lib/contracts/webhooks";
import { useRevokePreviousSecretMutation } from "@/store/webhooks-api";

/** The replaced secrets that still sign, each with its countdown; nothing when there are none. */
export function PreviousSecrets({ webhook }: { webhook: Webhook }) {
  const { can, project } = useProject();
  const now = useNow();
  const [revoke] = useRevokePreviousSecretMutation();
  const [chosen, setChosen] = useState<PreviousSecret | null>(null);
  const live = webhook.previous_secrets.filter(({ expires_at }) => now === undefined || Date.parse(expires_at) > now);
  if (live.length === 0) return null;
  const blocked = changeBlock(can, webhook);
  return (
    <Card>
      <CardHeader
        title={live.length === 1 ? "A replaced secret still signs" : `${live.length} replaced secrets still sign`}
        description="Attempts carry these signatures beside the present one's, so that receivers can change over."
      />
      <CardBody className="py-1">
        <ul className="divide-y divide-line text-sm" aria-label="Replaced secrets">
          {live.map((secret) => (
            <li key={secret.id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2.5">
              <div className="min-w-0">
                <p className="flex flex-wrap items-baseline gap-x-2 text-ink">
                  <span className="font-medium tabular-nums">
                    Ends <CountdownWords at={secret.expires_at} />
                  </span>
                  <Timestamp value={secret.expires_at} date="always" className="text-ink-muted text-xs" />
                </p>
                <p className="flex flex-wrap items-baseline gap-x-2 text-ink-muted text-xs">
                  {SIGNING_WORDS[secret.signing].label}, replaced{" "}
                  <Timestamp value={secret.created_at} date="always" className="text-xs" />
                  <IdText value={secret.id} label="secret id" className="text-xs" />
                </p>
              </div>
              <GuardedButton size="sm" blocked={blocked} onClick={() => setChosen(secret)}>
                Revoke now
              </GuardedButton>
            </li>
          ))}
        </ul>
      </CardBody>
      <ConfirmDialog
        open={chosen !== null}
        onOpenChange={(open) => {
          if (!open) setChosen(null);
        }}
        title="Revoke the old secret now?"
        description="From the next attempt on only the newer secrets sign, also retries of deliveries that are waiting. A receiver that still has this one will refuse what it gets. This cannot be undone."
        confirmLabel="Revoke now"
        onConfirm={async () => {
          if (chosen === null) return;
          await revoke({ projectId: project.id, webhookId: webhook.id, secretId: chosen.id }).unwrap();
          toast.success("The old secret signs no more");
        }}
        describeError={errorWords}
      />
    </Card>
  );
}
