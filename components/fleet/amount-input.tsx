"use client";
import { type Ref, useState } from "react";
import { Input, type InputProps } from "@/components/ui/input";
import { readScaled, writeScaled } from "./scaled";

type AmountInputProps = Omit<InputProps, "value" | "onChange" | "defaultValue" | "type"> & {
  /** In the smallest unit, whole; NaN while what is typed is no amount. */
  value: number;
  onChange: (value: number) => void;
  /** How many decimals the smallest unit is: 6 for micro-credits, 2 for basis points as per cent. */
  decimals: number;
  ref?: Ref<HTMLInputElement> | undefined;
};

/** An amount typed with decimals and kept as a whole number. What is typed stays as it is until the value comes from elsewhere. */
export function AmountInput({ value, onChange, decimals, ...props }: AmountInputProps) {
  const [typed, setTyped] = useState(() => writeScaled(value, decimals));
  const shown = Object.is(readScaled(typed, decimals), value) ? typed : writeScaled(value, decimals);
  return (
    <Input
      {...props}
      inputMode="decimal"
      autoComplete="off"
      value={Number.isNaN(value) ? typed : shown}
      onChange={(event) => {
        setTyped(event.target.value);
        onChange(readScaled(event.target.value, decimals));
      }}
    />
  );
}
