"use client";
import { RefreshCcw } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import { FormError } from "@/components/accounts/form-alert";
import { BootFields } from "@/components/reservations/boot-fields";
import { reservationHref } from "@/components/reservations/links";
import { useProject } from "@/components/shell/project-context";
import { Alert } from "@/components/ui/alert";
import { Button, type ButtonProps } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { toast } from "@/components/ui/toast";
import { GuardedButton } from "@/components/webhooks/guarded";
import { FoldedRequestWebhook } from "@/components/workflows/folded-request-webhook";
import { useRequestWebhook } from "@/components/workflows/use-request-webhook";
import type { Instance } from "@/lib/contracts/instances";
import type { Reservation } from "@/lib/contracts/reservations";
import { fieldErrors } from "@/store/api-error";
import { attemptKeys } from "@/store/attempt-keys";
import { useCreateInstancesMutation, useListInstancesInfiniteQuery } from "@/store/instances-api";
import { instanceHref } from "./links";
import { bootAnewBlock, replacedWords } from "./words";

type BootAnewProps = {
  reservation: Reservation;
  /** Goes to what boots; elsewhere it appears on the page by itself. */
  follows?: boolean | undefined;
  size?: ButtonProps["size"];
};

/** Boots the GPUs of an active reservation anew, maybe with another configuration; says why where that cannot be. */
export function BootAnew({ reservation, follows = false, size }: BootAnewProps) {
  const { project, can } = useProject();
  const [isOpen, setIsOpen] = useState(false);
  const { currentData } = useListInstancesInfiniteQuery({
    projectId: project.id,
    filter: { reservation_id: reservation.id },
  });
  const instances = currentData?.pages.flatMap(({ data }) => data);
  return (
    <>
      <GuardedButton size={size} blocked={bootAnewBlock(can, reservation, instances)} onClick={() => setIsOpen(true)}>
        <RefreshCcw aria-hidden="true" />
        Boot anew
      </GuardedButton>
      <Dialog
        open={isOpen}
        onOpenChange={setIsOpen}
        title="Boot its GPUs anew"
        description="One instance on each machine that the reservation has GPUs on. They start at once."
      >
        <BootForm
          reservation={reservation}
          instances={instances ?? []}
          follows={follows}
          onDone={() => setIsOpen(false)}
        />
      </Dialog>
    </>
  );
}

type BootFormProps = {
  reservation: Reservation;
  instances: readonly Instance[];
  follows: boolean;
  onDone: () => void;
};

/** Mounted anew each time the dialog opens. */
function BootForm({ reservation, instances, follows, onDone }: BootFormProps) {
  const { project } = useProject();
  const router = useRouter();
  const [create, { error, isLoading }] = useCreateInstancesMutation();
  const [keys] = useState(attemptKeys);
  const webhook = useRequestWebhook(error);
  const { control, register, handleSubmit } = useForm({
    defaultValues: {
      config: reservation.config ?? "",
      environment: reservation.environment ?? "",
    },
  });
  const values = useWatch({ control }) as { config: string; environment: string };
  const refused = fieldErrors(error);
  const refusalOf = (name: string) => refused.find(({ field }) => field === name)?.message;
  const replaced = replacedWords(instances);
  const submit = handleSubmit(async () => {
    if (!webhook.check()) return;
    const body = {
      reservation_id: reservation.id,
      config: values.config.trim() || null,
      environment: values.environment.trim() || null,
      ...webhook.body,
    };
    const { data } = await create({
      projectId: project.id,
      body,
      idempotencyKey: keys.keyOf(body),
    });
    if (data === undefined) return;
    keys.done();
    onDone();
    const [first, ...more] = data;
    if (first === undefined) {
      toast.error("There was nothing to boot", { description: "The reservation has no GPUs at the moment." });
      return;
    }
    toast.success(more.length === 0 ? `${first.name} is booting` : `${data.length} instances are booting`);
    if (follows) router.push(more.length === 0 ? instanceHref(first.id) : reservationHref(reservation.id));
  });
  return (
    <form onSubmit={submit} noValidate className="contents">
      <DialogBody>
        {replaced === null ? null : <Alert tone="caution">{replaced}</Alert>}
        <div className="grid gap-4 sm:grid-cols-2">
          <BootFields
            values={values}
            errors={{ config: refusalOf("config"), environment: refusalOf("environment") }}
            register={register}
            when="now"
          />
        </div>
        <FoldedRequestWebhook
          {...webhook.fields}
          hint="Gets every event of these instances, in order; beside the project's webhooks."
        />
        {error === undefined || refused.length > 0 ? null : <FormError key={JSON.stringify(error)} error={error} />}
      </DialogBody>
      <DialogFooter>
        <DialogClose>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" loading={isLoading}>
          Boot anew
        </Button>
      </DialogFooter>
    </form>
  );
}
