"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import { type ReactNode, useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import { FormError } from "@/components/accounts/form-alert";
import { useRefusal } from "@/components/accounts/use-refusal";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { toast } from "@/components/ui/toast";
import { addNodesBody } from "@/lib/contracts/fleet-admin";
import { useAddNodesMutation } from "@/store/fleet-api";
import { NodeFields, type NodeValues } from "./node-fields";
import { countWords } from "./words";

export function AddNodesDialog({ poolId, trigger }: { poolId: string; trigger: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      trigger={trigger}
      open={open}
      onOpenChange={setOpen}
      title="Add nodes"
      description="Their GPUs can be booked as soon as they are added. Numbers go on after the highest that the pool has used."
    >
      <NodesForm poolId={poolId} onDone={() => setOpen(false)} />
    </Dialog>
  );
}

/** Mounted anew each time the dialog opens. */
function NodesForm({ poolId, onDone }: { poolId: string; onDone: () => void }) {
  const [add] = useAddNodesMutation();
  const { control, register, handleSubmit, setError, formState } = useForm<NodeValues>({
    resolver: zodResolver(addNodesBody),
    defaultValues: { name: "node-{nn}", count: 1, lanes: 8 },
    mode: "onTouched",
  });
  const { errors, isSubmitting } = formState;
  const { count = 1, lanes } = useWatch({ control });
  const gpus = count * (lanes ?? 0);
  const { refusal, clear, refuse } = useRefusal(["name", "count", "lanes"], setError);
  const submit = handleSubmit(async (body) => {
    clear();
    const { data, error } = await add({ poolId, body });
    if (data) {
      toast.success(`${countWords(data.data.length, "node")} added`, {
        description: data.data.length === 1 ? data.data[0]?.name : `${data.data[0]?.name} to ${data.data.at(-1)?.name}`,
      });
      onDone();
      return;
    }
    refuse(error);
  });
  return (
    <form onSubmit={submit} className="contents" noValidate>
      <DialogBody>
        {refusal === null ? null : <FormError key={refusal.attempt} error={refusal.error} />}
        <div className="grid items-start gap-4 sm:grid-cols-2">
          <NodeFields register={register} errors={errors} />
        </div>
      </DialogBody>
      <DialogFooter>
        <DialogClose>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" loading={isSubmitting}>
          {Number.isInteger(gpus) && gpus > 0 ? `Add ${countWords(gpus, "GPU")}` : "Add nodes"}
        </Button>
      </DialogFooter>
    </form>
  );
}
