"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { FormError } from "@/components/accounts/form-alert";
import { useRefusal } from "@/components/accounts/use-refusal";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { renameNodeBody } from "@/lib/contracts/fleet-admin";
import { useRenameNodeMutation } from "@/store/fleet-api";

export type NodeDialogProps = {
  poolId: string;
  node: { id: string; name: string };
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

export function RenameNodeDialog(props: NodeDialogProps) {
  return (
    <Dialog
      open={props.open}
      onOpenChange={props.onOpenChange}
      size="sm"
      title={`Rename ${props.node.name}`}
      description="Bookings on it show the new name."
    >
      <RenameForm {...props} />
    </Dialog>
  );
}

function RenameForm({ poolId, node, onOpenChange }: NodeDialogProps) {
  const [rename] = useRenameNodeMutation();
  const { register, handleSubmit, setError, formState } = useForm({
    resolver: zodResolver(renameNodeBody),
    defaultValues: { name: node.name },
  });
  const { refusal, clear, refuse } = useRefusal(["name"], setError);
  const submit = handleSubmit(async (body) => {
    clear();
    const { data, error } = await rename({ poolId, nodeId: node.id, body });
    if (data) {
      toast.success(`${node.name} is now ${data.name}`);
      onOpenChange(false);
      return;
    }
    refuse(error);
  });
  return (
    <form onSubmit={submit} className="contents" noValidate>
      <DialogBody>
        {refusal === null ? null : <FormError key={refusal.attempt} error={refusal.error} />}
        <Field label="Name" error={formState.errors.name?.message} required>
          <Input {...register("name")} autoComplete="off" spellCheck={false} mono />
        </Field>
      </DialogBody>
      <DialogFooter>
        <DialogClose>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" loading={formState.isSubmitting}>
          Rename
        </Button>
      </DialogFooter>
    </form>
  );
}
