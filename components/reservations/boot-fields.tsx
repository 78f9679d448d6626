"use client";
import { useId } from "react";
import type { UseFormRegisterReturn } from "react-hook-form";
import { useProject } from "@/components/shell/project-context";
import { Alert } from "@/components/ui/alert";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { PAGE_LIMIT } from "@/lib/contracts/common";
import { useListConfigurationNamesQuery, useListEnvironmentsQuery } from "@/store/configs-api";
import { type BootMoment, bootWarning, bootWords } from "./boot-words";

type BootFieldsProps = {
  /** What is typed at present. */
  values: { config: string; environment: string };
  errors: { config?: string | undefined; environment?: string | undefined };
  register: (name: "config" | "environment") => UseFormRegisterReturn;
  /** Whether it boots when the reservation begins, or at once. */
  when?: BootMoment | undefined;
};

/** What boots on the GPUs: the project's configurations and environments are offered, other names can be typed. */
export function BootFields({ values, errors, register, when = "later" }: BootFieldsProps) {
  const { project, can } = useProject();
  const skip = !can("configs:read");
  const { currentData: configs } = useListConfigurationNamesQuery({ projectId: project.id }, { skip });
  const { currentData: environments } = useListEnvironmentsQuery({ projectId: project.id }, { skip });
  const listId = useId();
  const placesId = useId();
  // Of a list that goes on, what is not in it may be there all the same.
  const isWhole = configs !== undefined && configs.length < PAGE_LIMIT.max;
  const warning = bootWarning(values, isWhole ? configs : undefined, when);
  return (
    <>
      <Field label="Configuration" error={errors.config} hint={HINTS[when]} optional>
        <Input {...register("config")} {...plainText} list={listId} />
      </Field>
      <Field label="Environment" error={errors.environment} hint={bootWords(values, configs)} optional>
        <Input {...register("environment")} {...plainText} list={placesId} />
      </Field>
      <datalist id={listId}>
        {configs
          ?.filter(({ archived_at }) => archived_at === null)
          .map(({ id, name, application }) => (
            <option key={id} value={name} label={application.name} />
          ))}
      </datalist>
      <datalist id={placesId}>
        {environments?.map(({ id, name }) => (
          <option key={id} value={name} />
        ))}
      </datalist>
      {warning === null ? null : (
        <Alert tone="caution" live className="sm:col-span-2">
          {warning}
        </Alert>
      )}
    </>
  );
}

const HINTS: Readonly<Record<BootMoment, string>> = {
  later: "Booted on the GPUs at the start.",
  now: "Booted on the GPUs; without one, a plain machine.",
};

const plainText = {
  autoComplete: "off",
  autoCapitalize: "none",
  spellCheck: false,
  maxLength: 100,
  mono: true,
} as const;
