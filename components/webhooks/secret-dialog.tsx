"use client";
import { Download } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import { Disclosure } from "@/components/ui/disclosure";
import { PublicKeys } from "@/components/webhooks/public-keys";
import { VerifyGuide } from "@/components/webhooks/verify-guide";
import type { WebhookWithSecret } from "@/lib/contracts/webhooks";

export type SecretDialogProps = {
  /** The webhook with the secret to show; null keeps the dialog closed. */
  webhook: WebhookWithSecret | null;
  title: string;
  onStored: () => void;
};

/**
 * Shows a secret once. It closes only by saying that it is stored: nothing can bring it back. Of an Ed25519 pair the
 * public key is shown, which is all that a receiver needs and can be read again at any time.
 */
export function SecretDialog({ webhook, title, onStored }: SecretDialogProps) {
  const [guide, setGuide] = useState(false);
  const asymmetric = webhook?.signing === "ed25519";
  return (
    <Dialog
      open={webhook !== null}
      dismissible={asymmetric}
      onOpenChange={(open) => {
        if (!open) onStored();
      }}
      size="lg"
      title={asymmetric ? "New Ed25519 key" : title}
      description={
        asymmetric
          ? "Receivers verify with the public key; it also stands on the webhook's page. The private key stays here."
          : "This secret is shown only now. Store it where your receiver reads it, such as its environment."
      }
    >
      <DialogBody>
        {webhook === null || webhook.secret === null ? null : asymmetric ? (
          <PublicKeys webhook={webhook} />
        ) : (
          <>
            <CodeBlock code={webhook.secret} label="Signing secret" copyLabel="Copy secret" wrap />
            <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
              <Button
                size="sm"
                onClick={() => download(`${webhook.id}.env`, `DUMONT_WEBHOOK_SECRET=${webhook.secret}\n`)}
              >
                <Download aria-hidden="true" />
                Download as .env file
              </Button>
              <p className="text-ink-muted text-xs">Lost secrets cannot be read again, only replaced.</p>
            </div>
          </>
        )}
        <Disclosure
          open={guide}
          onOpenChange={setGuide}
          title="How to verify a signature"
          description="Node, Python and Go. It also stands on the webhook's page under “Verify signatures”."
          className="border-line border-t pt-4"
        >
          <VerifyGuide webhook={webhook ?? undefined} keysShown />
        </Disclosure>
      </DialogBody>
      <DialogFooter>
        <Button variant="primary" onClick={onStored}>
          {asymmetric ? "Done" : "I have stored it"}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
