"use client";
import { CodeBlock } from "@/components/ui/code-block";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { LANGUAGES, STANDARD_SNIPPETS, STRIPE_SNIPPETS } from "@/components/webhooks/verify-snippets";

/** How the receiving program tells real deliveries from forged ones. */
export function VerifyGuide() {
  return (
    <div className="@container flex min-w-0 flex-col gap-3">
      <p className="max-w-prose text-ink-muted text-sm">
        Every delivery carries two signatures of its raw body; check either one before you parse it. A secret that does
        not begin with <code className="font-mono text-xs">whsec_</code> is taken as plain text: give standardwebhooks
        the option <code className="font-mono text-xs">format: "raw"</code> then.
      </p>
      <Tabs defaultValue={LANGUAGES[0]}>
        <TabsList aria-label="Language">
          {LANGUAGES.map((language) => (
            <TabsTrigger key={language} value={language}>
              {language}
            </TabsTrigger>
          ))}
        </TabsList>
        {LANGUAGES.map((language) => (
          <TabsContent key={language} value={language} className="grid items-start gap-3 @4xl:grid-cols-2">
            <CodeBlock
              code={STANDARD_SNIPPETS[language]}
              label={`${language}: webhook-signature, with standardwebhooks`}
            />
            <CodeBlock
              code={STRIPE_SNIPPETS[language]}
              label={`${language}: X-Webhook-Signature, with Stripe's library`}
            />
          </TabsContent>
        ))}
      </Tabs>
    </div>
  );
}
