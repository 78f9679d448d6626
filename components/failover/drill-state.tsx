import { StatusBadge } from "@/components/ui/status-badge";
import type { Drill } from "@/lib/contracts/failovers";

/** Whether a drill is under way, and whether everything held. */
export function DrillState({ drill, filled = false }: { drill: Drill; filled?: boolean }) {
  if (drill.status === "running") {
    return (
      <StatusBadge tone="progress" filled={filled}>
        Under way
      </StatusBadge>
    );
  }
  const held = drill.report.did_not_hold.length === 0;
  return (
    <StatusBadge tone={held ? "positive" : "danger"} filled={filled}>
      {held ? "Everything held" : "Not everything held"}
    </StatusBadge>
  );
}
