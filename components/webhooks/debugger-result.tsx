"use client";
import { CircleCheck, CircleDashed, CircleX } from "lucide-react";
import Link from "next/link";
import { inlineLinkClass, webhookHref } from "@/components/deliveries/links";
import { Alert } from "@/components/ui/alert";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import { nameOf } from "@/components/webhooks/words";
import type { DebugStep, SignatureDiagnosis } from "@/lib/contracts/signature-debugger";
import type { Webhook } from "@/lib/contracts/webhooks";

const STEP_NAMES: Readonly<Record<DebugStep, string>> = {
  headers: "Headers",
  secret: "Secret",
  body: "Body",
  id: "webhook-id",
  signature: "Signature",
  timestamp: "Timestamp",
};

const LOOKS = {
  ok: { icon: CircleCheck, ink: "text-positive", word: "Passed" },
  failed: { icon: CircleX, ink: "text-danger", word: "Failed" },
  unknown: { icon: CircleDashed, ink: "text-ink-muted", word: "Not known" },
} as const;

type DebuggerResultProps = { diagnosis: SignatureDiagnosis; webhook: Webhook | undefined };

/** Which step fails, why, and what mends it. */
export function DebuggerResult({ diagnosis, webhook }: DebuggerResultProps) {
  return (
    <Card role="region" aria-label="Diagnosis">
      <CardHeader title="Diagnosis" description={comparedWith(webhook)} />
      <CardBody className="flex flex-col gap-4">
        {diagnosis.valid ? (
          <Alert tone="positive" title="The signature is valid" live>
            Headers, secret and body belong together. If your receiver still refuses it, compare what its code hashes
            with what you pasted here.
          </Alert>
        ) : (
          diagnosis.faults.map(({ code, title, detail, mend }, index) => (
            <Alert key={code} tone={index === 0 ? "danger" : "caution"} title={title} live>
              <p>{detail}</p>
              <p className="mt-1.5 text-ink">{mend}</p>
            </Alert>
          ))
        )}
        <ol className="divide-y divide-line rounded-lg border border-line text-sm" aria-label="Steps">
          {diagnosis.steps.map(({ step, status, detail }) => {
            const { icon: Icon, ink, word } = LOOKS[status];
            return (
              <li key={step} className="flex items-start gap-2.5 px-3 py-2">
                <Icon aria-hidden="true" className={cn("mt-0.5 size-4 shrink-0", ink)} />
                <span className="w-24 shrink-0 font-medium text-ink">{STEP_NAMES[step]}</span>
                <span className="min-w-0 text-ink-muted">
                  <span className="sr-only">{word}: </span>
                  {detail}
                </span>
              </li>
            );
          })}
        </ol>
        {webhook === undefined ? null : (
          <p className="text-sm">
            <Link href={webhookHref(webhook.id)} className={inlineLinkClass}>
              Open {nameOf(webhook)}
            </Link>
          </p>
        )}
      </CardBody>
    </Card>
  );
}

function comparedWith(webhook: Webhook | undefined): string {
  return webhook === undefined
    ? "Checked with what was entered alone"
    : `Checked with the stored secrets of ${nameOf(webhook)} as well`;
}
