"use client";
import { Sparkles } from "lucide-react";
import { useEffect, useRef } from "react";
import { Field, Fieldset } from "@/components/ui/field";
import { formatNumber } from "@/components/ui/format";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { BOOKING_LIMITS } from "@/lib/contracts/availability";
import { MomentField } from "./moment-field";
import { poolWords } from "./place-field";
import { readSearchText, withText } from "./search-text-values";
import { ANY, type SearchErrors, type SearchValues } from "./search-values";
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
  const regions = [...new Set(world.pools.map(({ region }) => region))].sort();
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
            onValues(withText(values, reading, readSearchText(next, { zone, ...world, now: new Date() })));
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
          <Field label="GPU type" error={errors.type}>
            <Select
              value={values.type}
              options={[
                { value: ANY, label: "Any" },
                ...world.types.map(({ id, name, memory_gb }) => ({
                  value: id,
                  label: name,
                  description: `${formatNumber(memory_gb)} GB`,
                })),
              ]}
              onValueChange={(type) => set({ type })}
            />
          </Field>
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
          <div className="sm:col-span-2">
            <MomentField
              label="Best start"
              optional
              zone={zone}
              hint="Offers that start near it come first."
              error={errors.near}
              value={values.near}
              onChange={(near) => set({ near })}
            />
          </div>
          <Field label="Where" error={errors.where}>
            <Select
              value={values.where}
              options={[
                { value: ANY, label: "Anywhere" },
                { label: "Regions", options: regions.map((name) => ({ value: `region:${name}`, label: name })) },
                {
                  label: "Pools",
                  options: world.pools.map((pool) => ({
                    value: `pool:${pool.id}`,
                    label: pool.name,
                    description: poolWords(pool),
                  })),
                },
              ]}
              onValueChange={(where) => set({ where })}
            />
          </Field>
          <Field label="Machines" error={errors.topology}>
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
          <div className="flex items-end sm:col-span-2 lg:col-span-4">
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
