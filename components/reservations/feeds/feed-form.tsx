"use client";
import { type FormEvent, useState } from "react";
import { FormError } from "@/components/accounts/form-alert";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { DialogBody, DialogFooter } from "@/components/ui/dialog";
import { Field, Fieldset } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { RadioGroup, RadioItem } from "@/components/ui/radio-group";
import { Select } from "@/components/ui/select";
import { FEED_LIMITS, FEED_SCOPES, type FeedScope, type OpenedFeed } from "@/lib/contracts/calendar-feeds";
import { fieldErrors } from "@/store/api-error";
import { useCreateFeedMutation } from "@/store/feeds-api";
import { useListPoolsQuery } from "@/store/reservations-api";
import { useReaderZone } from "../use-reader-zone";
import { ALARMS, SCOPE_WORDS } from "./words";

/** What a new calendar shows, and when it reminds. */
export function FeedForm({ onMade, onCancel }: { onMade: (feed: OpenedFeed) => void; onCancel: () => void }) {
  const { project } = useProject();
  const zone = useReaderZone();
  const pools = useListPoolsQuery();
  const [create, { isLoading, error, reset }] = useCreateFeedMutation();
  const [typed, setTyped] = useState<string | null>(null);
  const [scope, setScope] = useState<FeedScope>("mine");
  const [poolId, setPoolId] = useState("");
  const [alarm, setAlarm] = useState("");
  const [isTried, setIsTried] = useState(false);

  const pool = pools.data?.data.find(({ id }) => id === poolId);
  const name = typed ?? suggestion(scope, project.name, pool?.name);
  const problems = {
    name: name.trim() === "" ? "Give it a name" : messageOf(error, "name"),
    pool: scope === "pool" && poolId === "" ? "Choose a pool" : messageOf(error, "pool_id"),
  };
  const isReady = name.trim() !== "" && (scope !== "pool" || poolId !== "");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    setIsTried(true);
    if (!isReady || isLoading) return;
    const { data } = await create({
      projectId: project.id,
      body: {
        name: name.trim(),
        scope,
        ...(scope === "pool" && { pool_id: poolId }),
        alarm_minutes: alarm === "" ? null : Number(alarm),
        time_zone: zone,
      },
    });
    if (!data) return;
    onMade(data);
    reset();
  };
  return (
    <form onSubmit={submit} noValidate className="contents">
      <DialogBody>
        <Fieldset legend="What it shows">
          <RadioGroup value={scope} onValueChange={(value) => setScope(value as FeedScope)}>
            {FEED_SCOPES.map((value) => (
              <RadioItem card key={value} value={value} {...SCOPE_WORDS[value]} />
            ))}
          </RadioGroup>
        </Fieldset>
        {scope === "pool" ? (
          <Field label="Pool" required error={isTried ? problems.pool : undefined}>
            <Select
              value={poolId}
              onValueChange={setPoolId}
              placeholder={pools.isLoading ? "Loading the pools" : "Choose a pool"}
              options={(pools.data?.data ?? []).map(({ id, name: label, region }) => ({
                value: id,
                label,
                description: region,
              }))}
            />
          </Field>
        ) : null}
        <Field label="Name" hint="As your calendar calls it." required error={isTried ? problems.name : undefined}>
          <Input
            value={name}
            maxLength={FEED_LIMITS.nameLength}
            autoComplete="off"
            onChange={(event) => setTyped(event.target.value)}
          />
        </Field>
        <Field label="Reminder" hint="Some calendars leave it out when they subscribe.">
          <Select
            value={alarm === "" ? "none" : alarm}
            onValueChange={(value) => setAlarm(value === "none" ? "" : value)}
            options={ALARM_OPTIONS}
          />
        </Field>
        {error === undefined || fieldErrors(error).length > 0 ? null : <FormError error={error} />}
      </DialogBody>
      <DialogFooter>
        <Button onClick={onCancel}>Back</Button>
        <Button type="submit" variant="primary" loading={isLoading}>
          Make the address
        </Button>
      </DialogFooter>
    </form>
  );
}

/** The select takes "" for "nothing chosen". */
const ALARM_OPTIONS = ALARMS.map(({ value, label }) => ({ value: value === "" ? "none" : value, label }));

function suggestion(scope: FeedScope, project: string, pool: string | undefined): string {
  if (scope === "mine") return `My GPUs in ${project}`.slice(0, FEED_LIMITS.nameLength);
  if (scope === "team") return `GPUs of ${project}`.slice(0, FEED_LIMITS.nameLength);
  return pool === undefined ? "" : `Pool ${pool}`.slice(0, FEED_LIMITS.nameLength);
}

function messageOf(error: Parameters<typeof fieldErrors>[0], field: string): string | undefined {
  return fieldErrors(error).find((wrong) => wrong.field === field)?.message;
}
