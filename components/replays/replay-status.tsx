import { Pause } from "lucide-react";
import { StatusBadge } from "@/components/ui/status-badge";
import type { Replay } from "@/lib/contracts/replays";
import { stateOf } from "./words";

/** What a replay is doing, as icon and word. */
export function ReplayStatus({ replay, filled = false }: { replay: Replay; filled?: boolean }) {
  const { word, tone } = stateOf(replay);
  return (
    <StatusBadge
      tone={tone}
      filled={filled}
      {...(replay.status === "paused" && { icon: <Pause aria-hidden="true" /> })}
    >
      {word}
    </StatusBadge>
  );
}
