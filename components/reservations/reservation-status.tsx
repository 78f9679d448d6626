import { CalendarCheck, CheckCheck, CircleSlash, Hourglass, Play, TimerOff } from "lucide-react";
import type { ReactNode } from "react";
import { StatusBadge } from "@/components/ui/status-badge";
import type { ReservationStatus as Status } from "@/lib/contracts/reservations";
import { STATUS_WORDS } from "./words";

const ICONS: Readonly<Record<Status, ReactNode>> = {
  held: <Hourglass />,
  confirmed: <CalendarCheck />,
  active: <Play />,
  completed: <CheckCheck />,
  cancelled: <CircleSlash />,
  expired: <TimerOff />,
};

/** Where a reservation stands, as icon and word. */
export function ReservationStatus({ status, filled = false }: { status: Status; filled?: boolean }) {
  const { word, tone } = STATUS_WORDS[status];
  return (
    <StatusBadge tone={tone} filled={filled} icon={ICONS[status]}>
      {word}
    </StatusBadge>
  );
}
