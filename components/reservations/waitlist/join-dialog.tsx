"use client";
import { type FormEvent, useState } from "react";
import { FormError } from "@/components/accounts/form-alert";
import { LoadError } from "@/components/shell/load-error";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { CheckboxField } from "@/components/ui/checkbox";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { SkeletonRows } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import { BOOKING_LIMITS } from "@/lib/contracts/availability";
import { fieldErrors } from "@/store/api-error";
import { type JoinInput, useJoinWaitlistMutation } from "@/store/waitlist-api";
import { MomentField } from "../moment-field";
import { PlaceField } from "../place-field";
import { useBookingWorld, type World } from "../use-booking-world";
import { useReaderZone } from "../use-reader-zone";
import { fieldsAt, momentOf } from "../wall-fields";
import { ZoneField } from "../zone-field";
import { type JoinValues, placeErrors, readJoin, startingValues, WAIT_DAYS } from "./join-values";

export type JoinDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** What the form starts with. */
  criteria: Partial<JoinInput>;
  zone?: string | undefined;
};

/** What to wait for, and how long. */
export function JoinDialog({ open, onOpenChange, criteria, zone }: JoinDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      size="lg"
      title="Join the waiting list"
      description="Once it becomes free, it is held for you and an event is sent. You then accept or decline; nothing is booked without you."
    >
      <Content criteria={criteria} zone={zone} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

type ContentProps = Pick<JoinDialogProps, "criteria" | "zone"> & { onDone: () => void };

/** Mounted anew each time the dialog opens. */
function Content(props: ContentProps) {
  const { world, error, retry } = useBookingWorld();
  if (world !== null) return <JoinForm world={world} {...props} />;
  return (
    <DialogBody>
      {retry === undefined ? (
        <SkeletonRows label="Loading the pools" rows={4} />
      ) : (
        <LoadError error={error} onRetry={retry} />
      )}
    </DialogBody>
  );
}

const TOPOLOGIES = [
  { value: "any", label: "On any machines" },
  { value: "prefer_single_node", label: "On one machine if possible" },
  { value: "single_node", label: "Only on one machine" },
] as const;

function JoinForm({ world, criteria, zone: given, onDone }: ContentProps & { world: World }) {
  const { project } = useProject();
  const readerZone = useReaderZone(given);
  const [zone, setZone] = useState(readerZone);
  const [values, setValues] = useState(() => startingValues(criteria, readerZone));
  const [isTried, setIsTried] = useState(false);
  const [join, { isLoading, error, reset }] = useJoinWaitlistMutation();
  const reading = readJoin(values, { zone, now: new Date() });
  const errors = isTried ? { ...placeErrors(fieldErrors(error)), ...reading.errors } : {};
  const change = (part: Partial<JoinValues>) => {
    reset();
    setValues((last) => ({ ...last, ...part }));
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    setIsTried(true);
    const { body } = readJoin(values, { zone, now: new Date() });
    if (body === null || isLoading) return;
    const { data } = await join({ projectId: project.id, body });
    if (!data) return;
    toast.success("You are on the waiting list", { description: "It shows here as soon as there is an offer." });
    onDone();
  };
  const changeZone = (next: string) => {
    // The same moments by another clock.
    const moved = (fields: JoinValues["notBefore"]) => {
      const at = momentOf(fields, zone);
      return at === null ? fields : fieldsAt(at, next);
    };
    setValues((last) => ({ ...last, notBefore: moved(last.notBefore), finishBy: moved(last.finishBy) }));
    setZone(next);
  };
  const nextHour = fieldsAt(Math.ceil(Date.now() / 3_600_000) * 3_600_000, zone);
  return (
    <form onSubmit={submit} noValidate className="contents">
      <DialogBody>
        <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_7rem_8rem]">
          <PlaceField
            pools={world.pools}
            types={world.types}
            value={values.place}
            onChange={(place) => change({ place })}
            error={errors.place}
          />
          <Field label="GPUs" error={errors.gpuCount} required>
            <Input
              type="number"
              inputMode="numeric"
              min={1}
              max={BOOKING_LIMITS.gpus}
              value={values.gpuCount}
              onChange={(event) => change({ gpuCount: event.target.value })}
            />
          </Field>
          <Field label="Hours" error={errors.hours} required>
            <Input
              type="number"
              inputMode="decimal"
              min={0}
              step="any"
              value={values.hours}
              onChange={(event) => change({ hours: event.target.value })}
            />
          </Field>
        </div>
        <ZoneField zone={zone} onZone={changeZone} at={Date.now()} />
        <div className="grid items-start gap-4 sm:grid-cols-2">
          <div className="flex flex-col gap-2">
            <CheckboxField
              label="Not before a certain time"
              checked={values.hasStart}
              onCheckedChange={(checked) =>
                change({ hasStart: checked === true, ...(values.notBefore.date === "" && { notBefore: nextHour }) })
              }
            />
            {values.hasStart ? (
              <MomentField
                label="Earliest start"
                zone={zone}
                value={values.notBefore}
                onChange={(notBefore) => change({ notBefore })}
                error={errors.notBefore}
              />
            ) : null}
          </div>
          <div className="flex flex-col gap-2">
            <CheckboxField
              label="Finished by a certain time"
              checked={values.hasEnd}
              onCheckedChange={(checked) => change({ hasEnd: checked === true })}
            />
            {values.hasEnd ? (
              <MomentField
                label="Latest end"
                zone={zone}
                value={values.finishBy}
                onChange={(finishBy) => change({ finishBy })}
                error={errors.finishBy}
              />
            ) : null}
          </div>
        </div>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Machines" error={errors.topology}>
            <Select
              value={values.topology}
              onValueChange={(value) => {
                const topology = TOPOLOGIES.find((known) => known.value === value)?.value;
                if (topology !== undefined) change({ topology });
              }}
              options={TOPOLOGIES}
            />
          </Field>
          <Field label="Wait for" hint="Less when it could no longer be finished in time." error={errors.days}>
            <Select value={values.days} onValueChange={(days) => change({ days })} options={WAIT_DAYS} />
          </Field>
        </div>
        {error === undefined || Object.keys(placeErrors(fieldErrors(error))).length > 0 ? null : (
          <FormError error={error} />
        )}
      </DialogBody>
      <DialogFooter>
        <DialogClose>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" loading={isLoading}>
          Join the list
        </Button>
      </DialogFooter>
    </form>
  );
}
