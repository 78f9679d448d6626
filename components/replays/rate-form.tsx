"use client";
import { Gauge } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { formatNumber } from "@/components/ui/format";
import { Input } from "@/components/ui/input";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { REPLAY_LIMITS, type Replay } from "@/lib/contracts/replays";
import { describeError } from "@/store/api-error";
import { useUpdateReplayMutation } from "@/store/replays-api";

/** Changes the rate while the replay goes on. */
export function RateForm({ replay }: { replay: Replay }) {
  const [open, setOpen] = useState(false);
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button size="sm">
          <Gauge aria-hidden="true" />
          Change rate
        </Button>
      </PopoverTrigger>
      <PopoverContent aria-label="Change rate" className="w-72">
        <RateFields replay={replay} onDone={() => setOpen(false)} />
      </PopoverContent>
    </Popover>
  );
}

/** Mounted anew each time it opens, so that it begins with the rate of that moment. */
function RateFields({ replay, onDone }: { replay: Replay; onDone: () => void }) {
  const { project } = useProject();
  const [update, { isLoading, error }] = useUpdateReplayMutation();
  const [text, setText] = useState(String(replay.rate));
  const { min, max } = REPLAY_LIMITS.rate;
  const rate = Number(text);
  const isValid = text !== "" && Number.isInteger(rate) && rate >= min && rate <= max;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isValid) return;
    const { data } = await update({ projectId: project.id, replayId: replay.id, body: { rate } });
    if (data) onDone();
  };
  const problem = isValid
    ? error === undefined
      ? undefined
      : describeError(error).detail
    : `Enter a whole number from ${min} to ${formatNumber(max)}.`;
  return (
    <form onSubmit={submit} noValidate>
      <Field label="Deliveries per second" error={problem}>
        <div className="flex gap-2">
          <Input
            type="number"
            inputMode="numeric"
            min={min}
            max={max}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <Button type="submit" variant="primary" loading={isLoading}>
            Apply
          </Button>
        </div>
      </Field>
    </form>
  );
}
