"use client";
import { useMemo, useState } from "react";
import { Controller, useForm, useWatch } from "react-hook-form";
import { FormError } from "@/components/accounts/form-alert";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { useMinute } from "@/components/ui/use-now";
import { GuardedButton } from "@/components/webhooks/guarded";
import type { Reservation } from "@/lib/contracts/reservations";
import { type ApiError, isApiError } from "@/store/api-error";
import { useGetReservationQuery, useListPoolsQuery, useReleasePartMutation } from "@/store/reservations-api";
import { ConflictNotice } from "./conflict-notice";
import { changesOf, factsOf, poolNames } from "./fact-words";
import { MomentField } from "./moment-field";
import { creditsWords } from "./money-words";
import { PreviewPanel } from "./preview-panel";
import { type ReleasePart, type ReleaseValues, readRelease, releaseValues } from "./release-values";
import { ShapeChart } from "./shape-chart";
import { zoneWords } from "./time-words";
import { useReleasePreview } from "./use-preview";
import { useReaderZone } from "./use-reader-zone";
import { writeBlock } from "./words";

export type ReleaseDialogProps = {
  reservation: Reservation;
  /** What to begin with: marked on the gantt. */
  part?: ReleasePart | undefined;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** The IANA zone in which times are entered and shown; the one that the reader chose for the console unless given. */
  zone?: string | undefined;
};

/** Gives back some GPUs of a reservation for some of its time. */
export function ReleaseDialog({ open, onOpenChange, reservation, part, zone }: ReleaseDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      size="xl"
      fillsPhone
      title="Release a part"
      description="Give back some GPUs, some of the time, or both. The rest stays as it is."
    >
      <Content reservation={reservation} part={part} zone={zone} onClose={() => onOpenChange(false)} />
    </Dialog>
  );
}

type ContentProps = Pick<ReleaseDialogProps, "reservation" | "part" | "zone"> & { onClose: () => void };

/** Mounted anew each time the dialog opens. */
function Content({ reservation, part, zone: given, onClose }: ContentProps) {
  const { project } = useProject();
  const zone = useReaderZone(given);
  const [base, setBase] = useState(reservation);
  const query = useGetReservationQuery({ projectId: project.id, reservationId: reservation.id });
  return (
    <ReleaseForm
      key={base.version}
      projectId={project.id}
      base={base}
      current={query.currentData ?? base}
      part={part}
      zone={zone}
      isReloading={query.isFetching}
      onReload={async () => {
        const { data } = await query.refetch();
        if (data !== undefined) setBase(data);
      }}
      onClose={onClose}
    />
  );
}

type ReleaseFormProps = {
  projectId: string;
  base: Reservation;
  current: Reservation;
  part: ReleaseDialogProps["part"];
  zone: string;
  isReloading: boolean;
  onReload: () => void;
  onClose: () => void;
};

function ReleaseForm({ projectId, base, current, part, zone, isReloading, onReload, onClose }: ReleaseFormProps) {
  const { can } = useProject();
  const blocked = writeBlock(can);
  const { data: pools } = useListPoolsQuery();
  const pool = pools?.data.find(({ id }) => id === base.pool_id) ?? null;
  const minute = useMinute();
  const form = useForm<ReleaseValues>({
    defaultValues: releaseValues(base, { zone, now: new Date(minute), pool }, part),
  });
  const { control, register, handleSubmit } = form;
  const values = useWatch({ control }) as ReleaseValues;
  const { errors, body } = useMemo(
    () => readRelease(values, base, { zone, now: new Date(minute), pool }),
    [values, base, zone, minute, pool],
  );
  const one = { projectId, reservationId: base.id };
  const isStale = current.version !== base.version;
  const live = useReleasePreview(one, isStale ? null : body);
  const [release, releasing] = useReleasePartMutation();
  const [refusal, setRefusal] = useState<{ attempt: number; error: ApiError | undefined } | null>(null);
  const error = refusal?.error ?? live.error;
  const words = { zone, poolName: poolNames(pools?.data ?? []) };

  const submit = handleSubmit(async () => {
    if (body === null || blocked !== undefined || isStale) return;
    setRefusal(null);
    const { data, error } = await release({ ...one, body });
    if (data === undefined) {
      setRefusal((last) => ({ attempt: (last?.attempt ?? 0) + 1, error: isApiError(error) ? error : undefined }));
      return;
    }
    const back = live.preview?.settlement.refund_micros;
    toast.success("Given back", { description: back === undefined ? undefined : `${creditsWords(back)} came back.` });
    onClose();
  });
  const conflict =
    isStale || error?.problem?.code === "version_conflict" ? changesOf(factsOf(base), factsOf(current), words) : null;
  return (
    <form onSubmit={submit} onChange={() => setRefusal(null)} className="contents" noValidate>
      <DialogBody>
        {conflict === null ? null : <ConflictNotice changes={conflict} onLoad={onReload} loading={isReloading} />}
        {conflict === null && (refusal !== null || live.hasFailed) ? (
          <FormError key={refusal?.attempt} error={error} />
        ) : null}
        <div className="grid items-start gap-x-6 gap-y-5 lg:grid-cols-[minmax(0,1fr)_21rem]">
          <div className="flex min-w-0 flex-col gap-4">
            <Field
              label="GPUs to give back"
              hint={`It has ${base.gpu_count} at most.`}
              error={errors.gpu_count}
              required
              className="max-w-40"
            >
              <Input
                {...register("gpu_count")}
                type="number"
                inputMode="numeric"
                min={1}
                max={base.gpu_count}
                step={1}
              />
            </Field>
            <p className="text-ink-muted text-xs">
              Times are in <span className="font-medium text-ink">{zoneWords(zone, Date.parse(base.starts_at))}</span>
            </p>
            <div className="grid gap-4 sm:grid-cols-2">
              <Controller
                control={control}
                name="start"
                render={({ field }) => <MomentField label="From" zone={zone} error={errors.start} {...field} />}
              />
              <Controller
                control={control}
                name="end"
                render={({ field }) => <MomentField label="To" zone={zone} error={errors.end} {...field} />}
              />
            </div>
            <ShapeChart
              before={base.segments}
              after={live.preview?.reservation.segments ?? base.segments}
              zone={zone}
            />
          </div>
          <PreviewPanel
            title="What comes back"
            price={base.price}
            preview={live.preview}
            isAsking={live.isAsking}
            empty="Say how many GPUs and which time to see what comes back."
            zone={zone}
          />
        </div>
      </DialogBody>
      <DialogFooter>
        <DialogClose>
          <Button>Keep all of it</Button>
        </DialogClose>
        <GuardedButton
          type="submit"
          variant="danger"
          blocked={blocked}
          disabled={body === null || isStale}
          loading={releasing.isLoading}
        >
          {live.preview === undefined
            ? "Give it back"
            : `Give it back, ${creditsWords(live.preview.settlement.refund_micros)} come back`}
        </GuardedButton>
      </DialogFooter>
    </form>
  );
}
