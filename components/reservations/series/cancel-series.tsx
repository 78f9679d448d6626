"use client";
import { CircleStop } from "lucide-react";
import { useState } from "react";
import { useProject } from "@/components/shell/project-context";
import { Alert } from "@/components/ui/alert";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { ScrollRegion } from "@/components/ui/scroll-region";
import { SkeletonRows } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import { GuardedButton } from "@/components/webhooks/guarded";
import type { SeriesDetail } from "@/lib/contracts/series";
import { describeError, isApiError } from "@/store/api-error";
import { useCancelSeriesMutation, usePreviewCancelSeriesQuery } from "@/store/series-api";
import { bpsWords, creditsWords, formatCredits } from "../money-words";
import { Line } from "../price-breakdown";
import { momentWords } from "../time-words";
import { useReaderZone } from "../use-reader-zone";
import { writeBlock } from "../words";

/** Cancels what has not begun; nothing when all has. */
export function CancelSeries({ series }: { series: SeriesDetail }) {
  const { project, can } = useProject();
  const [cancel] = useCancelSeriesMutation();
  const [isAsking, setIsAsking] = useState(false);
  const toCome = series.by_status.held + series.by_status.confirmed;
  if (toCome === 0) return null;
  return (
    <>
      <GuardedButton blocked={writeBlock(can)} onClick={() => setIsAsking(true)}>
        <CircleStop aria-hidden="true" />
        Cancel the rest
      </GuardedButton>
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setIsAsking}
        title="Cancel what has not begun?"
        description="Those that have begun or ended stay as they are. What is cancelled cannot be brought back, only booked again if it is still free."
        confirmLabel="Cancel the rest"
        cancelLabel="Keep them"
        onConfirm={async () => {
          const { cancelled, refund_micros } = await cancel({ projectId: project.id, seriesId: series.id }).unwrap();
          toast.success(`Cancelled ${cancelled} ${cancelled === 1 ? "reservation" : "reservations"}`, {
            description: `${creditsWords(refund_micros)} came back.`,
          });
        }}
        describeError={(error) => describeError(isApiError(error) ? error : undefined).detail}
      >
        <Refund seriesId={series.id} />
      </ConfirmDialog>
    </>
  );
}

/** What comes back, reservation by reservation. Asked anew each time that the dialog opens. */
function Refund({ seriesId }: { seriesId: string }) {
  const { project } = useProject();
  const zone = useReaderZone();
  const { currentData, error, isFetching } = usePreviewCancelSeriesQuery(
    { projectId: project.id, seriesId },
    { refetchOnMountOrArgChange: true },
  );
  if (isFetching) return <SkeletonRows label="Working out what comes back" rows={2} />;
  if (currentData === undefined) {
    const { title, detail } = describeError(error);
    return (
      <Alert tone="danger" title={title}>
        {detail}
      </Alert>
    );
  }
  const { cancelled, kept, refund_micros, fee_micros, reservations } = currentData;
  return (
    <div className="flex flex-col gap-2">
      <dl className="flex flex-col gap-1 text-sm tabular-nums">
        <Line label={`${cancelled} cancelled, ${kept} kept`}>{""}</Line>
        <Line label="Comes back">{formatCredits(refund_micros)}</Line>
        <Line label="Fee" note={fee_micros === 0 ? "Nothing is kept" : "Kept of what is given back"}>
          {formatCredits(fee_micros)}
        </Line>
      </dl>
      <ScrollRegion label="What is cancelled" className="max-h-48">
        <ul className="flex flex-col gap-1 text-xs">
          {reservations.map(({ id, starts_at, refund_micros: refund, refund_bps }) => (
            <li key={id} className="flex justify-between gap-4 tabular-nums">
              <span className="text-ink">{momentWords(Date.parse(starts_at), zone)}</span>
              <span className="text-ink-muted">
                {formatCredits(refund)}
                {refund_bps === null ? "" : ` (${bpsWords(refund_bps)})`}
              </span>
            </li>
          ))}
        </ul>
      </ScrollRegion>
    </div>
  );
}
