"use client";
import { type Control, type FieldErrors, useController } from "react-hook-form";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { computeProviderSchema } from "@/lib/contracts/fleet";
import { useListProvisionersInfiniteQuery } from "@/store/provisioners-api";
import type { ChangedPoolValues } from "./pool-form";
import { PROVIDER_WORDS } from "./words";

/** A select knows no null. */
const AS_INSTALLED = "installation";

const PROVIDERS = [
  { value: AS_INSTALLED, label: "As the installation is set" },
  ...computeProviderSchema.options.map((value) => ({ value, label: PROVIDER_WORDS[value] })),
];

type ProviderFieldsProps = { control: Control<ChangedPoolValues>; errors: FieldErrors<ChangedPoolValues> };

/** What starts and stops the machines of the pool. */
export function ProviderFields({ control, errors }: ProviderFieldsProps) {
  const provider = useController({ control, name: "compute_provider" }).field;
  const provisioner = useController({ control, name: "provisioner_id" }).field;
  return (
    <>
      <Field label="Machines" hint="What starts and stops them." error={errors.compute_provider?.message}>
        <Select
          options={PROVIDERS}
          value={provider.value ?? AS_INSTALLED}
          onValueChange={(value) => {
            provider.onChange(value === AS_INSTALLED ? null : value);
            if (value !== "http") provisioner.onChange(null);
          }}
          onBlur={provider.onBlur}
        />
      </Field>
      {provider.value === "http" ? (
        <ProvisionerField
          value={provisioner.value ?? ""}
          onChange={provisioner.onChange}
          onBlur={provisioner.onBlur}
          error={errors.provisioner_id?.message}
        />
      ) : null}
    </>
  );
}

type ProvisionerFieldProps = {
  value: string;
  onChange: (id: string) => void;
  onBlur: () => void;
  error: string | undefined;
};

/** The first page has them all, see PROVISIONER_LIMITS. */
function ProvisionerField({ value, onChange, onBlur, error }: ProvisionerFieldProps) {
  const { data, isLoading } = useListProvisionersInfiniteQuery();
  const rows = data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Field
      label="Provisioner"
      hint={!isLoading && rows.length === 0 ? "There is none yet: add one under Provisioners." : "Whom Dumont calls."}
      error={error}
      required
    >
      <Select
        options={isLoading && value !== "" ? [{ value, label: "Loading…" }] : rows.map(toOption)}
        value={value}
        onValueChange={onChange}
        onBlur={onBlur}
        placeholder={isLoading ? "Loading…" : "Choose a provisioner"}
      />
    </Field>
  );
}

function toOption({ id, name }: { id: string; name: string }) {
  return { value: id, label: name };
}
