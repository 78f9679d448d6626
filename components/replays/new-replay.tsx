"use client";
import { Play } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useEffect, useState } from "react";
import { TimeRangePicker } from "@/components/deliveries/time-range-picker";
import { useWebhookNames } from "@/components/deliveries/use-webhook-names";
import { EVENT_TYPE_OPTIONS } from "@/components/events/type-options";
import { useProject } from "@/components/shell/project-context";
import { Alert } from "@/components/ui/alert";
import { Card, CardBody } from "@/components/ui/card";
import { Field, Fieldset } from "@/components/ui/field";
import { FilterPicker } from "@/components/ui/filter-picker";
import { formatNumber } from "@/components/ui/format";
import { Input } from "@/components/ui/input";
import { PageHeader } from "@/components/ui/page-header";
import { GuardedButton } from "@/components/webhooks/guarded";
import { hostOf } from "@/components/webhooks/words";
import { isKnownPattern } from "@/lib/contracts/event-types";
import { REPLAY_LIMITS } from "@/lib/contracts/replays";
import { describeError } from "@/store/api-error";
import { useCreateReplayMutation } from "@/store/replays-api";
import { changeBlock } from "./change-block";
import { KindChoice } from "./kind-choice";
import { REPLAYS, replayHref } from "./links";
import { PreviewCard } from "./preview-card";
import { usePreviews } from "./use-previews";
import { useReplayForm } from "./use-replay-form";

/** Chooses what to send again, and shows exactly what that is before it starts. */
export function NewReplay() {
  const { project, can } = useProject();
  const router = useRouter();
  const webhooks = useWebhookNames(project.id);
  const form = useReplayForm();
  const { values, scopeOf, rateIsValid, change } = form;
  const countings = usePreviews(project.id, scopeOf);
  const [create, creating] = useCreateReplayMutation();
  const { preview } = countings[values.kind];
  const ready = preview !== undefined && preview.total > 0 && scopeOf !== null && rateIsValid;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready || creating.isLoading || !can("deliveries:retry")) return;
    const { data } = await create({ projectId: project.id, body: { ...scopeOf(values.kind), rate: values.rate } });
    if (data) router.push(replayHref(data.id));
  };
  return (
    <>
      <PageHeader
        title="New replay"
        description="Send again what did not arrive. The job survives restarts, keeps its rate and can be stopped."
        breadcrumbs={[{ label: "Replays", href: REPLAYS }]}
      />
      <form onSubmit={submit} noValidate className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <Card>
          <CardBody className="flex flex-col gap-6">
            <KindChoice kind={values.kind} onKind={(kind) => change({ kind })} countings={countings} />
            <Fieldset legend="Of which time, webhooks and types">
              <div className="flex flex-wrap gap-2">
                <TimeRangePicker
                  value={form.time}
                  onChange={(range) => {
                    form.countAgain();
                    change(range);
                  }}
                />
                <FilterPicker
                  label="Webhooks"
                  multiple
                  options={webhooks.webhooks.map(({ id, description, url }) => ({
                    value: id,
                    label: description || hostOf(url),
                    hint: url,
                  }))}
                  selected={values.webhook_ids}
                  onChange={(webhook_ids) => change({ webhook_ids })}
                  empty={webhooks.loaded ? "There are no webhooks yet." : "Loading…"}
                />
                <FilterPicker
                  label="Event types"
                  multiple
                  mono
                  options={EVENT_TYPE_OPTIONS}
                  selected={values.event_types}
                  onChange={(event_types) => change({ event_types })}
                  typed={typedPattern}
                />
              </div>
            </Fieldset>
            <RateField rate={values.rate} isValid={rateIsValid} onRate={(rate) => change({ rate })} />
          </CardBody>
        </Card>
        <div className="flex flex-col gap-3 lg:sticky lg:top-20">
          <PreviewCard
            counting={countings[values.kind]}
            missing={scopeOf === null ? "Choose where the time range begins." : undefined}
            rate={rateIsValid ? values.rate : REPLAY_LIMITS.rate.default}
            webhooks={webhooks}
            onCountAgain={form.countAgain}
            action={
              <GuardedButton
                type="submit"
                variant="primary"
                blocked={changeBlock(can)}
                disabled={!ready}
                loading={creating.isLoading}
              >
                <Play aria-hidden="true" />
                {ready ? `Replay ${formatNumber(preview.total)}` : "Replay"}
              </GuardedButton>
            }
          />
          {creating.error === undefined ? null : (
            <Alert tone="danger" live title={describeError(creating.error).title}>
              {describeError(creating.error).detail}
            </Alert>
          )}
        </div>
      </form>
    </>
  );
}

type RateFieldProps = { rate: number; isValid: boolean; onRate: (rate: number) => void };

function RateField({ rate, isValid, onRate }: RateFieldProps) {
  const { min, max } = REPLAY_LIMITS.rate;
  const [text, setText] = useState(String(rate));
  useEffect(() => setText(String(rate)), [rate]);
  return (
    <Field
      label="Deliveries per second"
      hint="At most. A webhook's own rate limit holds as well, and fresh events do not wait behind more than two seconds' worth."
      error={isValid ? undefined : `Enter a whole number from ${min} to ${formatNumber(max)}.`}
      className="max-w-sm"
    >
      <Input
        type="number"
        inputMode="numeric"
        min={min}
        max={max}
        step={1}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          const next = Number(event.target.value);
          if (Number.isInteger(next)) onRate(next);
        }}
        className="max-w-28"
      />
    </Field>
  );
}

/** Groups and types of one's own, which the list does not hold. */
function typedPattern(text: string) {
  const pattern = text.toLowerCase();
  return isKnownPattern(pattern) ? { value: pattern, label: pattern } : null;
}
