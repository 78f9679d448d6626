"use client";
import { CircleStop, Pause, Play } from "lucide-react";
import { useState } from "react";
import { useProject } from "@/components/shell/project-context";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { formatNumber } from "@/components/ui/format";
import { toast } from "@/components/ui/toast";
import { GuardedButton } from "@/components/webhooks/guarded";
import type { Replay } from "@/lib/contracts/replays";
import { describeError, isApiError } from "@/store/api-error";
import { useCancelReplayMutation, usePauseReplayMutation, useResumeReplayMutation } from "@/store/replays-api";
import { changeBlock } from "./change-block";
import { partsOf } from "./words";

/** Pause, resume and cancel; nothing once the replay has ended. */
export function ReplayActions({ replay }: { replay: Replay }) {
  const { project, can } = useProject();
  const [pause, pausing] = usePauseReplayMutation();
  const [resume, resuming] = useResumeReplayMutation();
  const [cancel] = useCancelReplayMutation();
  const [asking, setAsking] = useState(false);
  if (replay.status === "completed" || replay.status === "cancelled") return null;
  const one = { projectId: project.id, replayId: replay.id };
  const blocked = changeBlock(can);
  const { waiting } = partsOf(replay);
  return (
    <>
      {replay.status === "running" ? (
        <GuardedButton blocked={blocked} loading={pausing.isLoading} onClick={() => pause(one).unwrap().catch(tell)}>
          <Pause aria-hidden="true" />
          Pause
        </GuardedButton>
      ) : (
        <GuardedButton
          variant="primary"
          blocked={blocked}
          loading={resuming.isLoading}
          onClick={() => resume(one).unwrap().catch(tell)}
        >
          <Play aria-hidden="true" />
          Resume
        </GuardedButton>
      )}
      <GuardedButton blocked={blocked} onClick={() => setAsking(true)}>
        <CircleStop aria-hidden="true" />
        Cancel
      </GuardedButton>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Cancel this replay?"
        description={`${formatNumber(replay.queued)} of ${formatNumber(replay.total)} are queued and will go out. The other ${formatNumber(waiting)} will not be sent, and this replay cannot be resumed.`}
        confirmLabel="Cancel replay"
        cancelLabel="Keep it"
        onConfirm={() => cancel(one).unwrap()}
        describeError={(error) => describeError(isApiError(error) ? error : undefined).detail}
      />
    </>
  );
}

function tell(error: unknown) {
  const { title, detail, requestId } = describeError(isApiError(error) ? error : undefined);
  toast.error(title, { description: detail, ...(requestId === null ? {} : { requestId }) });
}
