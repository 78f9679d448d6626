"use client";
import { CheckboxField } from "@/components/ui/checkbox";
import { Field, Fieldset } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { RadioGroup, RadioItem } from "@/components/ui/radio-group";
import { Select } from "@/components/ui/select";
import { SERIES_LIMITS, WEEKDAYS, type Weekday } from "@/lib/contracts/series";
import type { RepeatErrors, RepeatValues } from "./series-values";
import { WEEKDAY_WORDS } from "./words";

export type RepeatFieldsProps = {
  values: RepeatValues;
  onChange: (part: Partial<RepeatValues>) => void;
  errors: RepeatErrors;
  zone: string;
  /** Of the first start, as far as it is clear. */
  startDay: Weekday | null;
};

/** How often, on which days, until when, and by which clock. */
export function RepeatFields({ values, onChange, errors, zone, startDay }: RepeatFieldsProps) {
  const unit = values.frequency === "daily" ? "days" : "weeks";
  return (
    <div className="flex flex-col gap-5">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Repeat">
          <Select
            value={values.frequency}
            onValueChange={(frequency) => onChange({ frequency: frequency === "daily" ? "daily" : "weekly" })}
            options={[
              { value: "daily", label: "Daily" },
              { value: "weekly", label: "Weekly" },
            ]}
          />
        </Field>
        <Field label={`Every so many ${unit}`} error={errors.interval} required>
          <Input
            type="number"
            inputMode="numeric"
            min={1}
            max={SERIES_LIMITS.interval}
            value={values.interval}
            onChange={(event) => onChange({ interval: event.target.value })}
          />
        </Field>
      </div>
      {values.frequency === "weekly" ? (
        <Fieldset
          legend="On"
          hint={`If none is chosen: ${startDay === null ? "the weekday" : WEEKDAY_WORDS[startDay].long}, as the first start.`}
          error={errors.weekdays}
        >
          <div className="flex flex-wrap gap-x-5 gap-y-2">
            {WEEKDAYS.map((day) => (
              <CheckboxField
                key={day}
                label={WEEKDAY_WORDS[day].short}
                aria-label={WEEKDAY_WORDS[day].long}
                checked={values.weekdays.includes(day)}
                onCheckedChange={(checked) =>
                  onChange({
                    weekdays:
                      checked === true ? [...values.weekdays, day] : values.weekdays.filter((other) => other !== day),
                  })
                }
              />
            ))}
          </div>
        </Fieldset>
      ) : null}
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field label="Ends">
          <Select
            value={values.ends}
            onValueChange={(ends) => onChange({ ends: ends === "until" ? "until" : "count" })}
            options={[
              { value: "count", label: "After so many times" },
              { value: "until", label: "After a day" },
            ]}
          />
        </Field>
        {values.ends === "count" ? (
          <Field label="Times" error={errors.count} required>
            <Input
              type="number"
              inputMode="numeric"
              min={1}
              max={SERIES_LIMITS.occurrences}
              value={values.count}
              onChange={(event) => onChange({ count: event.target.value })}
            />
          </Field>
        ) : (
          <Field label="Last day" error={errors.until} required>
            <Input type="date" value={values.until} onChange={(event) => onChange({ until: event.target.value })} />
          </Field>
        )}
      </div>
      {zone === "UTC" ? null : (
        <Fieldset legend="When clocks are changed">
          <RadioGroup
            value={values.anchor}
            onValueChange={(anchor) => onChange({ anchor: anchor === "utc" ? "utc" : "wall_clock" })}
          >
            <RadioItem
              value="wall_clock"
              label={`Keep the time by the clocks of ${zone}`}
              description="The time in UTC moves. All occurrences last equally long."
            />
            <RadioItem value="utc" label="Keep the time in UTC" description="The time by the clocks moves." />
          </RadioGroup>
        </Fieldset>
      )}
      <CheckboxField
        label="Leave out what cannot be booked"
        description="Otherwise it is all of them or none."
        checked={values.skipConflicts}
        onCheckedChange={(checked) => onChange({ skipConflicts: checked === true })}
      />
    </div>
  );
}
