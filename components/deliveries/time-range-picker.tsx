"use client";
import { CalendarClock, ChevronDown } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { localOffset, offsetIn, setTimeZone, useOffset, useTimeZone } from "@/components/ui/time-zone";
import { useHydrated } from "@/components/ui/use-hydrated";
import {
  ANY_TIME,
  fromInput,
  parseRange,
  RANGE_PRESETS,
  rangeWords,
  type TimeRange,
  timeRangeWords,
  toInput,
  zoneWords,
} from "./time-range";

export type TimeRangePickerProps = {
  value: TimeRange;
  onChange: (range: TimeRange) => void;
  /** Controlled, for a key that opens it. */
  open?: boolean | undefined;
  onOpenChange?: ((open: boolean) => void) | undefined;
  className?: string | undefined;
};

/** When a delivery was created: a length of time back from now, or two moments. The trigger names the zone. */
export function TimeRangePicker({ value, onChange, className, ...controlled }: TimeRangePickerProps) {
  const [own, setOwn] = useState(false);
  const open = controlled.open ?? own;
  const setOpen = controlled.onOpenChange ?? setOwn;
  const zone = useTimeZone();
  const offsetAt = useOffset();
  const hydrated = useHydrated();
  const now = hydrated ? Date.now() : 0;
  const isAny = value.range === null && value.from === null && value.to === null;
  const choose = (range: TimeRange) => {
    onChange(range);
    setOpen(false);
  };
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button className={cn("max-w-full font-normal", className)} aria-keyshortcuts="t">
          <CalendarClock aria-hidden="true" className="text-ink-muted" />
          <span className={cn("min-w-0 truncate first-letter:uppercase", !isAny && "font-medium")}>
            {hydrated ? timeRangeWords(value, now, offsetAt) : "Time"}
          </span>
          <span className="shrink-0 text-ink-muted text-xs">{hydrated ? zoneWords(offsetAt(now)) : "UTC"}</span>
          <ChevronDown aria-hidden="true" className="ml-auto text-ink-faint" />
        </Button>
      </PopoverTrigger>
      <PopoverContent aria-label="Time range" className="w-80">
        <Presets value={value} isAny={isAny} onChoose={choose} />
        <TypedRange key={value.range} onChoose={choose} />
        <AbsoluteRange key={`${value.from} ${value.to} ${zone}`} value={value} onChoose={choose} />
        <ZoneSwitch now={now} />
      </PopoverContent>
    </Popover>
  );
}

type PartProps = { onChoose: (range: TimeRange) => void };

function Presets({ value, isAny, onChoose }: PartProps & { value: TimeRange; isAny: boolean }) {
  return (
    <fieldset className="grid grid-cols-2 gap-1">
      <legend className="sr-only">Ranges up to now</legend>
      <Preset label="Any time" chosen={isAny} onPress={() => onChoose(ANY_TIME)} />
      {RANGE_PRESETS.map((range) => (
        <Preset
          key={range}
          label={rangeWords(range)}
          chosen={value.range === range}
          onPress={() => onChoose({ ...ANY_TIME, range })}
        />
      ))}
    </fieldset>
  );
}

type PresetProps = { label: string; chosen: boolean; onPress: () => void };

function Preset({ label, chosen, onPress }: PresetProps) {
  return (
    <Button
      variant="ghost"
      size="sm"
      aria-pressed={chosen}
      onClick={onPress}
      className="justify-start aria-pressed:bg-accent-soft aria-pressed:text-accent-ink"
    >
      <span className="first-letter:uppercase">{label}</span>
    </Button>
  );
}

function TypedRange({ onChoose }: PartProps) {
  const [text, setText] = useState("");
  const [error, setError] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const range = parseRange(text);
    if (range === null) setError('Enter a length such as "90m", "36h" or "10 days".');
    else onChoose({ ...ANY_TIME, range });
  };
  return (
    <form onSubmit={submit} className="mt-3 border-line border-t pt-3" noValidate>
      <Field label="Last" error={error}>
        <div className="flex gap-2">
          <Input
            value={text}
            placeholder="90m, 36h, 10d"
            autoComplete="off"
            onChange={(event) => {
              setText(event.target.value);
              setError("");
            }}
          />
          <Button type="submit">Apply</Button>
        </div>
      </Field>
    </form>
  );
}

function AbsoluteRange({ value, onChoose }: PartProps & { value: TimeRange }) {
  const zone = useTimeZone();
  const [from, setFrom] = useState(() => toInput(value.from, offsetIn(zone)));
  const [to, setTo] = useState(() => toInput(value.to, offsetIn(zone)));
  const [error, setError] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const range = { range: null, from: fromInput(from, zone), to: fromInput(to, zone) };
    if (range.from === null && range.to === null) setError("Enter at least one of the two times.");
    else if (range.from !== null && range.to !== null && range.from >= range.to) {
      setError("The end must be later than the beginning.");
    } else onChoose(range);
  };
  const change = (set: (text: string) => void) => (event: { target: { value: string } }) => {
    set(event.target.value);
    setError("");
  };
  return (
    <form onSubmit={submit} className="mt-3 flex flex-col gap-3 border-line border-t pt-3" noValidate>
      <Field label="From" aside="included">
        <Input type="datetime-local" step={1} value={from} onChange={change(setFrom)} />
      </Field>
      <Field label="To" aside="excluded" error={error}>
        <Input type="datetime-local" step={1} value={to} onChange={change(setTo)} />
      </Field>
      <Button type="submit" className="self-end">
        Apply
      </Button>
    </form>
  );
}

/** One choice for every time in the console, not for this filter alone. */
function ZoneSwitch({ now }: { now: number }) {
  const zone = useTimeZone();
  const local = zoneWords(localOffset(now));
  return (
    <fieldset className="mt-3 flex items-center justify-between gap-2 border-line border-t pt-3">
      <legend className="sr-only">Zone of all times in the console</legend>
      <span aria-hidden="true" className="text-ink-muted text-xs">
        Show times in
      </span>
      <div className="flex gap-1">
        <Preset label={`Local (${local})`} chosen={zone === "local"} onPress={() => setTimeZone("local")} />
        <Preset label="UTC" chosen={zone === "utc"} onPress={() => setTimeZone("utc")} />
      </div>
    </fieldset>
  );
}
