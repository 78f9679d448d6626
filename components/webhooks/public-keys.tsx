"use client";
import { CodeBlock } from "@/components/ui/code-block";
import { useHydrated } from "@/components/ui/use-hydrated";
import { jwksUrl } from "@/components/webhooks/signing-words";
import type { Webhook } from "@/lib/contracts/webhooks";

/** What the receivers of a webhook that signs with Ed25519 verify with. */
export function PublicKeys({ webhook }: { webhook: Pick<Webhook, "id" | "public_key"> }) {
  const origin = useHydrated() ? window.location.origin : "";
  return (
    <>
      {webhook.public_key === null ? null : (
        <CodeBlock code={webhook.public_key} label="Public key" copyLabel="Copy public key" wrap />
      )}
      <CodeBlock
        code={jwksUrl(origin, webhook.id)}
        label="Key set (JWKS), which follows rotations by itself"
        copyLabel="Copy key set address"
        wrap
      />
    </>
  );
}
