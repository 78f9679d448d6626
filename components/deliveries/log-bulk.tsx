"use client";
import { type RefObject, useImperativeHandle, useState } from "react";
import { useProject } from "@/components/shell/project-context";
import { useOffset } from "@/components/ui/time-zone";
import { toast } from "@/components/ui/toast";
import { useHotkeys } from "@/components/ui/use-hotkeys";
import type { Delivery } from "@/lib/contracts/deliveries";
import type { DeliveryHistogram } from "@/lib/contracts/delivery-log";
import type { DeliveryFilter } from "@/store/delivery-mirror";
import { BulkBar } from "./bulk-bar";
import { BulkRetryDialog } from "./bulk-retry-dialog";
import { replayHref, scopeWords } from "./bulk-words";
import { totalsOf } from "./chart-model";
import { filterChips, type LogFilter } from "./log-filter";
import type { UseSelection } from "./use-selection";

export type LogBulkHandle = { retry: () => void };

export type LogBulkProps = {
  selection: UseSelection;
  rows: readonly Delivery[];
  filter: LogFilter;
  deliveryFilter: DeliveryFilter;
  histogram: DeliveryHistogram | undefined;
  webhookName: (id: string) => string;
  /** While a delivery is open, Escape closes that first. */
  isOpen: boolean;
  handle: RefObject<LogBulkHandle | null>;
};

/** What is chosen in the list and what can be done to all of it at once. Nothing while nothing is chosen. */
export function LogBulk({
  selection,
  rows,
  filter,
  deliveryFilter,
  histogram,
  webhookName,
  isOpen,
  handle,
}: LogBulkProps) {
  const { project, can } = useProject();
  const offsetAt = useOffset();
  const [asking, setAsking] = useState(false);
  const { selection: chosen, size } = selection;
  const blocked = can("deliveries:retry") ? null : "Your role can look at deliveries but not retry them.";
  const ask = () => {
    if (blocked === null) setAsking(true);
    else toast.info("These deliveries cannot be retried", { id: "retry-blocked", description: blocked });
  };
  useImperativeHandle(handle, () => ({ retry: ask }));
  useHotkeys(size > 0 && !isOpen ? { Escape: selection.clear } : {});
  if (size === 0) return null;

  const words = { webhookName, now: Date.now(), offsetAt };
  const scope = scopeWords(chosen, filterChips(filter, words));
  const more = chosen.matching === null && selection.head === true && histogram?.complete ? histogram.total : 0;
  const selectMatching = () => {
    if (histogram === undefined) return;
    // What comes in from now on was not counted and is not meant.
    const counted = { ...deliveryFilter, to: deliveryFilter.to ?? histogram.to };
    selection.selectMatching({
      filter: counted,
      total: histogram.total,
      delivered: totalsOf(histogram.buckets).delivered,
    });
  };
  const delivered =
    chosen.matching?.delivered ?? rows.filter(({ id, status }) => status === "delivered" && chosen.ids.has(id)).length;
  return (
    <>
      <BulkBar
        scope={scope}
        ids={chosen.matching === null ? [...chosen.ids] : []}
        matching={more > size ? more : null}
        onSelectMatching={selectMatching}
        blocked={blocked}
        onRetry={ask}
        onClear={selection.clear}
      />
      {asking ? (
        <BulkRetryDialog
          projectId={project.id}
          selection={chosen}
          scope={scope}
          delivered={delivered}
          replayHref={histogram === undefined ? null : replayHref(chosen, histogram.from)}
          onClose={() => setAsking(false)}
          onDone={() => {
            setAsking(false);
            selection.clear();
          }}
        />
      ) : null}
    </>
  );
}
