"use client";
import { type FormEvent, useState } from "react";
import { MomentField } from "@/components/reservations/moment-field";
import { useReaderZone } from "@/components/reservations/use-reader-zone";
import { fieldsAt, NO_MOMENT, readMoment, type WallFields } from "@/components/reservations/wall-fields";
import { ZoneField } from "@/components/reservations/zone-field";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { CheckboxField } from "@/components/ui/checkbox";
import { DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field, Fieldset } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import type { PoolNode } from "@/lib/contracts/fleet";
import type { Moved } from "@/lib/contracts/fleet-admin";
import { createMaintenanceBody } from "@/lib/contracts/maintenance";
import { type describeError, fieldErrors } from "@/store/api-error";
import type { NewMaintenance } from "@/store/fleet-api";
import { Refused } from "./refused";
import { countWords, movedWords } from "./words";

type Failure = Parameters<typeof describeError>[0];
type Answer = { data?: (Moved & { reserve_left: number }) | undefined; error?: Failure };

type MaintenanceFormProps = {
  /** To choose from; absent: what it is about stays. */
  nodes?: readonly PoolNode[];
  /** GPUs that the pool keeps for failures. */
  reserve?: number;
  initial: { nodeIds?: readonly string[] | null; startsAt?: string; endsAt?: string; reason?: string };
  startFixed?: boolean;
  check: (body: NewMaintenance) => Promise<Answer>;
  commit: (body: NewMaintenance) => Promise<Answer>;
  commitLabel: string;
};

type Values = {
  reason: string;
  nodeIds: readonly string[] | null;
  begins: "now" | "at";
  start: WallFields;
  end: WallFields;
};

/** What has been found out about the values as they stand; any change of them makes it void. */
type Found = { values: Values; answer: Answer } | null;

/** What maintenance is about and when; checked first and confirmed then. */
export function MaintenanceForm({
  nodes,
  reserve = 0,
  initial,
  startFixed = false,
  check,
  commit,
  commitLabel,
}: MaintenanceFormProps) {
  const readerZone = useReaderZone();
  const [zone, setZone] = useState(readerZone);
  const [values, setValues] = useState<Values>(() => ({
    reason: initial.reason ?? "",
    nodeIds: initial.nodeIds ?? null,
    begins: "at",
    start: initial.startsAt === undefined ? NO_MOMENT : fieldsAt(Date.parse(initial.startsAt), readerZone),
    end: initial.endsAt === undefined ? NO_MOMENT : fieldsAt(Date.parse(initial.endsAt), readerZone),
  }));
  const [found, setFound] = useState<Found>(null);
  const [submitted, setSubmitted] = useState(false);
  const [busy, setBusy] = useState(false);
  const change = (part: Partial<Values>) => setValues((last) => ({ ...last, ...part }));
  const reading = readBody(values, zone, startFixed, initial.startsAt);
  const answer = found?.values === values ? found.answer : undefined;
  const refused = fieldErrors(answer?.error);
  const errorOf = (field: string) =>
    (submitted ? reading.errors.get(field) : undefined) ??
    refused.find((error) => error.field === field || error.field.startsWith(`${field}[`))?.message;

  const ask = async (event: FormEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (!reading.body || busy) return;
    setBusy(true);
    const act = answer?.data ? commit : check;
    setFound({ values, answer: await act(reading.body) });
    setBusy(false);
  };
  const moveZone = (next: string) => {
    const moved = (fields: WallFields) => {
      const moment = readMoment(fields, zone);
      return moment.kind === "moment" ? fieldsAt(moment.at, next) : fields;
    };
    change({ start: moved(values.start), end: moved(values.end) });
    setZone(next);
  };

  return (
    <form onSubmit={ask} className="contents" noValidate>
      <DialogBody>
        <Field label="What for" hint="People see it in the calendar." error={errorOf("reason")} required>
          <Input
            value={values.reason}
            onChange={(event) => change({ reason: event.target.value })}
            autoComplete="off"
          />
        </Field>
        {nodes ? (
          <WhichGpus
            nodes={nodes}
            chosen={values.nodeIds}
            onChange={(nodeIds) => change({ nodeIds })}
            error={errorOf("node_ids")}
          />
        ) : null}
        <ZoneField zone={zone} onZone={moveZone} at={Date.now()} />
        {startFixed ? null : (
          <>
            {initial.startsAt === undefined ? (
              <Segmented
                label="Begins"
                value={values.begins}
                options={[
                  { value: "at", label: "Begins at a time" },
                  { value: "now", label: "Begins now" },
                ]}
                onValueChange={(begins) => change({ begins })}
                className="self-start"
              />
            ) : null}
            {values.begins === "now" ? null : (
              <MomentField
                label="Start"
                value={values.start}
                onChange={(start) => change({ start })}
                zone={zone}
                error={errorOf("starts_at")}
              />
            )}
          </>
        )}
        <MomentField
          label="End"
          value={values.end}
          onChange={(end) => change({ end })}
          zone={zone}
          error={errorOf("ends_at")}
        />
        {answer?.data ? <Result answer={answer.data} reserve={reserve} /> : null}
        {answer?.error && refused.length === 0 ? <Refused error={answer.error} /> : null}
      </DialogBody>
      <DialogFooter>
        <DialogClose>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" loading={busy}>
          {answer?.data ? commitLabel : "Check"}
        </Button>
      </DialogFooter>
    </form>
  );
}

function Result({ answer, reserve }: { answer: NonNullable<Answer["data"]>; reserve: number }) {
  const short = answer.reserve_left < reserve;
  return (
    <Alert tone={short ? "caution" : answer.moved === 0 ? "positive" : "info"} live title="It can be done">
      {movedWords(answer.moved)}
      {short
        ? ` Meanwhile ${answer.reserve_left} of the ${countWords(reserve, "GPU")} in reserve ${answer.reserve_left === 1 ? "is" : "are"} free.`
        : ""}
    </Alert>
  );
}

type WhichGpusProps = {
  nodes: readonly PoolNode[];
  chosen: readonly string[] | null;
  onChange: (chosen: readonly string[] | null) => void;
  error: string | undefined;
};

function WhichGpus({ nodes, chosen, onChange, error }: WhichGpusProps) {
  return (
    <>
      <Segmented
        label="Which GPUs"
        value={chosen === null ? "all" : "some"}
        options={[
          { value: "all", label: "Whole pool" },
          { value: "some", label: "Some nodes" },
        ]}
        onValueChange={(value) => onChange(value === "all" ? null : [])}
        className="self-start"
      />
      {chosen === null ? null : (
        <Fieldset legend="Nodes" error={error}>
          <div className="flex max-h-48 flex-col gap-1 overflow-y-auto rounded-md border border-line p-2.5">
            {nodes.map((node) => (
              <CheckboxField
                key={node.id}
                label={
                  <>
                    {node.name} <span className="text-ink-muted">· {countWords(node.units.length, "GPU")}</span>
                  </>
                }
                checked={chosen.includes(node.id)}
                onCheckedChange={(checked) =>
                  onChange(checked === true ? [...chosen, node.id] : chosen.filter((id) => id !== node.id))
                }
              />
            ))}
          </div>
        </Fieldset>
      )}
    </>
  );
}

/** The body by the contract, or what is wrong with which field. */
function readBody(
  values: Values,
  zone: string,
  startFixed: boolean,
  initialStart: string | undefined,
): { body: NewMaintenance | null; errors: Map<string, string> } {
  const errors = new Map<string, string>();
  const momentOf = (field: string, fields: WallFields) => {
    const moment = readMoment(fields, zone);
    if (moment.kind === "moment") return new Date(moment.at).toISOString();
    errors.set(field, moment.message);
    return undefined;
  };
  const asked = !startFixed && values.begins === "at";
  const typed = asked ? momentOf("starts_at", values.start) : undefined;
  // The fields show whole minutes: what was not touched keeps its seconds.
  const starts_at =
    typed !== undefined && initialStart !== undefined && sameMinute(typed, initialStart) ? initialStart : typed;
  const ends_at = momentOf("ends_at", values.end);
  const parsed = createMaintenanceBody.safeParse({
    reason: values.reason,
    ends_at,
    ...(starts_at !== undefined && { starts_at }),
    ...(values.nodeIds !== null && { node_ids: values.nodeIds }),
  });
  for (const issue of parsed.error?.issues ?? []) {
    const field = String(issue.path[0] ?? "");
    if (!errors.has(field)) errors.set(field, issue.message);
  }
  if (starts_at !== undefined && ends_at !== undefined && Date.parse(ends_at) <= Date.parse(starts_at)) {
    errors.set("ends_at", "It has to end after it begins.");
  }
  if (errors.size > 0 || !parsed.data) return { body: null, errors };
  const { dry_run: _, ...body } = parsed.data;
  return { body, errors };
}

function sameMinute(a: string, b: string): boolean {
  return Math.floor(Date.parse(a) / 60_000) === Math.floor(Date.parse(b) / 60_000);
}
