"use client";
import { useId, useState } from "react";
import { httpReason } from "@/components/deliveries/http-reasons";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";

const PRESETS = [200, 204, 301, 400, 401, 410, 429, 500, 503];
const OTHER = "other";

type StatusPickerProps = {
  /** NaN while the field of a status that is no preset is empty. */
  value: number;
  onChange: (status: number) => void;
  disabled: boolean;
};

/** An HTTP status: one of those that matter to webhooks, or any other by its number. Stands inside a Field. */
export function StatusPicker({ value, onChange, disabled }: StatusPickerProps) {
  const otherId = useId();
  const [typing, setTyping] = useState(false);
  const isOther = typing || !PRESETS.includes(value);
  return (
    <div className="flex gap-2">
      <Select
        options={[
          ...PRESETS.map((status) => ({ value: String(status), label: `${status} ${httpReason(status)}` })),
          { value: OTHER, label: "Another status…" },
        ]}
        value={isOther ? OTHER : String(value)}
        onValueChange={(chosen) => {
          setTyping(chosen === OTHER);
          if (chosen !== OTHER) onChange(Number(chosen));
        }}
        disabled={disabled}
        className="min-w-0 flex-1"
      />
      {isOther ? (
        <Input
          id={otherId}
          type="number"
          inputMode="numeric"
          min={200}
          max={599}
          aria-label="Status, 200 to 599"
          value={Number.isNaN(value) ? "" : value}
          onChange={(event) => onChange(event.target.valueAsNumber)}
          disabled={disabled}
          className="w-24 shrink-0"
        />
      ) : null}
    </div>
  );
}
