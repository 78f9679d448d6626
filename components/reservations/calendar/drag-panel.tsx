"use client";
import { CircleCheck, CircleX, LoaderCircle } from "lucide-react";
import { type ReactNode, useEffect, useMemo, useRef } from "react";
import { creditsWords, formatSigned } from "@/components/reservations/money-words";
import { rangeWords } from "@/components/reservations/time-words";
import { gpusWords } from "@/components/reservations/words";
import { useProject } from "@/components/shell/project-context";
import { cn } from "@/components/ui/cn";
import type { Availability } from "@/lib/contracts/availability";
import type { BookingPolicy } from "@/lib/contracts/booking-policy";
import type { Pool } from "@/lib/contracts/fleet";
import { useGetReservationQuery } from "@/store/reservations-api";
import { type Dragged, useDragged } from "./drag-store";
import { type Candidate, choosePool, judge, snapRange, timesFrom, type Verdict } from "./drag-verdict";

type DragPanelProps = {
  zone: string;
  pools: readonly Pool[];
  availability: Availability | undefined;
  policy: BookingPolicy | undefined;
  /** The pools in which a booking that is drawn on free time may be, and its number of GPUs. */
  choice: { pools: readonly Pool[]; gpuCount: number };
};

/** Beside the pointer while something is dragged: how long, what it costs, and whether the GPUs are free. */
export function DragPanel(props: DragPanelProps) {
  const dragged = useDragged();
  return dragged === null ? null : <Panel {...props} dragged={dragged} />;
}

function Panel({ zone, pools, availability, policy, choice, dragged }: DragPanelProps & { dragged: Dragged }) {
  const panel = useFollowedPointer();
  const { project } = useProject();
  const reservationId = dragged.kind === "change" ? dragged.event.bar.reservation_id : null;
  const { currentData: reservation } = useGetReservationQuery(
    { projectId: project.id, reservationId: reservationId ?? "" },
    { skip: reservationId === null },
  );
  const shown = useMemo(() => {
    if (policy === undefined) return undefined;
    const now = new Date();
    const candidate =
      dragged.kind === "new"
        ? newCandidate(dragged, choice, availability, policy, now)
        : changeCandidate(dragged, pools, reservation);
    return candidate && { candidate, verdict: judge(candidate, availability, policy, now) };
  }, [dragged, pools, choice, reservation, availability, policy]);
  if (shown === undefined) return null;
  const { candidate, verdict } = shown;
  return (
    <div
      ref={panel}
      role="status"
      aria-label="What is being dragged"
      className="pointer-events-none invisible fixed top-0 left-0 z-60 w-72 rounded-lg bg-surface-raised px-3 py-2 text-ink text-sm shadow-pop"
    >
      <p className="font-medium tabular-nums">{amountWords(candidate, verdict)}</p>
      <p className="text-ink-muted text-xs tabular-nums">{rangeWords(candidate.from, candidate.to, zone)}</p>
      <p className="truncate text-ink-muted text-xs">{candidate.pool.name}</p>
      <Outcome verdict={verdict} />
    </div>
  );
}

function Outcome({ verdict: { problem, missing } }: { verdict: Verdict }) {
  if (problem === null && missing === null) {
    return <Line icon={<LoaderCircle />} tone="text-ink-muted" words="The form says whether it is free" />;
  }
  if (problem !== null) return <Line icon={<CircleX />} tone="text-danger" words={problem} />;
  return missing === 0 ? (
    <Line icon={<CircleCheck />} tone="text-positive" words="Free" />
  ) : (
    <Line icon={<CircleX />} tone="text-danger" words={`${missing} too few`} />
  );
}

function Line({ icon, tone, words }: { icon: ReactNode; tone: string; words: string }) {
  return (
    <p
      className={cn(
        "mt-1 flex items-start gap-1.5 font-medium text-xs [&_svg]:mt-px [&_svg]:size-3.5 [&_svg]:shrink-0",
        tone,
      )}
    >
      <span aria-hidden="true" className="flex">
        {icon}
      </span>
      {words}
    </p>
  );
}

/** `8 GPUs · 72 h · 1,244.16 credits (+12.00)` */
function amountWords({ gpuCount }: Candidate, { hours, totalMicros, changeMicros }: Verdict): string {
  const price = totalMicros === null ? undefined : creditsWords(totalMicros);
  const change = changeMicros === null || changeMicros === 0 ? "" : ` (${formatSigned(changeMicros)})`;
  const length = `${Number.isInteger(hours) ? hours : hours.toFixed(2)} h`;
  return [gpusWords(gpuCount), length, price].filter((part) => part !== undefined).join(" · ") + change;
}

type ReadReservation = ReturnType<typeof useGetReservationQuery>["currentData"];

function newCandidate(
  { from, to }: { from: number; to: number },
  { pools, gpuCount }: DragPanelProps["choice"],
  availability: Availability | undefined,
  policy: BookingPolicy,
  now: Date,
): Candidate | undefined {
  const pool = choosePool(pools, { gpuCount, from, to }, availability, policy, now);
  return pool && { pool, gpuCount, ...timesFrom(pool, from, to, now) };
}

function changeCandidate(
  dragged: Extract<Dragged, { kind: "change" }>,
  pools: readonly Pool[],
  reservation: ReadReservation,
): Candidate | undefined {
  const { bar } = dragged.event;
  const pool = pools.find(({ id }) => id === bar.pool_id);
  if (pool === undefined) return undefined;
  return {
    pool,
    gpuCount: bar.gpu_count,
    ...snapRange(pool, dragged.from, dragged.to),
    own: {
      from: Date.parse(bar.starts_at),
      to: Date.parse(bar.ends_at),
      hasBegun: bar.status === "active",
      booked: reservation,
    },
  };
}

const AWAY = 18;

/** Puts the panel beside the pointer without drawing anything anew. */
function useFollowedPointer() {
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const follow = ({ clientX, clientY }: PointerEvent) => {
      const element = panel.current;
      if (element === null) return;
      const { offsetWidth, offsetHeight } = element;
      const x = clientX + AWAY + offsetWidth > window.innerWidth ? clientX - AWAY - offsetWidth : clientX + AWAY;
      const y = Math.min(clientY + AWAY, window.innerHeight - offsetHeight - AWAY);
      element.style.transform = `translate(${Math.max(0, x)}px, ${Math.max(0, y)}px)`;
      element.style.visibility = "visible";
    };
    window.addEventListener("pointermove", follow);
    return () => window.removeEventListener("pointermove", follow);
  }, []);
  return panel;
}
