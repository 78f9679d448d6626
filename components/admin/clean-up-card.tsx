"use client";
import { type FormEvent, useState } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { formatNumber } from "@/components/ui/format";
import { Input } from "@/components/ui/input";
import { Timestamp } from "@/components/ui/timestamp";
import { toast } from "@/components/ui/toast";
import { errorWords } from "@/components/webhooks/use-webhook-actions";
import { ADMIN_LIMITS } from "@/lib/contracts/admin";
import { useCleanUpMutation } from "@/store/admin-api";
import { useStatus } from "./use-status";

type Counted = { days: number; before: string; events: number };

/** Removes old events with their deliveries: first counted, then asked, then done. */
export function CleanUpCard() {
  const { data: status } = useStatus();
  const [typed, setTyped] = useState<string | null>(null);
  const [counted, setCounted] = useState<Counted | null>(null);
  const [cleanUp, { isLoading, error, reset }] = useCleanUpMutation();
  const text = typed ?? String(status?.retention_days ?? "");
  const days = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  const valid = days >= ADMIN_LIMITS.leastDays && days <= ADMIN_LIMITS.mostDays;

  const count = async (event: FormEvent) => {
    event.preventDefault();
    if (!valid) return;
    setCounted(null);
    const { data } = await cleanUp({ days, dry_run: "true" });
    if (data) setCounted({ days: data.days, before: data.before, events: data.removed.events ?? 0 });
  };

  return (
    <Card>
      <CardHeader
        title="Clean-up"
        description={`Every day at 03:00 UTC, what is older than ${status?.retention_days ?? "…"} days is removed. Here it is done now.`}
      />
      <CardBody className="flex flex-col gap-4">
        <form onSubmit={count} noValidate className="flex flex-wrap items-start gap-3">
          <Field
            label="Remove what is older than, in days"
            error={
              text === "" || valid
                ? undefined
                : `A whole number from ${ADMIN_LIMITS.leastDays} to ${formatNumber(ADMIN_LIMITS.mostDays)}`
            }
            className="w-60"
          >
            <Input
              inputMode="numeric"
              value={text}
              onChange={(event) => {
                setTyped(event.target.value);
                setCounted(null);
                reset();
              }}
            />
          </Field>
          <Button type="submit" loading={isLoading} disabled={!valid} className="sm:mt-[1.625rem]">
            Count first
          </Button>
        </form>
        {error ? (
          <Alert tone="danger" live>
            {errorWords(error)}
          </Alert>
        ) : null}
        {counted ? <Result counted={counted} onDone={() => setCounted(null)} /> : null}
      </CardBody>
    </Card>
  );
}

function Result({ counted: { days, before, events }, onDone }: { counted: Counted; onDone: () => void }) {
  const [cleanUp] = useCleanUpMutation();
  if (events === 0) {
    return (
      <p role="status" className="text-ink-muted text-sm">
        No event is older than {days === 1 ? "1 day" : `${formatNumber(days)} days`}, except those with deliveries that
        have not ended.
      </p>
    );
  }
  const amount = events === 1 ? "1 event" : `${formatNumber(events)} events`;
  return (
    <Alert
      tone="caution"
      live
      title={`${amount} would be removed`}
      actions={
        <ConfirmDialog
          trigger={
            <Button size="sm" variant="danger">
              Remove {amount}…
            </Button>
          }
          title={`Remove ${amount}?`}
          description="They go with their deliveries and attempts, in every project, and cannot be shown or sent again. This cannot be undone."
          confirmLabel={`Remove ${amount}`}
          typeToConfirm="remove"
          onConfirm={async () => {
            const { removed } = await cleanUp({ days }).unwrap();
            toast.success(`${formatNumber(removed.events ?? 0)} events were removed`);
            onDone();
          }}
          describeError={errorWords}
        />
      }
    >
      Everything from before <Timestamp value={before} date="always" />, of all projects. Events with a delivery that
      has not ended stay.
    </Alert>
  );
}
