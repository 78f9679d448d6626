import { useCallback, useMemo } from "react";
import { nameOf } from "@/components/reservations/words";
import { useProject } from "@/components/shell/project-context";
import { truncateMiddle } from "@/components/ui/format";
import type { Reservation } from "@/lib/contracts/reservations";
import { useListReservationsInfiniteQuery } from "@/store/reservations-api";

/** Reservations that have, or had, instances. */
const BEGUN = { status: "active,completed,cancelled" };

/** The project's latest reservations that have begun, and how any is called: by its id where it is not among them. */
export function useReservationNames(): {
  reservations: readonly Reservation[] | undefined;
  reservationName: (id: string) => string;
} {
  const { project, can } = useProject();
  const { currentData } = useListReservationsInfiniteQuery(
    { projectId: project.id, filter: BEGUN },
    { skip: !can("reservations:read") },
  );
  const reservations = useMemo(() => currentData?.pages.flatMap(({ data }) => data), [currentData]);
  const names = useMemo(() => new Map(reservations?.map((one) => [one.id, nameOf(one)])), [reservations]);
  const reservationName = useCallback((id: string) => names.get(id) ?? truncateMiddle(id), [names]);
  return { reservations, reservationName };
}
