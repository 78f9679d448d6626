"use client";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFooter } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SecretInput } from "@/components/ui/secret-input";
import { Select } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";
import { nameOf } from "@/components/webhooks/words";
import { DEBUGGER_LIMITS } from "@/lib/contracts/signature-debugger";
import type { Webhook } from "@/lib/contracts/webhooks";

export type DebuggerValues = { headers: string; body: string; secret: string; webhookId: string; receivedAt: string };

/** Radix' select has no empty value. */
export const BY_DELIVERY = "by-delivery";

export type DebuggerFormProps = {
  initial: DebuggerValues;
  webhooks: readonly Webhook[];
  busy: boolean;
  /** Refusals of the server, by field. */
  errors: ReadonlyMap<string, string>;
  onSubmit: (values: DebuggerValues) => void;
};

/** A request as the receiver saw it, and what it was checked with. */
export function DebuggerForm({ initial, webhooks, busy, errors, onSubmit }: DebuggerFormProps) {
  const [values, setValues] = useState(initial);
  const set = (change: Partial<DebuggerValues>) => setValues((before) => ({ ...before, ...change }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(values);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Card>
        <CardBody className="flex flex-col gap-5 sm:p-6">
          <Field
            label="Request headers"
            hint="All of them, as “Name: value” lines or as JSON."
            error={errors.get("headers")}
          >
            <Textarea
              mono
              className="break-all"
              rows={7}
              value={values.headers}
              onChange={(event) => set({ headers: event.target.value })}
              maxLength={DEBUGGER_LIMITS.headersLength}
              placeholder={"webhook-id: evt_…\nwebhook-timestamp: 1763769600\nwebhook-signature: v1,…"}
              spellCheck={false}
            />
          </Field>
          <Field
            label="Request body"
            hint="Exactly what your receiver hashes: what it adds or changes is what is looked for."
            error={errors.get("body")}
          >
            <Textarea
              mono
              className="break-all"
              rows={6}
              value={values.body}
              onChange={(event) => set({ body: event.target.value })}
              maxLength={DEBUGGER_LIMITS.bodyLength}
              placeholder={'{"id":"evt_…","type":"instance.started",…}'}
              spellCheck={false}
            />
          </Field>
          <div className="grid items-start gap-5 md:grid-cols-2">
            <Field
              label="Your receiver's secret"
              optional
              hint="As your program reads it; neither stored nor logged. A public key (whpk_…) for Ed25519."
              error={errors.get("secret")}
            >
              <SecretInput
                value={values.secret}
                onChange={(event) => set({ secret: event.target.value })}
                maxLength={DEBUGGER_LIMITS.secretLength}
              />
            </Field>
            <Field
              label="Webhook"
              hint="Its stored secrets are compared too, without being shown."
              error={errors.get("webhook_id")}
            >
              <Select
                value={values.webhookId}
                onValueChange={(webhookId) => set({ webhookId })}
                options={[
                  { value: BY_DELIVERY, label: "The one that X-Webhook-Delivery names" },
                  ...webhooks.map((webhook) => ({
                    value: webhook.id,
                    label: nameOf(webhook),
                    description: webhook.url,
                  })),
                ]}
              />
            </Field>
          </div>
          <Field
            label="Received at"
            optional
            hint="For a request of the past, such as 2026-11-22T10:00:00Z; its timestamp is compared with this. Now, unless given."
            error={errors.get("received_at")}
            className="max-w-md"
          >
            <Input
              value={values.receivedAt}
              onChange={(event) => set({ receivedAt: event.target.value })}
              mono
              autoComplete="off"
              spellCheck={false}
            />
          </Field>
        </CardBody>
        <CardFooter>
          <p>Nothing of this is kept.</p>
          <Button type="submit" variant="primary" loading={busy}>
            Find the fault
          </Button>
        </CardFooter>
      </Card>
    </form>
  );
}
