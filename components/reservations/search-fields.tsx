"use client";
import { Sparkles } from "lucide-react";
import { useEffect, useRef } from "react";
import { Field, Fieldset } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { BOOKING_LIMITS } from "@/lib/contracts/availability";
import { MomentField } from "./moment-field";
import { PlaceField } from "./place-field";
import { readSearchText } from "./search-text-values";
import type { SearchErrors, SearchValues } from "./search-values";
import type { World } from "./use-booking-world";
import { momentOf } from "./wall-fields";
import { ZoneField } from "./zone-field";

export type SearchFieldsProps = {
  world: World;
  text: string;
  onText: (text: string) => void;
  values: SearchValues;
  onValues: (values: SearchValues) => void;
  errors: SearchErrors;
  zone: string;
  onZone: (zone: string) => void;
};

/** What is looked for: in one's own words, and as fields that show what was understood and can be set by hand. */
export function SearchFields({ world, text, onText, values, onValues, errors, zone, onZone }: SearchFieldsProps) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const set = (part: Partial<SearchValues>) => onValues({ ...values, ...part });
  const reading = text.trim() === "" ? null : readSearchText(text, { zone, ...world, now: new Date() });
  const at = momentOf(values.not_before, zone) ?? momentOf(values.finish_by, zone) ?? Date.now();
  return (
    <div className="flex flex-col gap-4">
      <Field
        label="What do you need?"
        hint="For example: 8 H100 for 72 hours, any time before 1 December, one node if possible"
        error={reading === null || reading.unread.length === 0 ? undefined : notUnderstood(reading.unread)}
      >
        <Input
          ref={field}
          value={text}
          maxLength={300}
          autoComplete="off"
          prefix={<Sparkles aria-hidden="true" />}
          onChange={(event) => {
            const next = event.target.value;
            onText(next);
            onValues({ ...values, ...readSearchText(next, { zone, ...world, now: new Date() }).fields });
          }}
        />
      </Field>
      <Fieldset legend="Understood as" className="rounded-lg border border-line p-4">
        <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
          <Field label="GPUs" error={errors.gpu_count} required>
            <Input
              type="number"
              inputMode="numeric"
              min={1}
              max={BOOKING_LIMITS.gpus}
              value={values.gpu_count}
              onChange={(event) => set({ gpu_count: event.target.value })}
            />
          </Field>
          <PlaceField
            label="Where"
            any
            pools={world.pools}
            types={world.types}
            value={values.place}
            onChange={(place) => set({ place })}
            error={errors.place}
          />
          <Field label="For how long" error={errors.length} required>
            <Input
              inputMode="decimal"
              autoComplete="off"
              value={values.length}
              onChange={(event) => set({ length: event.target.value })}
            />
          </Field>
          <div className="flex items-end pb-0.5">
            <Segmented
              label="Unit of the length"
              value={values.unit}
              options={[
                { value: "hours", label: "hours" },
                { value: "days", label: "days" },
              ]}
              onValueChange={(unit) => set({ unit })}
            />
          </div>
          <div className="sm:col-span-2">
            <MomentField
              label="Not before"
              optional
              zone={zone}
              hint="Empty: from now on."
              error={errors.not_before}
              value={values.not_before}
              onChange={(not_before) => set({ not_before })}
            />
          </div>
          <div className="sm:col-span-2">
            <MomentField
              label="Done by"
              optional
              zone={zone}
              hint="Empty: as far ahead as can be booked."
              error={errors.finish_by}
              value={values.finish_by}
              onChange={(finish_by) => set({ finish_by })}
            />
          </div>
          <Field label="Machines" error={errors.topology} className="sm:col-span-2">
            <Select
              value={values.topology}
              options={[
                { value: "any", label: "Any" },
                { value: "prefer_single_node", label: "One machine if possible" },
                { value: "single_node", label: "All on one machine" },
              ]}
              onValueChange={(topology) => set({ topology: topology as SearchValues["topology"] })}
            />
          </Field>
          <div className="flex items-end sm:col-span-2">
            <ZoneField zone={zone} onZone={onZone} at={at} />
          </div>
        </div>
      </Fieldset>
    </div>
  );
}

function notUnderstood(words: readonly string[]): string {
  return `Not understood: ${words.map((word) => `“${word}”`).join(", ")}. Set it below.`;
}
