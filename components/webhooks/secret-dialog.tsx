"use client";
import { Download } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import { Disclosure } from "@/components/ui/disclosure";
import { VerifyGuide } from "@/components/webhooks/verify-guide";

export type SecretDialogProps = {
  /** The secret to show; null keeps the dialog closed. */
  secret: string | null;
  title: string;
  /** Names the downloaded file. */
  webhookId: string;
  onStored: () => void;
};

/** Shows a secret once. It closes only by saying that it is stored: nothing can bring it back. */
export function SecretDialog({ secret, title, webhookId, onStored }: SecretDialogProps) {
  const [guide, setGuide] = useState(false);
  return (
    <Dialog
      open={secret !== null}
      dismissible={false}
      size="lg"
      title={title}
      description="This secret is shown only now. Store it where your receiver reads it, such as its environment."
    >
      <DialogBody>
        {secret === null ? null : (
          <>
            <CodeBlock code={secret} label="Signing secret" copyLabel="Copy secret" wrap />
            <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
              <Button size="sm" onClick={() => download(`${webhookId}.env`, `DUMONT_WEBHOOK_SECRET=${secret}\n`)}>
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
          <VerifyGuide />
        </Disclosure>
      </DialogBody>
      <DialogFooter>
        <Button variant="primary" onClick={onStored}>
          I have stored it
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
