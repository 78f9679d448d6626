"use client";
import { useState } from "react";
import { useProject } from "@/components/shell/project-context";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { SecretDialog } from "@/components/webhooks/secret-dialog";
import { errorWords } from "@/components/webhooks/use-webhook-actions";
import type { Webhook } from "@/lib/contracts/webhooks";
import { useRegenerateSecretMutation } from "@/store/webhooks-api";

type RegenerateSecretProps = { webhook: Webhook; open: boolean; onClose: () => void };

/** Asks, replaces the secret, and shows the new one once. */
export function RegenerateSecret({ webhook, open, onClose }: RegenerateSecretProps) {
  const { project } = useProject();
  const [regenerate, { reset }] = useRegenerateSecretMutation();
  const [secret, setSecret] = useState<string | null>(null);
  const replaces = webhook.has_secret;
  return (
    <>
      <ConfirmDialog
        open={open}
        onOpenChange={(next) => {
          if (!next) onClose();
        }}
        title={replaces ? "Regenerate the secret?" : "Generate a secret?"}
        description={
          replaces
            ? "The old secret stops signing at once, also for retries of deliveries that are waiting. Until your receiver has the new one, it will refuse what it gets."
            : "From then on every delivery is signed. Receivers that do not check signatures are not affected."
        }
        confirmLabel={replaces ? "Regenerate secret" : "Generate secret"}
        tone={replaces ? "danger" : "primary"}
        onConfirm={async () => {
          const answer = await regenerate({ projectId: project.id, webhookId: webhook.id }).unwrap();
          setSecret(answer.secret);
          reset();
        }}
        describeError={errorWords}
      />
      <SecretDialog
        secret={secret}
        title={replaces ? "New secret" : "Secret generated"}
        webhookId={webhook.id}
        onStored={() => setSecret(null)}
      />
    </>
  );
}
