"use client";
import {
  CalendarCheck,
  CirclePlus,
  CircleSlash,
  Flag,
  Maximize2,
  Minimize2,
  MoveHorizontal,
  Pencil,
  Play,
  Scissors,
  ShieldCheck,
  Shuffle,
  TimerOff,
} from "lucide-react";
import type { ReactNode } from "react";
import { PagedList } from "@/components/shell/paged-list";
import { useProject } from "@/components/shell/project-context";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Timestamp } from "@/components/ui/timestamp";
import type { ChangeKind, Reservation, ReservationChange } from "@/lib/contracts/reservations";
import { useListPoolsQuery, useListReservationChangesInfiniteQuery } from "@/store/reservations-api";
import { ChangeList } from "./change-list";
import { changesOf, poolNames } from "./fact-words";
import { CHANGE_WORDS, changeNote } from "./history-words";

const ICONS: Readonly<Record<ChangeKind, ReactNode>> = {
  created: <CirclePlus />,
  confirmed: <CalendarCheck />,
  moved: <MoveHorizontal />,
  extended: <Maximize2 />,
  shrunk: <Minimize2 />,
  released: <Scissors />,
  edited: <Pencil />,
  repacked: <Shuffle />,
  failed_over: <ShieldCheck />,
  cancelled: <CircleSlash />,
  expired: <TimerOff />,
  started: <Play />,
  ended: <Flag />,
};

/** Who did what to a reservation and when, newest first, with what was before and is after. */
export function ReservationHistory({ reservation, zone }: { reservation: Reservation; zone: string }) {
  const { project } = useProject();
  const query = useListReservationChangesInfiniteQuery({ projectId: project.id, reservationId: reservation.id });
  return (
    <Card>
      <CardHeader title="History" description="Every change, newest first. Nothing is ever removed from it." />
      <PagedList query={query} noun={["change", "changes"]} loading="Loading the history" loadingRows={3} empty={null}>
        {(changes) => (
          <CardBody className="border-line border-b">
            <ol aria-label="History" className="flex flex-col">
              {changes.map((change) => (
                <Entry key={change.id} change={change} zone={zone} />
              ))}
            </ol>
          </CardBody>
        )}
      </PagedList>
    </Card>
  );
}

function Entry({ change, zone }: { change: ReservationChange; zone: string }) {
  const { data: pools } = useListPoolsQuery();
  const facts = changesOf(change.before, change.after, { zone, poolName: poolNames(pools?.data ?? []) });
  const note = changeNote(change);
  return (
    <li className="group relative flex gap-3 pb-5 last:pb-0">
      <span aria-hidden="true" className="absolute top-7 bottom-1 left-3 w-px bg-line group-last:hidden" />
      <span
        aria-hidden="true"
        className="flex size-6 shrink-0 items-center justify-center rounded-full bg-hover text-ink-muted [&_svg]:size-3.5"
      >
        {ICONS[change.kind]}
      </span>
      <div className="min-w-0 flex-1 pt-0.5 text-sm">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium text-ink">{CHANGE_WORDS[change.kind]}</span>
          <span className="text-ink-muted">by {change.by.name}</span>
          <span className="text-ink-muted text-xs">
            <Timestamp value={change.created_at} date="always" />
          </span>
        </p>
        {note === null ? null : <p className="mt-0.5 text-ink-muted">{note}</p>}
        {facts.length === 0 ? null : <ChangeList changes={facts} />}
      </div>
    </li>
  );
}
