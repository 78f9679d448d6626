import { cn } from "@/components/ui/cn";
import { formatDuration } from "@/components/ui/format";
import { Timestamp } from "@/components/ui/timestamp";
import type { InstanceDetail } from "@/lib/contracts/instances";
import { InstanceStatusIcon } from "./instance-status";
import { STATUS_WORDS, type Stage, stagesOf } from "./words";

/** The stages since it was last asked for, in order, each with its time; those to come are said to be. */
export function InstanceLife({ instance }: { instance: InstanceDetail }) {
  const stages = stagesOf(instance);
  if (stages.length === 0) return null;
  const current = stages.findLastIndex(({ at }) => at !== null);
  return (
    <section aria-label="Life cycle" className="rounded-lg border border-line bg-surface px-4 py-3">
      <ol aria-label="Life cycle" className="flex flex-col gap-x-2 gap-y-4 sm:flex-row sm:flex-wrap">
        {stages.map((stage, index) => (
          <li
            key={`${stage.status} ${stage.at ?? "to come"}`}
            aria-current={index === current ? "step" : undefined}
            className="flex min-w-36 flex-1 gap-2.5"
          >
            <StageMark stage={stage} isCurrent={index === current} />
            <div className="min-w-0 text-sm">
              <p
                className={cn(
                  index === current ? "font-semibold text-ink" : "text-ink",
                  stage.at === null && "text-ink-muted",
                )}
              >
                {STATUS_WORDS[stage.status].word}
              </p>
              <p className="text-ink-muted text-xs">
                <StageTime stage={stage} before={stages[index - 1]} />
              </p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

function StageMark({ stage, isCurrent }: { stage: Stage; isCurrent: boolean }) {
  return (
    <span
      aria-hidden="true"
      className={cn(
        "flex size-7 shrink-0 items-center justify-center rounded-full border",
        isCurrent ? "border-accent bg-accent-soft" : "border-line bg-surface",
        stage.at === null && "border-dashed opacity-60",
      )}
    >
      <InstanceStatusIcon status={stage.status} isStill={!isCurrent} />
    </span>
  );
}

function StageTime({ stage: { at }, before }: { stage: Stage; before: Stage | undefined }) {
  if (at === null) return "to come";
  const after = before?.at ? Date.parse(at) - Date.parse(before.at) : 0;
  return (
    <>
      <Timestamp value={at} />
      {after >= 1000 ? <span className="block">after {formatDuration(Math.round(after / 1000) * 1000)}</span> : null}
    </>
  );
}
