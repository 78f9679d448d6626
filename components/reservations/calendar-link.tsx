import { CalendarArrowDown } from "lucide-react";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { reservationCalendarHref } from "@/store/feeds-api";

/** Saves a reservation as a file that calendars open. */
export function CalendarLink({ reservationId, zone }: { reservationId: string; zone: string }) {
  const { project } = useProject();
  return (
    <Button asChild size="sm">
      <a
        href={reservationCalendarHref({ projectId: project.id, reservationId, zone })}
        download={`${reservationId}.ics`}
      >
        <CalendarArrowDown aria-hidden="true" />
        Add to calendar
      </a>
    </Button>
  );
}
