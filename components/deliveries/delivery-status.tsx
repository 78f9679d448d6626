import { StatusBadge } from "@/components/ui/status-badge";
import type { DeliveryStatus as Status } from "@/lib/contracts/deliveries";
import { statusMeaning, statusTone, statusWord } from "./status-words";

export type DeliveryStatusProps = {
  status: Status;
  /** On a tinted ground, for the head of a page. */
  filled?: boolean | undefined;
  className?: string | undefined;
};

/** What has become of a delivery, as icon and word. */
export function DeliveryStatus({ status, filled, className }: DeliveryStatusProps) {
  return (
    <span title={statusMeaning(status)} className="inline-flex align-middle">
      <StatusBadge tone={statusTone(status)} filled={filled} className={className}>
        {statusWord(status)}
      </StatusBadge>
    </span>
  );
}
