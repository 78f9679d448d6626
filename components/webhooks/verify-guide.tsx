"use client";
import { Download } from "lucide-react";
import Link from "next/link";
import { textLinkClass } from "@/components/deliveries/links";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { debuggerHref } from "@/components/webhooks/debugger-handover";
import { PublicKeys } from "@/components/webhooks/public-keys";
import { LANGUAGES, type Language, STANDARD_SNIPPETS, STRIPE_SNIPPETS } from "@/components/webhooks/verify-snippets";
import type { Signing } from "@/lib/contracts/signing";
import type { Webhook } from "@/lib/contracts/webhooks";

/** Whole programs, the same as in the documentation. */
const ENDINGS: Readonly<Record<Language, string>> = { Node: "mjs", Python: "py", Go: "go" };

export type VerifyGuideProps = {
  /** Whose signatures are to be verified; shared secrets unless given. */
  webhook?: Pick<Webhook, "id" | "signing" | "public_key"> | undefined;
  /** The webhook's public keys stand beside the guide already. */
  keysShown?: boolean | undefined;
};

/** How the receiving program tells real deliveries from forged ones. */
export function VerifyGuide({ webhook, keysShown = false }: VerifyGuideProps) {
  const signing = webhook?.signing ?? "hmac";
  return (
    <div className="@container flex min-w-0 flex-col gap-3">
      {signing === "hmac" ? (
        <p className="max-w-prose text-ink-muted text-sm">
          Every delivery carries two signatures of its raw body; check either one before you parse it. A secret that
          does not begin with <code className="font-mono text-xs">whsec_</code> is taken as plain text: give
          standardwebhooks the option <code className="font-mono text-xs">format: "raw"</code> then.
        </p>
      ) : (
        <p className="max-w-prose text-ink-muted text-sm">
          Every delivery carries an Ed25519 signature of{" "}
          <code className="font-mono text-xs">{"<webhook-id>.<webhook-timestamp>.<raw body>"}</code> in{" "}
          <code className="font-mono text-xs">webhook-signature</code>, as{" "}
          <code className="font-mono text-xs">v1a,&lt;base64&gt;</code>. Check it with any of the keys of the set, and
          that the timestamp is at most 5 minutes off.
        </p>
      )}
      {webhook !== undefined && signing === "ed25519" && !keysShown ? <PublicKeys webhook={webhook} /> : null}
      <Tabs defaultValue={LANGUAGES[0]}>
        <TabsList aria-label="Language">
          {LANGUAGES.map((language) => (
            <TabsTrigger key={language} value={language}>
              {language}
            </TabsTrigger>
          ))}
        </TabsList>
        {LANGUAGES.map((language) => (
          <TabsContent key={language} value={language} className="flex flex-col gap-3">
            {signing === "hmac" ? <Snippets language={language} /> : null}
            <Receiver language={language} signing={signing} />
          </TabsContent>
        ))}
      </Tabs>
      {webhook === undefined ? null : (
        <p className="text-ink-muted text-sm">
          It does not verify? The{" "}
          <Link href={debuggerHref({ webhook: webhook.id })} className={`${textLinkClass} underline`}>
            signature debugger
          </Link>{" "}
          tells why.
        </p>
      )}
    </div>
  );
}

function Snippets({ language }: { language: Language }) {
  return (
    <div className="grid items-start gap-3 @4xl:grid-cols-2">
      <CodeBlock code={STANDARD_SNIPPETS[language]} label={`${language}: webhook-signature, with standardwebhooks`} />
      <CodeBlock code={STRIPE_SNIPPETS[language]} label={`${language}: X-Webhook-Signature, with Stripe's library`} />
    </div>
  );
}

function Receiver({ language, signing }: { language: Language; signing: Signing }) {
  const file = `receiver${signing === "ed25519" ? "-ed25519" : ""}.${ENDINGS[language]}`;
  const reads = signing === "ed25519" ? "DUMONT_JWKS_URL" : "DUMONT_WEBHOOK_SECRET";
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <Button asChild size="sm">
        <a href={`/receivers/${file}`} download={file}>
          <Download aria-hidden="true" />
          Download {file}
        </a>
      </Button>
      <p className="text-ink-muted text-xs">
        A whole receiver that answers 204 or 401; it reads <span className="font-mono">{reads}</span>.
      </p>
    </div>
  );
}
