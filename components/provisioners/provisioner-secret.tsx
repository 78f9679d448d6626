"use client";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import { shellQuote } from "@/lib/contracts/curl";
import type { ProvisionerWithSecret } from "@/lib/contracts/provisioners";

type ProvisionerSecretProps = {
  /** null keeps the dialog closed. */
  provisioner: ProvisionerWithSecret | null;
  onStored: () => void;
};

/** Shows a secret once. It closes only by saying that it is stored: nothing can bring it back. */
export function ProvisionerSecret({ provisioner, onStored }: ProvisionerSecretProps) {
  return (
    <Dialog
      open={provisioner !== null}
      dismissible={false}
      onOpenChange={(open) => {
        if (!open) onStored();
      }}
      size="lg"
      title={provisioner ? `Secret of ${provisioner.name}` : "Secret"}
      description="This secret is shown only now. Store it where the provisioner reads it, such as its environment."
    >
      <DialogBody>
        {provisioner === null ? null : (
          <>
            <CodeBlock code={provisioner.secret} label="Secret" copyLabel="Copy secret" wrap />
            <p className="text-ink-muted text-sm">Then try whether the provisioner keeps the contract:</p>
            <CodeBlock
              code={`npm run provisioner:check -- ${shellQuote(provisioner.url)} --secret ${shellQuote(provisioner.secret)}`}
              label="Check the provisioner"
              copyLabel="Copy the command"
              wrap
            />
          </>
        )}
      </DialogBody>
      <DialogFooter>
        <Button variant="primary" onClick={onStored}>
          I have stored it
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
