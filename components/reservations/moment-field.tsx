"use client";
import type { Ref } from "react";
import { Button } from "@/components/ui/button";
import { Fieldset } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { clockWords, momentWords } from "./time-words";
import { offsetText, readMoment, type WallFields } from "./wall-fields";

export type MomentFieldProps = {
  /** "Start": names the group, and its parts "Start date" and "Start time". */
  label: string;
  value: WallFields;
  onChange: (value: WallFields) => void;
  onBlur?: (() => void) | undefined;
  zone: string;
  hint?: string | undefined;
  error?: string | undefined;
  disabled?: boolean | undefined;
  /** Both may be left empty. */
  optional?: boolean | undefined;
  /** The date's field: what gets the focus when the moment is wrong. */
  ref?: Ref<HTMLInputElement> | undefined;
};

/**
 * A date and a time by the clock of a zone, with what that is in UTC. A time that the clock skips is mended with one
 * press; of a time that it shows twice, one is chosen.
 */
export function MomentField({
  label,
  value,
  onChange,
  onBlur,
  zone,
  hint,
  error,
  disabled,
  optional = false,
  ref,
}: MomentFieldProps) {
  const reading = readMoment(value, zone);
  const isTold = reading.kind === "nonexistent" || reading.kind === "ambiguous";
  const shown = isTold ? reading.message : error;
  const change = (part: Partial<WallFields>) => onChange({ ...value, ...part, which: "" });
  return (
    <Fieldset
      legend={
        <>
          {label}
          {optional ? <span className="ml-1.5 font-normal text-ink-muted">optional</span> : null}
        </>
      }
      error={shown}
      hint={hint}
    >
      <div className="grid grid-cols-[minmax(0,8fr)_minmax(0,7fr)] gap-2">
        <Input
          ref={ref}
          type="date"
          aria-label={`${label} date`}
          aria-invalid={shown === undefined ? undefined : true}
          required={!optional}
          min="2000-01-01"
          max="2200-01-01"
          value={value.date}
          disabled={disabled}
          onChange={(event) => change({ date: event.target.value })}
          onBlur={onBlur}
        />
        <Input
          type="time"
          aria-label={`${label} time`}
          aria-invalid={shown === undefined ? undefined : true}
          required={!optional}
          value={value.time}
          disabled={disabled}
          onChange={(event) => change({ time: event.target.value.slice(0, 5) })}
          onBlur={onBlur}
        />
      </div>
      {reading.kind === "moment" && zone !== "UTC" ? (
        <p className="text-ink-muted text-xs tabular-nums">
          {offsetText(zone, reading.at)} · {momentWords(reading.at, "UTC")} UTC
        </p>
      ) : null}
      {reading.kind === "nonexistent" ? (
        <Button size="sm" className="self-start" onClick={() => onChange(reading.mend)}>
          Use {reading.mend.date === value.date ? reading.mend.time : `${reading.mend.date} ${reading.mend.time}`}
        </Button>
      ) : null}
      {isTwice(value, zone) ? <WhichOne label={label} value={value} onChange={onChange} zone={zone} /> : null}
    </Fieldset>
  );
}

type WhichOneProps = Pick<MomentFieldProps, "label" | "value" | "onChange" | "zone">;

function WhichOne({ label, value, onChange, zone }: WhichOneProps) {
  const reading = readMoment({ ...value, which: "" }, zone);
  if (reading.kind !== "ambiguous") return null;
  const word = (at: number) => `${clockWords(at, zone)} ${offsetText(zone, at)}`;
  return (
    <Segmented
      label={`${label}: which ${value.time}`}
      value={value.which}
      options={[
        { value: "first", label: word(reading.first), description: `The first ${word(reading.first)}` },
        { value: "second", label: word(reading.second), description: `The second ${word(reading.second)}` },
      ]}
      onValueChange={(which) => onChange({ ...value, which })}
      className="self-start"
    />
  );
}

function isTwice(value: WallFields, zone: string): boolean {
  return readMoment({ ...value, which: "" }, zone).kind === "ambiguous";
}
