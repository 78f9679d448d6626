"use client";
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { LoadError } from "@/components/shell/load-error";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { toast } from "@/components/ui/toast";
import { useHotkeys } from "@/components/ui/use-hotkeys";
import { describeError } from "@/store/api-error";
import { useAppSelector } from "@/store/hooks";
import { selectDensity } from "@/store/ui-slice";
import { useDeliveryLog } from "@/store/use-delivery-log";
import { useHistogram } from "@/store/use-histogram";
import { LogBar } from "./log-bar";
import { LogBulk, type LogBulkHandle } from "./log-bulk";
import { LogChart } from "./log-chart";
import { countClauses, type LogFilter } from "./log-filter";
import { LogCards, LogTable, type LogTableHandle } from "./log-rows";
import { LogEmpty, LogLoading, LogNoMatch, LogSearching } from "./log-states";
import { retryBlock } from "./retry-block";
import { useFixedFilter } from "./use-fixed-filter";
import { useRetry } from "./use-retry";
import { useSelection } from "./use-selection";
import type { WebhookNames } from "./use-webhook-names";

export type LogListProps = {
  filter: LogFilter;
  onFilter: (changes: Partial<LogFilter>) => void;
  onClearFilter: () => void;
  webhooks: WebhookNames;
  isTable: boolean;
  openId: string | null;
  /** Opens a delivery beside the list; absent where there is no room. */
  onOpen?: ((id: string) => void) | undefined;
  /** The keyboard went on to this row; if a delivery is open, this one takes its place. */
  onMove: (id: string) => void;
  onHelp: () => void;
  table: RefObject<LogTableHandle | null>;
};

/** The list itself in all its states, with its chart above and what is chosen in it below. */
export function LogList({
  filter,
  onFilter,
  onClearFilter,
  webhooks,
  isTable,
  openId,
  onOpen,
  onMove,
  ...on
}: LogListProps) {
  const { project, can } = useProject();
  const density = useAppSelector(selectDensity);
  const [cursorId, setCursorId] = useState<string | null>(null);
  const bulk = useRef<LogBulkHandle>(null);
  const { deliveryFilter, moveWindow } = useFixedFilter(filter);
  const log = useDeliveryLog({ projectId: project.id, filter: deliveryFilter });
  const chart = useHistogram({ projectId: project.id, filter: deliveryFilter });
  const { rows, hasMore, isLoadingMore, error, loadMore, showNew } = log;
  const ids = useMemo(() => rows.map(({ id }) => id), [rows]);
  const selection = useSelection(ids, JSON.stringify([project.id, deliveryFilter]));
  const { retry, dialog } = useRetry(project.id);

  const onNearEnd = useCallback(() => {
    if (!isLoadingMore && error === undefined) void loadMore();
  }, [isLoadingMore, error, loadMore]);
  // A page without a row is not the end: the server has looked at its part of the log and says where to go on.
  const isSearching = rows.length === 0 && hasMore && error === undefined;
  useEffect(() => {
    if (isSearching) onNearEnd();
  }, [isSearching, onNearEnd]);

  const reload = () => {
    if (!moveWindow()) {
      void showNew();
      chart.retry();
    }
    if (isTable) on.table.current?.scrollToTop();
    else window.scrollTo({ top: 0 });
  };
  const retryAtCursor = () => {
    if (selection.size > 0) return bulk.current?.retry();
    const delivery = rows.find(({ id }) => id === cursorId);
    if (delivery === undefined) return;
    const reason = retryBlock({
      status: delivery.status,
      mayRetry: can("deliveries:retry"),
      webhook: webhooks.stateOf(delivery),
    });
    if (reason === null) retry(delivery);
    else toast.info("This delivery cannot be retried now", { id: "retry-blocked", description: reason });
  };
  // While a delivery is open, its own panel answers to the key.
  useHotkeys(openId === null ? { r: retryAtCursor } : {});

  const list = { rows, webhooks, hasMore, onNearEnd };
  const isEmptyLog = rows.length === 0 && !isSearching && countClauses(filter) === 0;
  return (
    <Card className="flex min-h-0 flex-1 flex-col">
      {isEmptyLog && !log.isLoading && error === undefined ? null : (
        <LogChart chart={chart} onRange={({ from, to }) => onFilter({ range: null, from, to })} />
      )}
      <LogBar
        loaded={rows.length}
        hasMore={hasMore}
        histogram={chart.histogram}
        isLoadingMore={isLoadingMore}
        isRefreshing={log.isRefreshing}
        newCount={log.newCount}
        onReload={reload}
        onHelp={on.onHelp}
        isTable={isTable}
      />
      {rows.length > 0 ? (
        <>
          {isTable ? (
            <LogTable
              {...list}
              density={density}
              openId={openId}
              cursorId={cursorId}
              onCursor={setCursorId}
              onOpen={onOpen}
              onMove={onMove}
              selection={selection}
              handle={on.table}
            />
          ) : (
            <LogCards {...list} />
          )}
          {error === undefined ? null : (
            <MoreFailed error={error} onRetry={() => void loadMore()} retrying={isLoadingMore} />
          )}
        </>
      ) : log.isLoading ? (
        <LogLoading />
      ) : error !== undefined ? (
        <LoadError error={error} onRetry={() => void showNew()} retrying={log.isRefreshing} />
      ) : isSearching ? (
        <LogSearching />
      ) : isEmptyLog ? (
        <LogEmpty webhooks={webhooks} />
      ) : (
        <LogNoMatch onClear={onClearFilter} />
      )}
      <LogBulk
        selection={selection}
        rows={rows}
        filter={filter}
        deliveryFilter={deliveryFilter}
        histogram={chart.histogram}
        webhookName={webhooks.nameOf}
        isOpen={openId !== null}
        handle={bulk}
      />
      {dialog}
    </Card>
  );
}

type MoreFailedProps = { error: Parameters<typeof describeError>[0]; onRetry: () => void; retrying: boolean };

/** What is loaded stays; only the rest is missing. */
function MoreFailed({ error, onRetry, retrying }: MoreFailedProps) {
  const { title, detail, requestId } = describeError(error);
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center justify-between gap-2 border-line border-t px-4 py-2 text-danger text-xs"
    >
      <p>
        {title}. {detail} {requestId === null ? null : <span className="font-mono">{requestId}</span>}
      </p>
      <Button size="sm" onClick={onRetry} loading={retrying}>
        Try again
      </Button>
    </div>
  );
}
