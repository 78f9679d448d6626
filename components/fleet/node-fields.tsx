"use client";
import type { FieldErrors, UseFormRegisterReturn } from "react-hook-form";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { FLEET_LIMITS } from "@/lib/contracts/fleet";

export type NodeValues = { name: string; count?: number | undefined; lanes: number };

type NodeFieldsProps = {
  register: (name: keyof NodeValues, options?: { valueAsNumber: true }) => UseFormRegisterReturn;
  errors: FieldErrors<NodeValues>;
};

/** Nodes to add: how they are called, how many, and of how many GPUs. */
export function NodeFields({ register, errors }: NodeFieldsProps) {
  const number = { valueAsNumber: true } as const;
  return (
    <>
      <Field
        label="Name of the nodes"
        hint="{n} stands for a number, {nn} for one of two digits: node-{nn} gives node-01, node-02, …"
        error={errors.name?.message}
        required
        className="sm:col-span-2"
      >
        <Input {...register("name")} autoComplete="off" spellCheck={false} mono />
      </Field>
      <Field label="Nodes" error={errors.count?.message} required>
        <Input {...register("count", number)} inputMode="numeric" autoComplete="off" />
      </Field>
      <Field label="GPUs per node" hint={`1 to ${FLEET_LIMITS.lanesPerNode}.`} error={errors.lanes?.message} required>
        <Input {...register("lanes", number)} inputMode="numeric" autoComplete="off" />
      </Field>
    </>
  );
}
