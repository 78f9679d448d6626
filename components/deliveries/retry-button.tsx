"use client";
import { RotateCw } from "lucide-react";
import { useEffect } from "react";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { useHotkeys } from "@/components/ui/use-hotkeys";
import type { DeliveryDetail } from "@/lib/contracts/deliveries";
import { TIMELINE_END_ID } from "./attempt-timeline";
import { retryBlock } from "./retry-block";
import { useRetry } from "./use-retry";

export type RetryButtonProps = {
  delivery: DeliveryDetail;
  webhook: { enabled: boolean; deleted: boolean };
};

/**
 * "Retry now". It says "Queued" until a worker has taken the delivery up, and never that something succeeded: that is
 * for the attempt to show. While it cannot be pressed the reason stands beside it.
 */
export function RetryButton({ delivery, webhook }: RetryButtonProps) {
  const { project, can } = useProject();
  const { retry, isSending, queuedAfter, dialog } = useRetry(project.id);
  useEffect(() => {
    if (queuedAfter !== null) document.getElementById(TIMELINE_END_ID)?.scrollIntoView({ block: "center" });
  }, [queuedAfter]);
  const reason = retryBlock({ status: delivery.status, mayRetry: can("deliveries:retry"), webhook });
  const isQueued = queuedAfter === delivery.attempt_count && delivery.status === "pending";
  const isBlocked = reason !== null || isQueued;
  const press = () => {
    if (!isBlocked && !isSending) retry(delivery);
  };
  useHotkeys({ r: press });
  // What passes by itself is told by the button; only what does not needs a sentence.
  const passing = isQueued ? "The next attempt starts in a moment." : delivery.status === "delivering" ? reason : null;
  return (
    <div className="flex flex-wrap items-center justify-end gap-x-3 gap-y-1">
      {reason === null || passing !== null ? null : <p className="text-ink-muted text-xs">{reason}</p>}
      <span role="status" className="sr-only">
        {passing}
      </span>
      <Button aria-disabled={isBlocked} title={reason ?? passing ?? undefined} loading={isSending} onClick={press}>
        <RotateCw aria-hidden="true" />
        {isQueued ? "Queued" : delivery.status === "delivering" ? "Sending" : "Retry now"}
      </Button>
      {dialog}
    </div>
  );
}
