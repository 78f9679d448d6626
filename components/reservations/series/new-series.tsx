"use client";
import { Repeat } from "lucide-react";
import { useRouter } from "next/navigation";
import { parseAsInteger, parseAsString, useQueryStates } from "nuqs";
import { type FormEvent, useMemo, useState } from "react";
import { Controller, useForm, useWatch } from "react-hook-form";
import { FormError } from "@/components/accounts/form-alert";
import { LoadError } from "@/components/shell/load-error";
import { useProject } from "@/components/shell/project-context";
import { Card, CardBody } from "@/components/ui/card";
import { CheckboxField } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import { useMinute } from "@/components/ui/use-now";
import { GuardedButton } from "@/components/webhooks/guarded";
import { NO_REQUEST_WEBHOOK } from "@/components/workflows/request-webhook-values";
import { BOOKING_LIMITS } from "@/lib/contracts/availability";
import { seriesRuleSchema } from "@/lib/contracts/series";
import { fieldErrors } from "@/store/api-error";
import { attemptKeys } from "@/store/attempt-keys";
import { useCreateSeriesMutation } from "@/store/series-api";
import type { BookingDraft } from "../booking-dialog";
import { type BookingValues, startingValues } from "../booking-values";
import { RESERVATIONS } from "../links";
import { MomentField } from "../moment-field";
import { creditsWords } from "../money-words";
import { PlanNotice } from "../notices";
import { OptionFields } from "../option-fields";
import { PlaceField } from "../place-field";
import { useBookingWorld, type World } from "../use-booking-world";
import { useReaderZone } from "../use-reader-zone";
import { fieldsAt, momentOf } from "../wall-fields";
import { writeBlock } from "../words";
import { ZoneField } from "../zone-field";
import { SERIES, seriesHref } from "./links";
import { PreviewPanel } from "./preview-panel";
import { RepeatFields } from "./repeat-fields";
import { placeSeriesErrors, type RepeatValues, readSeries, STARTING_REPEAT, weekdayOf } from "./series-values";
import { useSeriesPreview } from "./use-series-preview";

/** What other pages fill in. */
const PARAMETERS = {
  pool_id: parseAsString,
  gpu_count: parseAsInteger,
  starts_at: parseAsString,
  ends_at: parseAsString,
};

/** Books the same again and again, with every occurrence in sight before anything is booked. */
export function NewSeries() {
  const { project } = useProject();
  const { world, error, retry } = useBookingWorld();
  return (
    <>
      <PageHeader
        title="Repeat a booking"
        description="The same GPUs every day or week, each time guaranteed and prepaid."
        breadcrumbs={[
          { label: "Reservations", href: RESERVATIONS },
          { label: "Series", href: SERIES },
        ]}
      />
      {world !== null ? (
        <SeriesForm key={project.id} world={world} />
      ) : retry === undefined ? (
        <SkeletonRows label="Loading the pools" rows={6} />
      ) : (
        <LoadError error={error} onRetry={retry} />
      )}
    </>
  );
}

function SeriesForm({ world }: { world: World }) {
  const { project, can } = useProject();
  const router = useRouter();
  const [filled] = useQueryStates(PARAMETERS);
  const readerZone = useReaderZone();
  const [zone, setZone] = useState(readerZone);
  const form = useForm<BookingValues>({
    defaultValues: startingValues(draftOf(filled), { zone, ...world, now: new Date() }),
  });
  const [repeat, setRepeat] = useState(STARTING_REPEAT);
  const [isTried, setIsTried] = useState(false);
  const [create, creating] = useCreateSeriesMutation();
  const [keys] = useState(attemptKeys);
  const values = useWatch({ control: form.control }) as BookingValues;
  const minute = useMinute();
  const reading = useMemo(
    () => readSeries(values, repeat, { zone, ...world, now: new Date(minute) }),
    [values, repeat, zone, world, minute],
  );
  // A URL that is half typed changes nothing of the occurrences.
  const previewed = useMemo(
    () => readSeries({ ...values, ...NO_REQUEST_WEBHOOK }, repeat, { zone, ...world, now: new Date(minute) }).body,
    [values, repeat, zone, world, minute],
  );
  const previewing = useSeriesPreview(project.id, previewed);
  const { preview } = previewing;

  const shown = { booking: { ...reading.booking }, repeat: { ...reading.repeat } };
  const refused = fieldErrors(creating.error ?? previewing.error);
  const elsewhere = placeSeriesErrors(shown, refused, zone);
  if (!isTried && values.place === "") delete shown.booking.place;
  const { touchedFields } = form.formState;
  if (!isTried && touchedFields.webhook_url === undefined) delete shown.booking.webhook_url;
  if (!isTried && touchedFields.webhook_secret === undefined) delete shown.booking.webhook_secret;
  const blocked =
    project.plan === "premium" ? writeBlock(can) : "This project is on the free plan: reserving is part of premium.";
  const startsAt = momentOf(values.start, zone);
  const startDay = startsAt === null ? null : weekdayOf(startsAt, zone);
  const wouldBook = preview?.would_book ?? 0;

  const changeZone = (next: string) => {
    // The same moments by another clock.
    for (const name of ["start", "end"] as const) {
      const at = momentOf(form.getValues(name), zone);
      if (at !== null) form.setValue(name, fieldsAt(at, next));
    }
    setZone(next);
  };
  const changeRepeat = (part: Partial<RepeatValues>) => {
    creating.reset();
    setRepeat((last) => ({ ...last, ...part }));
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setIsTried(true);
    if (reading.body === null || wouldBook === 0 || creating.isLoading || blocked !== undefined) return;
    const { data } = await create({
      projectId: project.id,
      body: reading.body,
      idempotencyKey: keys.keyOf(reading.body),
    });
    if (data === undefined) return previewing.again();
    toast.success(`Booked ${data.reservation_count} reservations`);
    router.push(seriesHref(data.id));
  };
  return (
    <form
      onSubmit={submit}
      onChange={() => creating.reset()}
      noValidate
      className="grid items-start gap-6 xl:grid-cols-[minmax(0,28rem)_minmax(0,1fr)]"
    >
      <Card>
        <CardBody className="flex flex-col gap-5">
          {project.plan === "premium" ? null : <PlanNotice />}
          <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_7rem]">
            <Controller
              control={form.control}
              name="place"
              render={({ field }) => (
                <PlaceField
                  pools={world.pools}
                  types={world.types}
                  value={field.value}
                  onChange={field.onChange}
                  onBlur={field.onBlur}
                  error={shown.booking.place}
                />
              )}
            />
            <Field label="GPUs" error={shown.booking.gpu_count} required>
              <Input
                {...form.register("gpu_count")}
                type="number"
                inputMode="numeric"
                min={1}
                max={BOOKING_LIMITS.gpus}
                step={1}
              />
            </Field>
          </div>
          <ZoneField zone={zone} onZone={changeZone} at={startsAt ?? minute} />
          <div className="grid gap-4 sm:grid-cols-2 xl:grid-cols-1">
            <Controller
              control={form.control}
              name="start"
              render={({ field }) => (
                <MomentField label="First start" zone={zone} error={shown.booking.start} {...field} />
              )}
            />
            <Controller
              control={form.control}
              name="end"
              render={({ field }) => <MomentField label="First end" zone={zone} error={shown.booking.end} {...field} />}
            />
          </div>
          <RepeatFields values={repeat} onChange={changeRepeat} errors={shown.repeat} zone={zone} startDay={startDay} />
          <Controller
            control={form.control}
            name="topology"
            render={({ field }) => (
              <CheckboxField
                label="All on one machine"
                description="Fast links between the GPUs; harder to find room for."
                checked={field.value === "single_node"}
                onCheckedChange={(checked) => field.onChange(checked === true ? "single_node" : "any")}
              />
            )}
          />
          <OptionFields
            control={form.control}
            register={form.register}
            errors={shown.booking}
            webhookHint="Gets every event of each of its bookings, in order; beside the project's webhooks."
          />
        </CardBody>
      </Card>
      <div className="flex min-w-0 flex-col gap-3">
        <PreviewPanel
          previewing={previewing}
          rule={reading.body === null ? null : seriesRuleSchema.parse(reading.body.rule)}
          skips={repeat.skipConflicts}
        />
        {creating.error === undefined || (refused.length > 0 && elsewhere.length === 0) ? null : (
          <FormError error={creating.error} />
        )}
        <GuardedButton
          type="submit"
          variant="primary"
          className="self-end max-sm:w-full"
          blocked={blocked}
          disabled={reading.body === null || wouldBook === 0}
          loading={creating.isLoading}
        >
          <Repeat aria-hidden="true" />
          {wouldBook === 0 || preview === undefined
            ? "Book the series"
            : `Book ${wouldBook} for ${creditsWords(preview.total_micros)}`}
        </GuardedButton>
      </div>
    </form>
  );
}

type Filled = { pool_id: string | null; gpu_count: number | null; starts_at: string | null; ends_at: string | null };

function draftOf({ pool_id, gpu_count, starts_at, ends_at }: Filled): BookingDraft {
  const time = (text: string | null) => (text !== null && Number.isFinite(Date.parse(text)) ? text : undefined);
  return {
    poolId: pool_id ?? undefined,
    gpuCount: gpu_count ?? undefined,
    startsAt: time(starts_at),
    endsAt: time(ends_at),
  };
}
