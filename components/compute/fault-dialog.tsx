"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import { type ReactNode, useId, useState } from "react";
import { Controller, useForm } from "react-hook-form";
import { z } from "zod";
import { FormError } from "@/components/accounts/form-alert";
import { useRefusal } from "@/components/accounts/use-refusal";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { toast } from "@/components/ui/toast";
import { FAULT_KINDS, faultKindSchema } from "@/lib/contracts/compute-faults";
import { useCreateFaultMutation, useListAllInstancesInfiniteQuery } from "@/store/instances-api";
import { FAULT_WORDS } from "./fault-words";

/** Lets the simulated provider fail. */
export function FaultDialog({ trigger }: { trigger: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      trigger={trigger}
      open={open}
      onOpenChange={setOpen}
      title="Add a fault"
      description="Simulated machines fail by it, of all projects. Machines of other providers are not touched."
    >
      <FaultForm onDone={() => setOpen(false)} />
    </Dialog>
  );
}

const TIMES = { message: "Enter a whole number from 1 to 1000, or nothing" };

/** As it is typed; empty means "any" and "until it is removed". */
const formSchema = z
  .object({
    kind: faultKindSchema,
    node: z.string().trim().max(100),
    remaining: z
      .string()
      .trim()
      .refine((text) => text === "" || (/^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= 1000), TIMES),
  })
  .refine(({ kind, node }) => kind !== "node_down" || node !== "", {
    message: "Say which machine is down",
    path: ["node"],
  });

type FormValues = z.infer<typeof formSchema>;

/** Mounted anew each time the dialog opens. */
function FaultForm({ onDone }: { onDone: () => void }) {
  const [create] = useCreateFaultMutation();
  const { control, register, watch, handleSubmit, setError, formState } = useForm<FormValues>({
    resolver: zodResolver(formSchema),
    defaultValues: { kind: "node_down", node: "", remaining: "" },
    mode: "onTouched",
  });
  const { refusal, refuse, clear } = useRefusal<FormValues>(["kind", "node", "remaining"], setError);
  const nodesId = useId();
  const { currentData } = useListAllInstancesInfiniteQuery({ filter: { status: "requested,starting,running" } });
  const nodes = new Set(currentData?.pages.flatMap(({ data }) => data.map(({ node }) => node)));
  const kind = watch("kind");
  const submit = handleSubmit(async (values) => {
    clear();
    const isDown = values.kind === "node_down";
    const { data, error } = await create({
      body: {
        kind: values.kind,
        node: values.node === "" ? null : values.node,
        remaining: isDown || values.remaining === "" ? null : Number(values.remaining),
      },
    });
    if (data === undefined) {
      refuse(error);
      return;
    }
    toast.success(`Fault added: ${FAULT_WORDS[data.kind].word}`);
    onDone();
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      className="contents"
      noValidate
    >
      <DialogBody>
        {refusal === null ? null : <FormError key={refusal.attempt} error={refusal.error} />}
        <Field label="What happens" hint={FAULT_WORDS[kind].effect}>
          <Controller
            control={control}
            name="kind"
            render={({ field }) => (
              <Select
                options={FAULT_KINDS.map((value) => ({ value, label: FAULT_WORDS[value].word }))}
                value={field.value}
                onValueChange={field.onChange}
                onBlur={field.onBlur}
              />
            )}
          />
        </Field>
        <Field
          label="Machine"
          hint={kind === "node_down" ? "Those that instances are on are offered." : "Any, unless one is named."}
          error={formState.errors.node?.message}
          {...(kind === "node_down" ? { required: true } : { optional: true })}
        >
          <Input {...register("node")} list={nodesId} autoComplete="off" spellCheck={false} maxLength={100} mono />
        </Field>
        <datalist id={nodesId}>
          {[...nodes].map((node) => (
            <option key={node} value={node} />
          ))}
        </datalist>
        {kind === "node_down" ? null : (
          <Field
            label="How often"
            hint="Until it is removed, unless a number is given."
            error={formState.errors.remaining?.message}
            optional
          >
            <Input {...register("remaining")} inputMode="numeric" autoComplete="off" maxLength={4} />
          </Field>
        )}
      </DialogBody>
      <DialogFooter>
        <DialogClose>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" loading={formState.isSubmitting}>
          Add fault
        </Button>
      </DialogFooter>
    </form>
  );
}
