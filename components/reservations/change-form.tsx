"use client";
import { useEffect, useMemo, useState } from "react";
import { Controller, useForm, useWatch } from "react-hook-form";
import { FormError } from "@/components/accounts/form-alert";
import { useProject } from "@/components/shell/project-context";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { CheckboxField } from "@/components/ui/checkbox";
import { DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { useMinute } from "@/components/ui/use-now";
import { GuardedButton } from "@/components/webhooks/guarded";
import { BOOKING_LIMITS, type Offer } from "@/lib/contracts/availability";
import type { Reservation, Settlement } from "@/lib/contracts/reservations";
import { type ApiError, fieldErrors, isApiError } from "@/store/api-error";
import { useUpdateReservationMutation } from "@/store/reservations-api";
import { type BookingErrors, placeFieldErrors } from "./booking-values";
import { BootFields } from "./boot-fields";
import type { ReservationChangeDraft } from "./change-dialog";
import { type ChangeValues, changeValues, readChange } from "./change-values";
import { ConflictNotice } from "./conflict-notice";
import { changesOf, factsOf, poolNames } from "./fact-words";
import { MomentField } from "./moment-field";
import { creditsWords } from "./money-words";
import { ShortfallNotice } from "./notices";
import { PlaceField } from "./place-field";
import { PreviewPanel } from "./preview-panel";
import { Refusal } from "./refusal";
import { zoneWords } from "./time-words";
import type { World } from "./use-booking-world";
import { useUpdatePreview } from "./use-preview";
import { fieldsAt } from "./wall-fields";
import { nameOf, writeBlock } from "./words";

export type ChangeFormProps = {
  projectId: string;
  world: World;
  /** What the form was made from. */
  base: Reservation;
  /** What it is by now. */
  current: Reservation;
  change: ReservationChangeDraft;
  zone: string;
  isReloading: boolean;
  onReload: () => void;
  onClose: () => void;
};

/** The form for a change, with its price and what it does to credits while it is typed. */
export function ChangeForm({
  projectId,
  world,
  base,
  current,
  change,
  zone,
  isReloading,
  onReload,
  onClose,
}: ChangeFormProps) {
  const { can } = useProject();
  const blocked = writeBlock(can);
  const form = useForm<ChangeValues>({ defaultValues: changeValues(base, change, zone) });
  const { control, register, handleSubmit, setValue } = form;
  const values = useWatch({ control }) as ChangeValues;
  const minute = useMinute();
  const reading = useMemo(
    () => readChange(values, base, { zone, pools: world.pools, now: new Date(minute) }),
    [values, base, zone, world.pools, minute],
  );
  const one = { projectId, reservationId: base.id };
  const isStale = current.version !== base.version;
  const live = useUpdatePreview(one, isStale ? null : reading.body);
  const [update, updating] = useUpdateReservationMutation();
  const [refusal, setRefusal] = useState<{ attempt: number; error: ApiError | undefined } | null>(null);

  const typed = JSON.stringify(values);
  // A refusal is about what was typed when the button was pressed.
  useEffect(() => {
    if (typed !== "") setRefusal(null);
  }, [typed]);
  const error = refusal?.error ?? live.error;
  const code = error?.problem?.code;
  const refused: BookingErrors = {};
  const unplaced = placeFieldErrors(refused, fieldErrors(error), zone);
  const errors: BookingErrors = { ...refused, ...reading.errors };
  const words = { zone, poolName: poolNames(world.pools) };
  const hasStarted = base.status === "active";
  const hasEnded = !["held", "confirmed", "active"].includes(current.status);

  const submit = handleSubmit(async () => {
    if (reading.body === null || blocked !== undefined || isStale) return;
    setRefusal(null);
    const { data, error } = await update({ ...one, body: reading.body });
    if (data === undefined) {
      setRefusal((last) => ({ attempt: (last?.attempt ?? 0) + 1, error: isApiError(error) ? error : undefined }));
      return;
    }
    toast.success(`Changed: ${nameOf(data)}`, { description: live.preview && moneyWords(live.preview.settlement) });
    onClose();
  });
  const use = (offer: Offer) => {
    setValue("place", `pool:${offer.pool_id}`);
    setValue("gpu_count", String(offer.gpu_count));
    if (!hasStarted) setValue("start", fieldsAt(Date.parse(offer.starts_at), zone));
    setValue("end", fieldsAt(Date.parse(offer.ends_at), zone));
  };
  const pools = hasStarted ? world.pools.filter(({ id }) => id === base.pool_id) : world.pools;
  const problem = error?.problem;
  const conflict = isStale
    ? changesOf(factsOf(base), factsOf(current), words)
    : code === "version_conflict"
      ? (problem?.changed ?? []).flatMap(({ field, was, is }) => changesOf({ [field]: was }, { [field]: is }, words))
      : null;
  return (
    <form onSubmit={submit} className="contents" noValidate>
      <DialogBody>
        {conflict === null ? null : <ConflictNotice changes={conflict} onLoad={onReload} loading={isReloading} />}
        {hasEnded ? (
          <Alert tone="caution" title="It can no longer be changed">
            It has ended, was given back or ran out meanwhile.
          </Alert>
        ) : null}
        <div className="grid items-start gap-x-6 gap-y-5 lg:grid-cols-[minmax(0,1fr)_21rem]">
          <div className="flex min-w-0 flex-col gap-4">
            <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_8rem]">
              <Controller
                control={control}
                name="place"
                render={({ field }) => (
                  <PlaceField
                    label="Pool"
                    pools={pools}
                    types={[]}
                    value={field.value}
                    onChange={field.onChange}
                    onBlur={field.onBlur}
                    error={errors.place}
                  />
                )}
              />
              <Field label="GPUs" error={errors.gpu_count} required>
                <Input
                  {...register("gpu_count")}
                  type="number"
                  inputMode="numeric"
                  min={1}
                  max={BOOKING_LIMITS.gpus}
                  step={1}
                />
              </Field>
            </div>
            {base.segments.length > 1 ? (
              <p className="text-ink-muted text-xs">
                It has {base.segments.length} parts: another number changes those that have the most, another start or
                end the first or the last.
              </p>
            ) : null}
            <p className="text-ink-muted text-xs">
              Times are in <span className="font-medium text-ink">{zoneWords(zone, Date.parse(base.starts_at))}</span>
            </p>
            <div className="grid gap-4 sm:grid-cols-2">
              <Controller
                control={control}
                name="start"
                render={({ field }) => (
                  <MomentField
                    label="Start"
                    zone={zone}
                    error={errors.start}
                    {...field}
                    disabled={hasStarted}
                    hint={hasStarted ? "It has started, so its start stays." : undefined}
                  />
                )}
              />
              <Controller
                control={control}
                name="end"
                render={({ field }) => <MomentField label="End" zone={zone} error={errors.end} {...field} />}
              />
            </div>
            <Field label="Title" error={errors.title} optional>
              <Input {...register("title")} autoComplete="off" maxLength={BOOKING_LIMITS.titleLength} />
            </Field>
            <div className="grid gap-4 sm:grid-cols-2">
              <BootFields values={values} errors={errors} register={register} />
            </div>
            <Controller
              control={control}
              name="pinned"
              render={({ field }) => (
                <CheckboxField
                  label="Keep the very GPUs that it has"
                  checked={field.value}
                  onCheckedChange={(checked) => field.onChange(checked === true)}
                  onBlur={field.onBlur}
                />
              )}
            />
            <Controller
              control={control}
              name="snapshot_at_end"
              render={({ field }) => (
                <CheckboxField
                  label="Take a snapshot before the end"
                  checked={field.value}
                  onCheckedChange={(checked) => field.onChange(checked === true)}
                  onBlur={field.onBlur}
                />
              )}
            />
          </div>
          <PreviewPanel
            title="What the change does"
            price={base.price}
            preview={live.preview}
            isAsking={live.isAsking}
            empty={reading.isSame ? "Nothing is different yet." : "Mend what is marked to see the new price."}
            zone={zone}
          />
        </div>
        {code === "capacity_unavailable" && problem ? (
          <Refusal
            key={refusal?.attempt}
            blockers={problem.blockers ?? []}
            // A change cannot split a reservation.
            alternatives={(problem.alternatives ?? []).filter(({ segments }) => segments.length === 1)}
            earliest={problem.earliest_starts_at}
            asked={reading.asked}
            zone={zone}
            verb="Use it"
            taking={null}
            onTake={use}
          />
        ) : null}
        {code === "insufficient_credits" ? (
          <ShortfallNotice shortfallMicros={problem?.shortfall_micros ?? null} live />
        ) : null}
        {(live.hasFailed || refusal !== null) &&
        !isShown(code) &&
        (fieldErrors(error).length === 0 || unplaced.length > 0) ? (
          <FormError key={refusal?.attempt} error={error} />
        ) : null}
      </DialogBody>
      <DialogFooter>
        <DialogClose>
          <Button>Leave it as it is</Button>
        </DialogClose>
        <GuardedButton
          type="submit"
          variant="primary"
          blocked={blocked}
          disabled={reading.body === null || isStale || hasEnded}
          loading={updating.isLoading}
        >
          {live.preview === undefined ? "Change" : buttonWords(live.preview.settlement)}
        </GuardedButton>
      </DialogFooter>
    </form>
  );
}

/** Whether a refusal has a place of its own. */
function isShown(code: string | undefined): boolean {
  return code === "capacity_unavailable" || code === "insufficient_credits" || code === "version_conflict";
}

function buttonWords({ charge_micros, refund_micros }: Settlement): string {
  if (charge_micros > refund_micros) return `Change for ${creditsWords(charge_micros - refund_micros)}`;
  if (refund_micros > charge_micros) return `Change, ${creditsWords(refund_micros - charge_micros)} come back`;
  return "Change, no cost";
}

function moneyWords({ charge_micros, refund_micros, fee_micros }: Settlement): string {
  const parts = [
    charge_micros > 0 ? `${creditsWords(charge_micros)} charged` : "",
    refund_micros > 0 ? `${creditsWords(refund_micros)} came back` : "",
    fee_micros > 0 ? `${creditsWords(fee_micros)} kept as a fee` : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? "No credits moved." : `${parts.join(", ")}.`;
}
