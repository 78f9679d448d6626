"use client";
import Link from "next/link";
import { deliveriesHref } from "@/components/deliveries/links";
import { useProject } from "@/components/shell/project-context";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code-block";
import { JsonView } from "@/components/ui/json-view";
import { useHydrated } from "@/components/ui/use-hydrated";
import { type EventTypeInfo, isEmittableType } from "@/lib/contracts/event-types";
import { emitCommand } from "./emit-curl";

const API_KEYS = "/app/settings/api-keys";

const NOT_EMITTED: Readonly<Record<string, string>> = {
  "webhook.test": "Only the test button of a webhook sends this type, and only to that webhook.",
  "artifact.published": "Publishing an artifact sends this type.",
};

/** One event type: meaning, command, example and schema. */
export function EventTypeCard({ info }: { info: EventTypeInfo }) {
  const { project, can } = useProject();
  const hydrated = useHydrated();
  const origin = hydrated ? window.location.origin : "";
  return (
    <Card>
      <CardHeader
        title={<span className="font-mono">{info.type}</span>}
        description={info.description}
        actions={
          <Button asChild size="sm">
            <Link href={deliveriesHref({ event_type: info.type })}>Deliveries of this type</Link>
          </Button>
        }
      />
      <CardBody className="flex flex-col gap-6">
        <section className="flex flex-col gap-2">
          <h3 className="font-medium text-sm">Emit it</h3>
          {isEmittableType(info.type) ? (
            <>
              <CodeBlock
                label="Shell"
                code={emitCommand({ origin, projectId: project.id, type: info.type, data: info.example })}
                copyLabel="Copy curl command"
              />
              <p className="text-ink-muted text-xs">
                Reads the key from <code className="font-mono">DUMONT_API_KEY</code>.{" "}
                {can("keys:manage") ? (
                  <Link href={API_KEYS} className="text-accent underline underline-offset-4 hover:text-accent-hover">
                    Create an API key
                  </Link>
                ) : (
                  "An admin of the project can create one."
                )}
              </p>
            </>
          ) : (
            <Alert>{NOT_EMITTED[info.type] ?? "Dumont itself sends this type, about its deliveries."}</Alert>
          )}
        </section>
        <section className="flex flex-col gap-2">
          <h3 className="font-medium text-sm">Example of data</h3>
          <JsonView text={JSON.stringify(info.example, null, 2)} label="Example" />
        </section>
        <section className="flex flex-col gap-2">
          <h3 className="font-medium text-sm">JSON Schema of data</h3>
          <JsonView text={JSON.stringify(info.json_schema, null, 2)} label="Schema" />
        </section>
      </CardBody>
    </Card>
  );
}
