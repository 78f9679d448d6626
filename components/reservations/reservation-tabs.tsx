"use client";
import { useProject } from "@/components/shell/project-context";
import { LinkTabs } from "@/components/ui/link-tabs";
import { useListWaitlistInfiniteQuery } from "@/store/waitlist-api";
import { RESERVATIONS } from "./links";
import { SERIES } from "./series/links";
import { WAITLIST } from "./waitlist/links";

/** The pages of reservations; beside the waiting list, how many offers wait for an answer. */
export function ReservationTabs() {
  const { project } = useProject();
  const { currentData } = useListWaitlistInfiniteQuery({ projectId: project.id, open: true });
  const offers =
    currentData?.pages.flatMap(({ data }) => data).filter(({ status }) => status === "offered").length ?? 0;
  return (
    <LinkTabs
      label="Reservations"
      items={[
        { href: RESERVATIONS, label: "Calendar", exact: true },
        { href: WAITLIST, label: "Waiting list", count: offers === 0 ? undefined : offers },
        { href: SERIES, label: "Series" },
      ]}
    />
  );
}
