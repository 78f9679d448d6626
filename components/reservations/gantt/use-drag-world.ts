"use client";
import { useCallback, useState } from "react";
import { useProject } from "@/components/shell/project-context";
import type { Pool } from "@/lib/contracts/fleet";
import { useGetAvailabilityQuery, useGetBookingPolicyQuery, useGetReservationQuery } from "@/store/reservations-api";
import type { GanttModel } from "./bar-layout";
import type { Draft } from "./drag-rules";
import { type Verdict, verdictOf } from "./drag-verdict";

type Options = {
  range: { from: number; to: number };
  pools: ReadonlyMap<string, Pool>;
  model: GanttModel;
  canWrite: boolean;
  zone: string;
};

/** What is needed to say while dragging what it costs and whether it can be; read only by those who may book. */
export function useDragWorld({ range, pools, model, canWrite, zone }: Options) {
  const { project } = useProject();
  const projectId = project.id;
  const [reservationId, setReservationId] = useState<string | null>(null);
  const policy = useGetBookingPolicyQuery(undefined, { skip: !canWrite });
  const availability = useGetAvailabilityQuery(
    { projectId, from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() },
    { skip: !canWrite },
  );
  const dragged = useGetReservationQuery(
    { projectId, reservationId: reservationId ?? "" },
    { skip: reservationId === null },
  );
  const reservation = reservationId === null ? undefined : dragged.currentData;

  const verdict = useCallback(
    (draft: Draft): Verdict =>
      verdictOf(draft, {
        pool: pools.get(draft.poolId),
        policy: policy.data,
        profile: availability.data?.pools.find(({ pool_id }) => pool_id === draft.poolId),
        reservation: reservation?.id === draft.reservationId ? reservation : undefined,
        parts: draft.reservationId === null ? [] : (model.parts.get(draft.reservationId) ?? []),
        now: new Date(),
        zone,
      }),
    [pools, policy.data, availability.data, reservation, model, zone],
  );
  return { verdictOf: verdict, readReservation: setReservationId };
}
