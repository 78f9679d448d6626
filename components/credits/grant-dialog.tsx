"use client";
import { type FormEvent, useState } from "react";
import { creditsWords } from "@/components/reservations/money-words";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { KeyValue, KeyValueList } from "@/components/ui/key-value";
import { Select } from "@/components/ui/select";
import { toast } from "@/components/ui/toast";
import {
  ADMIN_SOURCES,
  type AdminCredits,
  CREDIT_LIMITS,
  type createGrant,
  createGrantBody,
} from "@/lib/contracts/credits";
import type { BodyInput } from "@/lib/contracts/operation";
import { describeError } from "@/store/api-error";
import { attemptKeys } from "@/store/attempt-keys";
import { useCreateGrantMutation } from "@/store/credits-api";
import { parseCredits } from "./amount";
import { TwoZones } from "./two-zones";
import { SOURCE_WORDS } from "./words";

type Values = { source: (typeof ADMIN_SOURCES)[number]; amount: string; day: string; priority: string; note: string };
type Mistakes = Partial<Record<keyof Values, string>>;
type GrantBody = BodyInput<typeof createGrant>;

const EMPTY: Values = { source: "purchase", amount: "", day: "", priority: "50", note: "" };

/** Grants credits to a project: a form, and the whole of it once more before it is done. */
export function GrantDialog({ project }: { project: AdminCredits["project"] }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button size="sm" variant="primary" aria-label={`Grant credits to ${project.name}`}>
          Grant credits
        </Button>
      }
      title={`Grant credits to ${project.name}`}
      description="The project can spend them at once."
    >
      <GrantForm project={project} onDone={() => setOpen(false)} />
    </Dialog>
  );
}

/** Mounted anew each time the dialog opens. */
function GrantForm({ project, onDone }: { project: AdminCredits["project"]; onDone: () => void }) {
  const [values, setValues] = useState(EMPTY);
  const [mistakes, setMistakes] = useState<Mistakes>({});
  const [body, setBody] = useState<GrantBody | null>(null);
  const [keys] = useState(attemptKeys);
  const [grant, granting] = useCreateGrantMutation();
  const change = (changes: Partial<Values>) => setValues((before) => ({ ...before, ...changes }));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (granting.isLoading) return;
    if (body === null) {
      const checked = check(values);
      setMistakes(checked.mistakes);
      setBody(checked.body);
      return;
    }
    const { data } = await grant({ projectId: project.id, body, idempotencyKey: keys.keyOf(body) });
    if (!data) return;
    toast.success(`Granted ${creditsWords(data.amount_micros)} to ${project.name}`);
    onDone();
  };
  return (
    <form onSubmit={submit} noValidate className="contents">
      <DialogBody>
        {granting.error === undefined ? null : (
          <Alert tone="danger" live title={describeError(granting.error).title}>
            {describeError(granting.error).detail}
          </Alert>
        )}
        {body === null ? <Fields values={values} mistakes={mistakes} change={change} /> : <Review body={body} />}
      </DialogBody>
      <DialogFooter>
        {body === null ? (
          <DialogClose>
            <Button>Cancel</Button>
          </DialogClose>
        ) : (
          <Button
            disabled={granting.isLoading}
            onClick={() => {
              granting.reset();
              setBody(null);
            }}
          >
            Back
          </Button>
        )}
        <Button type="submit" variant="primary" loading={granting.isLoading}>
          {body === null ? "Review" : `Grant ${creditsWords(body.amount_micros)}`}
        </Button>
      </DialogFooter>
    </form>
  );
}

type FieldsProps = { values: Values; mistakes: Mistakes; change: (changes: Partial<Values>) => void };

function Fields({ values, mistakes, change }: FieldsProps) {
  return (
    <>
      <Field label="Source" required>
        <Select
          options={ADMIN_SOURCES.map((source) => ({ value: source, label: SOURCE_WORDS[source] }))}
          value={values.source}
          onValueChange={(value) => change({ source: ADMIN_SOURCES.find((source) => source === value) ?? "purchase" })}
        />
      </Field>
      <Field label="Credits" error={mistakes.amount} required>
        <Input
          inputMode="decimal"
          autoComplete="off"
          value={values.amount}
          onChange={(event) => change({ amount: event.target.value })}
        />
      </Field>
      <Field
        label="Good until"
        hint="From the beginning of this day, at 00:00 UTC, they are no longer good. Empty: they never run out."
        error={mistakes.day}
        optional
      >
        <Input type="date" value={values.day} onChange={(event) => change({ day: event.target.value })} />
      </Field>
      <Field label="Priority" hint="From 0 to 100; lower is used first." error={mistakes.priority}>
        <Input
          inputMode="numeric"
          autoComplete="off"
          value={values.priority}
          onChange={(event) => change({ priority: event.target.value })}
        />
      </Field>
      <Field label="Note" hint="Stands in the project's ledger." optional>
        <Input
          autoComplete="off"
          maxLength={CREDIT_LIMITS.noteLength}
          value={values.note}
          onChange={(event) => change({ note: event.target.value })}
        />
      </Field>
    </>
  );
}

function Review({ body }: { body: GrantBody }) {
  return (
    <>
      <p className="text-ink text-sm">Grant these credits? They are in the project's ledger for good.</p>
      <KeyValueList>
        <KeyValue label="Credits">{creditsWords(body.amount_micros)}</KeyValue>
        <KeyValue label="Source">{SOURCE_WORDS[body.source]}</KeyValue>
        <KeyValue label="Good until">
          {body.expires_at ? <TwoZones value={body.expires_at} /> : "They never run out"}
        </KeyValue>
        <KeyValue label="Priority">{body.priority}</KeyValue>
        {body.note ? <KeyValue label="Note">{body.note}</KeyValue> : null}
      </KeyValueList>
    </>
  );
}

function check({ source, amount, day, priority, note }: Values): { mistakes: Mistakes; body: GrantBody | null } {
  const amountMicros = parseCredits(amount);
  const end = day === "" ? null : Date.parse(`${day}T00:00:00Z`);
  const mistakes: Mistakes = {
    ...(amountMicros === null ? { amount: "Enter more than 0 as a number such as 500 or 12.5." } : {}),
    ...(end !== null && !(end > Date.now()) ? { day: "Choose a day that has not begun yet, by UTC." } : {}),
    ...(/^\d{1,3}$/.test(priority.trim()) && Number(priority) <= 100
      ? {}
      : { priority: "Enter a whole number from 0 to 100." }),
  };
  if (amountMicros === null || Object.keys(mistakes).length > 0) return { mistakes, body: null };
  const body = createGrantBody.parse({
    source,
    amount_micros: amountMicros,
    expires_at: end === null ? null : new Date(end).toISOString(),
    priority: Number(priority),
    note,
  });
  return { mistakes, body };
}
