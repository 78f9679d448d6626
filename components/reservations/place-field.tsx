"use client";
import type { ReactNode } from "react";
import { Field } from "@/components/ui/field";
import { formatNumber } from "@/components/ui/format";
import { Select } from "@/components/ui/select";
import type { GpuType, Pool } from "@/lib/contracts/fleet";
import { formatCredits } from "./money-words";

export type PlaceFieldProps = {
  pools: readonly Pool[];
  types: readonly GpuType[];
  /** `pool:<id>` or `type:<id>`. */
  value: string;
  onChange: (value: string) => void;
  onBlur?: (() => void) | undefined;
  label?: string | undefined;
  error?: ReactNode | undefined;
};

/** Where to book: a pool, or any pool of a type. */
export function PlaceField({
  pools,
  types,
  value,
  onChange,
  onBlur,
  label = "Pool or GPU type",
  error,
}: PlaceFieldProps) {
  const counted = types.filter((type) => pools.some(({ gpu_type, open }) => open && gpu_type.id === type.id));
  return (
    <Field label={label} error={error} required>
      <Select
        value={value}
        onValueChange={onChange}
        onBlur={onBlur}
        placeholder="Choose where"
        options={[
          {
            label: "Pools",
            options: pools.map((pool) => ({
              value: `pool:${pool.id}`,
              label: pool.name,
              description: pool.open ? poolWords(pool) : "Closed for new bookings",
              disabled: !pool.open,
            })),
          },
          {
            label: "Any pool of a type, the cheapest first",
            options: counted.map((type) => ({
              value: `type:${type.id}`,
              label: `Any ${type.name}`,
              description: `${formatNumber(type.memory_gb)} GB`,
            })),
          },
        ].filter(({ options }) => options.length > 0)}
      />
    </Field>
  );
}

/** `H100 80 GB · eu-central · 2.00 an hour per GPU` */
export function poolWords({ gpu_type, region, price_micros_per_gpu_hour }: Pool): string {
  return `${gpu_type.name} ${formatNumber(gpu_type.memory_gb)} GB · ${region} · ${formatCredits(price_micros_per_gpu_hour)} an hour per GPU`;
}
