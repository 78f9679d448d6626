"use client";
import { useState } from "react";
import { useProject } from "@/components/shell/project-context";
import { Alert } from "@/components/ui/alert";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Fieldset } from "@/components/ui/field";
import { RadioGroup, RadioItem } from "@/components/ui/radio-group";
import { SecretDialog } from "@/components/webhooks/secret-dialog";
import { OVERLAPS, rotationWords, SIGNING_WORDS } from "@/components/webhooks/signing-words";
import { errorWords } from "@/components/webhooks/use-webhook-actions";
import { SECRET_LIMITS, SIGNINGS, signingSchema } from "@/lib/contracts/signing";
import type { Webhook, WebhookWithSecret } from "@/lib/contracts/webhooks";
import { useRegenerateSecretMutation } from "@/store/webhooks-api";

type RegenerateSecretProps = { webhook: Webhook; open: boolean; onClose: () => void };

/** Asks how long the old secret signs on, replaces it, and shows the new one once. */
export function RegenerateSecret({ webhook, open, onClose }: RegenerateSecretProps) {
  const { project } = useProject();
  const [regenerate, { reset }] = useRegenerateSecretMutation();
  const [replaced, setReplaced] = useState<WebhookWithSecret | null>(null);
  const [overlapS, setOverlapS] = useState<number>(SECRET_LIMITS.overlap);
  const [signing, setSigning] = useState(webhook.signing);
  const replaces = webhook.has_secret;
  const close = () => {
    setOverlapS(SECRET_LIMITS.overlap);
    setSigning(webhook.signing);
    onClose();
  };
  return (
    <>
      <ConfirmDialog
        open={open}
        onOpenChange={(next) => {
          if (!next) close();
        }}
        title={replaces ? "Regenerate the secret?" : "Generate a secret?"}
        description={
          replaces
            ? "A new secret is made and shown once. Choose how long the old one signs on beside it."
            : "From then on every delivery is signed. Receivers that do not check signatures are not affected."
        }
        confirmLabel={replaces ? "Regenerate secret" : "Generate secret"}
        tone={replaces && overlapS === 0 ? "danger" : "primary"}
        onConfirm={async () => {
          const body = { overlap_s: overlapS, signing };
          setReplaced(await regenerate({ projectId: project.id, webhookId: webhook.id, body }).unwrap());
          reset();
        }}
        describeError={errorWords}
      >
        {replaces ? (
          <Fieldset legend="The old secret signs on for">
            <RadioGroup
              value={String(overlapS)}
              onValueChange={(value) => setOverlapS(Number(value))}
              className="grid gap-2 sm:grid-cols-2"
            >
              {OVERLAPS.map(({ seconds, label, description }) => (
                <RadioItem card key={seconds} value={String(seconds)} label={label} description={description} />
              ))}
            </RadioGroup>
          </Fieldset>
        ) : null}
        <Fieldset legend="The new one signs with">
          <RadioGroup value={signing} onValueChange={(value) => setSigning(signingSchema.parse(value))}>
            {SIGNINGS.map((each) => (
              <RadioItem key={each} value={each} {...SIGNING_WORDS[each]} />
            ))}
          </RadioGroup>
        </Fieldset>
        {replaces ? (
          <Alert tone={overlapS === 0 ? "caution" : "info"} live>
            {rotationWords({ overlapS, from: webhook.signing, to: signing })}
          </Alert>
        ) : null}
      </ConfirmDialog>
      <SecretDialog
        webhook={replaced}
        title={replaces ? "New secret" : "Secret generated"}
        onStored={() => setReplaced(null)}
      />
    </>
  );
}
