"use client";
import { Send } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { deliveryHref } from "@/components/deliveries/links";
import { emitCommand } from "@/components/events/emit-curl";
import { useProject } from "@/components/shell/project-context";
import { Alert } from "@/components/ui/alert";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code-block";
import { Disclosure } from "@/components/ui/disclosure";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";
import { useHydrated } from "@/components/ui/use-hydrated";
import { emittableTypes, exampleData, parseData, passingFields } from "@/components/webhooks/emit-types";
import { GuardedButton } from "@/components/webhooks/guarded";
import { errorWords } from "@/components/webhooks/use-webhook-actions";
import type { AcceptedEvent } from "@/lib/contracts/events";
import type { Webhook } from "@/lib/contracts/webhooks";
import { useEmitEventMutation } from "@/store/events-api";

/** An event that this webhook gets, as a command to paste and as a button. */
export function EmitBox({ webhook }: { webhook: Webhook }) {
  const types = emittableTypes(webhook.event_types);
  const [first] = types;
  return (
    <Card>
      <CardHeader
        title="Emit an event"
        description="Every webhook of the project that is subscribed to its type gets it, this one included."
      />
      <CardBody>
        {first === undefined ? (
          <p className="text-ink-muted text-sm">
            This webhook is subscribed to no type that can be emitted. “Send test” reaches it all the same.
          </p>
        ) : (
          <EmitForm webhook={webhook} types={types} first={first} />
        )}
      </CardBody>
    </Card>
  );
}

function EmitForm({ webhook, types, first }: { webhook: Webhook; types: readonly string[]; first: string }) {
  const { can } = useProject();
  const origin = useHydrated() ? window.location.origin : "";
  const [chosen, setChosen] = useState(first);
  // The subscription can change while this is open.
  const type = types.includes(chosen) ? chosen : first;
  const [text, setText] = useState(() => exampleData(first));
  const [editing, setEditing] = useState(false);
  const parsed = parseData(text);
  const data = "data" in parsed ? parsed.data : null;
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <Field label="Event type" className="max-w-80">
        <Select
          value={type}
          onValueChange={(next) => {
            setChosen(next);
            setText(exampleData(next));
          }}
          options={types.map((name) => ({ value: name, label: name }))}
        />
      </Field>
      <Disclosure open={editing} onOpenChange={setEditing} title="Data" description="An example to begin with">
        <Field label="Data of the event" hideLabel error={"error" in parsed ? parsed.error : undefined}>
          <Textarea mono rows={6} value={text} spellCheck={false} onChange={(event) => setText(event.target.value)} />
        </Field>
      </Disclosure>
      {data === null ? null : (
        <div className="flex min-w-0 flex-col gap-1.5">
          <CodeBlock
            code={emitCommand({ origin, projectId: "default", type, data, fields: passingFields(webhook.filter) })}
            label="From your program or a terminal"
            copyLabel="Copy command"
          />
          <p className="max-w-prose text-ink-muted text-xs">
            Put an <ApiKeysLink /> with the scope “Emit events” into <code className="font-mono">DUMONT_API_KEY</code>{" "}
            first. <code className="font-mono">default</code> stands for the project that the key belongs to.
          </p>
        </div>
      )}
      <EmitHere webhook={webhook} type={type} data={data} mayEmit={can("events:write")} />
    </div>
  );
}

function ApiKeysLink() {
  return (
    <Link href="/app/settings/api-keys" className="font-medium text-accent hover:underline">
      API key
    </Link>
  );
}

type EmitHereProps = {
  webhook: Webhook;
  type: string;
  /** Null while what was typed is no JSON object. */
  data: Extract<ReturnType<typeof parseData>, { data: unknown }>["data"] | null;
  mayEmit: boolean;
};

function EmitHere({ webhook, type, data, mayEmit }: EmitHereProps) {
  const { project } = useProject();
  const [emit, { data: accepted, error, isLoading, reset }] = useEmitEventMutation();
  return (
    <div className="flex flex-col items-start gap-3 border-line border-t pt-4">
      <GuardedButton
        blocked={mayEmit ? undefined : "Your role can look at events but not emit them."}
        loading={isLoading}
        disabled={data === null}
        onClick={() => {
          if (data !== null)
            void emit({ projectId: project.id, body: { type, data, ...passingFields(webhook.filter) } });
        }}
      >
        <Send aria-hidden="true" />
        Emit from here
      </GuardedButton>
      {error ? (
        <Alert tone="danger" title="The event was not emitted" live onDismiss={reset}>
          {errorWords(error)}
        </Alert>
      ) : null}
      {accepted ? <Accepted event={accepted} webhook={webhook} /> : null}
    </div>
  );
}

/** Accepted means stored and queued; what came of it stands in the delivery. */
function Accepted({ event, webhook }: { event: AcceptedEvent; webhook: Webhook }) {
  const own = event.deliveries.find(({ webhook_id }) => webhook_id === webhook.id);
  const others = event.deliveries.length - (own ? 1 : 0);
  return (
    <p role="status" className="text-sm">
      {own ? (
        <>
          <span className="font-medium">{event.type}</span> is queued for this webhook:{" "}
          <Link href={deliveryHref(own.id)} className="font-medium text-accent hover:underline">
            follow its delivery
          </Link>
          .
        </>
      ) : (
        <>
          <span className="font-medium">{event.type}</span> is stored, but this webhook does not get it:{" "}
          {webhook.enabled ? "its filter lets this event pass by." : "it is disabled."}
        </>
      )}{" "}
      {others === 0 ? null : `${others} other ${others === 1 ? "webhook gets" : "webhooks get"} it as well.`}
    </p>
  );
}
