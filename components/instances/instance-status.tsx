import { CircleX, Hourglass, LoaderCircle, Play, Power, PowerOff } from "lucide-react";
import type { ReactNode } from "react";
import { StatusBadge, StatusIcon } from "@/components/ui/status-badge";
import type { InstanceStatus as Status } from "@/lib/contracts/instances";
import { STATUS_WORDS } from "./words";

const ICONS: Readonly<Record<Status, ReactNode>> = {
  requested: <Hourglass />,
  starting: <LoaderCircle className="animate-spin" />,
  running: <Play />,
  stopping: <Power />,
  stopped: <PowerOff />,
  failed: <CircleX />,
};

/** Where an instance stands, as icon and word. */
export function InstanceStatus({ status, filled = false }: { status: Status; filled?: boolean }) {
  const { word, tone } = STATUS_WORDS[status];
  return (
    <StatusBadge tone={tone} filled={filled} icon={ICONS[status]}>
      {word}
    </StatusBadge>
  );
}

/** The icon alone, beside its word. @param isStill it does not turn: for what is past or to come */
export function InstanceStatusIcon({ status, isStill = false }: { status: Status; isStill?: boolean }) {
  const icon = isStill && status === "starting" ? <LoaderCircle /> : ICONS[status];
  return <StatusIcon tone={STATUS_WORDS[status].tone} icon={icon} />;
}
