import { cn } from "@/components/ui/cn";
import { formatNumber } from "@/components/ui/format";
import type { Replay } from "@/lib/contracts/replays";
import { partsOf } from "./words";

type PartName = keyof ReturnType<typeof partsOf>;

/** Each part has a pattern of its own, so that they are told apart without colours. */
const LOOKS: Record<PartName, { label: string; className: string }> = {
  delivered: { label: "Delivered", className: "bg-positive-fill" },
  failed: {
    label: "Failed",
    className: "bg-[repeating-linear-gradient(135deg,var(--danger-fill)_0_3px,var(--surface)_3px_5px)]",
  },
  pending: {
    label: "Under way",
    className: "bg-[repeating-linear-gradient(90deg,var(--accent-fill)_0_2px,var(--surface)_2px_5px)]",
  },
  skipped: { label: "Skipped", className: "bg-control" },
  elsewhere: {
    label: "Taken over",
    className: "bg-[radial-gradient(var(--ink-muted)_1px,var(--surface)_1.2px)] bg-size-[4px_4px]",
  },
  waiting: { label: "Not yet queued", className: "bg-line" },
};

const ORDER: readonly PartName[] = ["delivered", "failed", "pending", "skipped", "elsewhere", "waiting"];

/** How far a replay has come: what ended, how, and what is still to come. */
export function ReplayBar({ replay, slim = false }: { replay: Replay; slim?: boolean }) {
  const parts = partsOf(replay);
  const shown = ORDER.filter((name) => parts[name] > 0);
  return (
    <div
      role="progressbar"
      aria-label="Progress of the replay"
      aria-valuemin={0}
      aria-valuemax={replay.total}
      aria-valuenow={replay.total - parts.waiting - parts.pending}
      aria-valuetext={shown.map((name) => `${LOOKS[name].label} ${formatNumber(parts[name])}`).join(", ")}
      className={cn("flex w-full gap-px overflow-hidden rounded-full bg-line", slim ? "h-1.5" : "h-3")}
    >
      {shown.map((name) => (
        <div
          key={name}
          className={cn("transition-[flex-grow] duration-300", name !== "waiting" && "min-w-1", LOOKS[name].className)}
          style={{ flexGrow: parts[name], flexBasis: 0 }}
        />
      ))}
    </div>
  );
}

/** The parts with their figures; each stands for its look in the bar. */
export function ReplayLegend({ replay }: { replay: Replay }) {
  const parts = partsOf(replay);
  const always: readonly PartName[] = ["delivered", "failed", "pending", "skipped", "waiting"];
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-[repeat(auto-fit,minmax(7rem,1fr))]">
      {ORDER.filter((name) => always.includes(name) || parts[name] > 0).map((name) => (
        <div key={name} className="min-w-0">
          <dt className="flex items-center gap-1.5 text-ink-muted text-xs">
            <span
              aria-hidden="true"
              className={cn(
                "inline-block size-3 shrink-0 rounded-[3px] border border-line-strong",
                LOOKS[name].className,
              )}
            />
            {LOOKS[name].label}
          </dt>
          <dd
            className={cn(
              "mt-0.5 font-medium text-lg tabular-nums",
              name === "failed" && parts.failed > 0 ? "text-danger" : "text-ink",
            )}
          >
            {formatNumber(parts[name])}
          </dd>
        </div>
      ))}
    </dl>
  );
}
