"use client";
import { CalendarRange } from "lucide-react";
import { LoadError } from "@/components/shell/load-error";
import { Alert } from "@/components/ui/alert";
import { Card, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { SeriesPreview, SeriesRule } from "@/lib/contracts/series";
import { describeError, fieldErrors } from "@/store/api-error";
import { creditsWords } from "../money-words";
import { PlanNotice, ShortfallNotice } from "../notices";
import { OccurrenceTable } from "./occurrence-table";
import type { Previewing } from "./use-series-preview";

export type PreviewPanelProps = {
  previewing: Previewing;
  rule: SeriesRule | null;
  skips: boolean;
};

/** Every occurrence before anything is booked, and what it comes to. */
export function PreviewPanel({ previewing: { preview, error, isAsking, again }, rule, skips }: PreviewPanelProps) {
  return (
    <Card>
      <CardHeader title="Preview" description={preview === undefined ? "Nothing is booked yet." : summaryOf(preview)} />
      {isAsking ? (
        <SkeletonRows label="Looking at every occurrence" rows={4} />
      ) : error !== undefined ? (
        <Failed error={error} again={again} />
      ) : preview === undefined || rule === null ? (
        <EmptyState icon={<CalendarRange />} title="Nothing to show yet">
          Once where, when and how often are clear, every occurrence is listed here.
        </EmptyState>
      ) : (
        <>
          <Hindrance preview={preview} skips={skips} />
          <OccurrenceTable label="Occurrences" occurrences={preview.occurrences} rule={rule} skips={skips} />
        </>
      )}
    </Card>
  );
}

function summaryOf({ occurrences, bookable, total_micros, available_after_micros }: SeriesPreview): string {
  const all = bookable === occurrences.length ? `All ${bookable}` : `${bookable} of ${occurrences.length}`;
  return `${all} can be booked, for ${creditsWords(total_micros)}. ${creditsWords(available_after_micros)} are left then.`;
}

/** Why the series as a whole would be refused, or what it leaves out. */
function Hindrance({ preview, skips }: { preview: SeriesPreview; skips: boolean }) {
  const { occurrences, bookable, shortfall_micros } = preview;
  const missing = occurrences.length - bookable;
  if (missing === 0) return null;
  const lackOnlyCredits = occurrences.every(({ outcome }) => outcome === "bookable" || outcome === "no_credits");
  if (lackOnlyCredits && (!skips || bookable === 0)) {
    return (
      <div className="p-4">
        <ShortfallNotice shortfallMicros={shortfall_micros} />
      </div>
    );
  }
  return (
    <div className="p-4">
      <Alert
        tone="caution"
        title={missing === 1 ? "1 occurrence cannot be booked" : `${missing} occurrences cannot be booked`}
      >
        {bookable === 0
          ? "Choose other times, another pool or fewer GPUs."
          : skips
            ? "They are left out. The others are booked."
            : "None is booked while that is so. Tick “Leave out what cannot be booked”, or choose other times."}
      </Alert>
    </div>
  );
}

type FailedProps = { error: NonNullable<Previewing["error"]>; again: () => void };

function Failed({ error, again }: FailedProps) {
  const code = "status" in error ? error.problem?.code : undefined;
  if (code === "plan_required") {
    return (
      <div className="p-4">
        <PlanNotice />
      </div>
    );
  }
  if (code === "validation_failed") {
    return (
      <EmptyState icon={<CalendarRange />} title="This series is not possible">
        {[...new Set(fieldErrors(error).map(({ message }) => message))].join(" ") || describeError(error).detail}
      </EmptyState>
    );
  }
  return <LoadError error={error} onRetry={again} />;
}
