"use client";
import Link from "next/link";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import { formatNumber } from "@/components/ui/format";
import { Progress } from "@/components/ui/progress";
import { deliveriesWord, skipWords } from "./bulk-words";
import { inlineLinkClass } from "./links";
import { type Selection, sizeOf } from "./selection";
import { type BulkState, useBulkRetry } from "./use-bulk-retry";

export type BulkRetryDialogProps = {
  projectId: string;
  selection: Selection;
  scope: string;
  /** How many of them were delivered already. */
  delivered: number;
  /** The page that prepares a replay of the same ones, where there can be one. */
  replayHref: string | null;
  onClose: () => void;
  /** They are queued; nothing is left to be done to this selection. */
  onDone: () => void;
};

/** Asks, queues part by part, and tells how many were queued and what was not. Mount it anew for each selection. */
export function BulkRetryDialog({ projectId, selection, scope, delivered, replayHref, ...on }: BulkRetryDialogProps) {
  const total = sizeOf(selection);
  const { state, run, stop } = useBulkRetry(projectId, selection);
  const isRunning = state.kind === "running";
  const isEnded = state.kind === "ended";
  const close = () => (isEnded ? on.onDone() : on.onClose());
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) close();
      }}
      dismissible={!isRunning}
      size="md"
      title={isEnded ? "Queued" : `Retry ${deliveriesWord(total)}?`}
      description={scope}
    >
      <DialogBody>
        <Told state={state} total={total} delivered={delivered} replayHref={replayHref} />
      </DialogBody>
      <DialogFooter>
        {isRunning ? (
          <Button onClick={stop}>Stop</Button>
        ) : (
          <Button onClick={close} variant={isEnded ? "primary" : "secondary"}>
            {isEnded ? "Close" : "Cancel"}
          </Button>
        )}
        {isEnded ? null : (
          <Button variant="primary" onClick={run} loading={isRunning}>
            {state.kind === "broken" ? "Go on" : `Queue ${deliveriesWord(total)}`}
          </Button>
        )}
      </DialogFooter>
    </Dialog>
  );
}

type ToldProps = Pick<BulkRetryDialogProps, "delivered" | "replayHref"> & { state: BulkState; total: number };

function Told({ state, total, delivered, replayHref }: ToldProps) {
  if (state.kind === "asking") {
    return (
      <>
        <p className="text-sm">
          Each gets an attempt now: waiting ones at once instead of at their next time, ended ones a single further
          attempt. What is under way, or belongs to a webhook that is disabled or deleted, is skipped.
        </p>
        {delivered === 0 ? null : (
          <Alert
            tone="caution"
            title={`${formatNumber(delivered)} of them ${delivered === 1 ? "was" : "were"} delivered already`}
          >
            Their receivers get them a second time, with the same event ids; a receiver that does not check ids acts on
            them twice.
          </Alert>
        )}
        {replayHref === null ? null : (
          <p className="text-ink-muted text-sm">
            Many at once? A replay sends the same deliveries at a rate of your choice, and can be paused.{" "}
            <Link href={replayHref} className={inlineLinkClass}>
              Prepare a replay
            </Link>
          </p>
        )}
      </>
    );
  }
  const { progress } = state;
  const skipped = skipWords(progress.skipped);
  return (
    <>
      {state.kind === "running" ? <Progress label="Queueing" value={progress.done} max={total} /> : null}
      <div role="status" className="flex flex-col gap-1 text-sm">
        <p className="tabular-nums">
          <span className="font-medium">{formatNumber(progress.queued)} queued</span>
          {state.kind === "ended" && state.how === "all" ? "" : ` of ${formatNumber(total)}`}
          {state.kind === "ended" && state.how === "stopped" ? "; stopped, the rest was left as it is" : ""}.
        </p>
        {skipped.length === 0 ? null : (
          <div className="text-ink-muted">
            <p>Skipped:</p>
            <ul className="list-disc pl-5">
              {skipped.map((words) => (
                <li key={words}>{words}</li>
              ))}
            </ul>
          </div>
        )}
        {state.kind === "ended" ? (
          <p className="text-ink-muted">The log shows what comes of them, attempt by attempt.</p>
        ) : null}
      </div>
      {state.kind === "broken" ? (
        <Alert tone="danger" live title={state.error.title}>
          {state.error.detail} What is queued stays queued.
          {state.error.requestId === null ? null : ` Request ${state.error.requestId}`}
        </Alert>
      ) : null}
    </>
  );
}
