"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { type Control, Controller, type FieldErrors, type UseFormRegister, useForm } from "react-hook-form";
import { FormError } from "@/components/accounts/form-alert";
import { useRefusal } from "@/components/accounts/use-refusal";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { toast } from "@/components/ui/toast";
import type { GpuType, Pool } from "@/lib/contracts/fleet";
import { useCreatePoolMutation, useUpdatePoolMutation } from "@/store/fleet-api";
import { poolHref } from "./links";
import { NodeFields } from "./node-fields";
import { PlaceFields, type PoolFieldsProps, RuleFields } from "./pool-fields";
import {
  type ChangedPoolValues,
  changedPoolSchema,
  NEW_POOL,
  type NewPoolValues,
  newPoolSchema,
  poolChanges,
  poolValues,
} from "./pool-form";

type PoolDialogProps = { trigger: ReactNode } & ({ pool: Pool } | { types: readonly GpuType[] });

/** Adds a pool with its first nodes, or changes one. */
export function PoolDialog(props: PoolDialogProps) {
  const [open, setOpen] = useState(false);
  const pool = "pool" in props ? props.pool : null;
  return (
    <Dialog
      trigger={props.trigger}
      open={open}
      onOpenChange={setOpen}
      size="lg"
      title={pool ? `Change ${pool.name}` : "Add pool"}
      description={
        pool
          ? "Bookings that exist keep their times, their price and their GPUs, whatever changes here."
          : "Interchangeable GPUs of one type in one place. They can be booked as soon as it is added."
      }
    >
      {"pool" in props ? (
        <ChangePool pool={props.pool} onDone={() => setOpen(false)} />
      ) : (
        <NewPool types={props.types} onDone={() => setOpen(false)} />
      )}
    </Dialog>
  );
}

const grid = "grid items-start gap-4 sm:grid-cols-2";

function NewPool({ types, onDone }: { types: readonly GpuType[]; onDone: () => void }) {
  const router = useRouter();
  const [create] = useCreatePoolMutation();
  const form = useForm<NewPoolValues>({
    resolver: zodResolver(newPoolSchema),
    defaultValues: { ...NEW_POOL, gpu_type_id: types.length === 1 ? (types[0]?.id ?? "") : "" },
    mode: "onTouched",
  });
  const { control, register, handleSubmit, setError, formState } = form;
  const { errors, isSubmitting } = formState;
  const { refusal, clear, refuse } = useRefusal(
    [...fieldsOf(NEW_POOL), "nodes.name", "nodes.count", "nodes.lanes"],
    setError,
  );
  const submit = handleSubmit(async (body) => {
    clear();
    const { data, error } = await create({ body });
    if (data) {
      toast.success(`${data.name} was added`);
      onDone();
      router.push(poolHref(data.id));
      return;
    }
    refuse(error);
  });
  return (
    <form onSubmit={submit} className="contents" noValidate>
      <DialogBody className="gap-5">
        {refusal === null ? null : <FormError key={refusal.attempt} error={refusal.error} />}
        <div className={grid}>
          <PlaceFields {...common(register, control, errors)} />
          <Controller
            control={control}
            name="gpu_type_id"
            render={({ field }) => (
              <Field
                label="GPU type"
                hint={types.length === 0 ? "Add a GPU type first." : "It stays: another type is another pool."}
                error={errors.gpu_type_id?.message}
                required
                className="sm:col-span-2"
              >
                <Select
                  options={types.map(({ id, name, memory_gb }) => ({ value: id, label: `${name} · ${memory_gb} GB` }))}
                  value={field.value}
                  onValueChange={field.onChange}
                  onBlur={field.onBlur}
                  placeholder="Choose a GPU type"
                />
              </Field>
            )}
          />
        </div>
        <Part title="First nodes">
          <NodeFields register={(name, options) => register(`nodes.${name}`, options)} errors={errors.nodes ?? {}} />
        </Part>
        <Part title="Rules and price">
          <RuleFields {...common(register, control, errors)} />
        </Part>
      </DialogBody>
      <Footer label="Add pool" loading={isSubmitting} />
    </form>
  );
}

function ChangePool({ pool, onDone }: { pool: Pool; onDone: () => void }) {
  // What was open when the form was: a newer version is refused, so that nobody undoes what they have not seen.
  const [opened] = useState(pool);
  const [update] = useUpdatePoolMutation();
  const { control, register, handleSubmit, setError, formState } = useForm<ChangedPoolValues>({
    resolver: zodResolver(changedPoolSchema(opened.unit_count)),
    defaultValues: poolValues(opened),
    mode: "onTouched",
  });
  const { errors, isSubmitting } = formState;
  const { refusal, clear, refuse } = useRefusal(fieldsOf(poolValues(opened)), setError);
  const submit = handleSubmit(async (values) => {
    clear();
    const body = { ...poolChanges(opened, values), version: opened.version };
    const { data, error } = await update({ poolId: opened.id, body });
    if (data) {
      toast.success(`${data.name} was changed`);
      onDone();
      return;
    }
    refuse(error);
  });
  return (
    <form onSubmit={submit} className="contents" noValidate>
      <DialogBody className="gap-5">
        {refusal === null ? null : <FormError key={refusal.attempt} error={refusal.error} />}
        <div className={grid}>
          <PlaceFields {...{ register, control, errors }} />
        </div>
        <Part title="Rules and price">
          <RuleFields {...{ register, control, errors }} />
        </Part>
      </DialogBody>
      <Footer label="Save" loading={isSubmitting} />
    </form>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-3">
      <h3 className="border-line border-t pt-4 font-medium text-ink text-sm">{title}</h3>
      <div className={grid}>{children}</div>
    </section>
  );
}

function Footer({ label, loading }: { label: string; loading: boolean }) {
  return (
    <DialogFooter>
      <DialogClose>
        <Button>Cancel</Button>
      </DialogClose>
      <Button type="submit" variant="primary" loading={loading}>
        {label}
      </Button>
    </DialogFooter>
  );
}

/** The larger form stands in for the smaller one, whose fields it has all: the types of the library cannot say so. */
function common(
  register: UseFormRegister<NewPoolValues>,
  control: Control<NewPoolValues>,
  errors: FieldErrors<NewPoolValues>,
): PoolFieldsProps {
  return { register, control, errors } as unknown as PoolFieldsProps;
}

function fieldsOf<T extends object>(values: T): (keyof T & string)[] {
  return Object.keys(values) as (keyof T & string)[];
}
