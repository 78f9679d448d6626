import { Alert } from "@/components/ui/alert";
import { formatNumber } from "@/components/ui/format";
import { GuardedButton } from "@/components/webhooks/guarded";

type DisabledBannerProps = {
  /** Deliveries that wait; undefined when it is not known. */
  pending: number | undefined;
  blocked: string | undefined;
  onEnable: () => void;
};

/** Cause, consequence and remedy of a webhook that gets nothing. */
export function DisabledBanner({ pending, blocked, onEnable }: DisabledBannerProps) {
  return (
    <Alert
      tone="caution"
      title="This webhook is disabled"
      actions={
        <GuardedButton size="sm" blocked={blocked} onClick={onEnable}>
          Enable
        </GuardedButton>
      }
    >
      Somebody switched it off. New events pass it by and are not sent later. {waiting(pending)}
    </Alert>
  );
}

function waiting(pending: number | undefined): string {
  if (pending === 0) return "No delivery is waiting.";
  if (pending === undefined) return "Deliveries that were pending wait; enabling it sends them at once.";
  return pending === 1
    ? "1 pending delivery waits; enabling it sends it at once."
    : `${formatNumber(pending)} pending deliveries wait; enabling it sends them at once.`;
}
