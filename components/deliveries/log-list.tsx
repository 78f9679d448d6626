"use client";
import { type RefObject, useCallback, useMemo, useState } from "react";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { toast } from "@/components/ui/toast";
import { useHotkeys } from "@/components/ui/use-hotkeys";
import { describeError } from "@/store/api-error";
import { useAppSelector } from "@/store/hooks";
import { selectDensity } from "@/store/ui-slice";
import { useDeliveryLog } from "@/store/use-delivery-log";
import { LogBar } from "./log-bar";
import { countClauses, type LogFilter, toDeliveryFilter } from "./log-filter";
import { LogCards, LogTable, type LogTableHandle } from "./log-rows";
import { LogEmpty, LogFailed, LogLoading, LogNoMatch } from "./log-states";
import { retryBlock } from "./retry-block";
import { useRetry } from "./use-retry";
import type { WebhookNames } from "./use-webhook-names";

export type LogListProps = {
  filter: LogFilter;
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

/** The list itself in all its states. */
export function LogList({
  filter,
  onClearFilter,
  webhooks,
  isTable,
  openId,
  onOpen,
  onMove,
  onHelp,
  table,
}: LogListProps) {
  const { project, can } = useProject();
  const density = useAppSelector(selectDensity);
  const [cursorId, setCursorId] = useState<string | null>(null);
  const { deliveryFilter, moveWindow } = useDeliveryFilter(filter);
  const log = useDeliveryLog({ projectId: project.id, filter: deliveryFilter });
  const { rows, hasMore, isLoadingMore, error, loadMore, showNew } = log;
  const { retry, dialog } = useRetry(project.id);

  const onNearEnd = useCallback(() => {
    if (!isLoadingMore && error === undefined) void loadMore();
  }, [isLoadingMore, error, loadMore]);
  const reload = () => {
    if (!moveWindow()) void showNew();
    if (isTable) table.current?.scrollToTop();
    else window.scrollTo({ top: 0 });
  };
  const retryAtCursor = () => {
    const delivery = rows.find(({ id }) => id === cursorId);
    if (delivery === undefined) return;
    const reason = retryBlock({
      status: delivery.status,
      mayRetry: can("deliveries:retry"),
      webhook: webhooks.stateOf(delivery.webhook_id),
    });
    if (reason === null) retry(delivery);
    else toast.info("This delivery cannot be retried now", { id: "retry-blocked", description: reason });
  };
  // While a delivery is open, its own panel answers to the key.
  useHotkeys(openId === null ? { r: retryAtCursor } : {});

  const list = { rows, webhooks, hasMore, onNearEnd };
  return (
    <Card className="flex min-h-0 flex-1 flex-col">
      <LogBar
        loaded={rows.length}
        hasMore={hasMore}
        isLoadingMore={isLoadingMore}
        isRefreshing={log.isRefreshing}
        newCount={log.newCount}
        onReload={reload}
        onHelp={onHelp}
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
              handle={table}
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
        <LogFailed error={error} onRetry={() => void showNew()} retrying={log.isRefreshing} />
      ) : countClauses(filter) > 0 ? (
        <LogNoMatch onClear={onClearFilter} />
      ) : (
        <LogEmpty webhooks={webhooks} />
      )}
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

/**
 * The filter with a relative range fixed to the moment when it was chosen: if it moved on with the clock, the list would
 * be another one at every render. `moveWindow` lets it catch up and says whether that changed anything.
 */
function useDeliveryFilter(filter: LogFilter) {
  const key = JSON.stringify(filter);
  const [fixed, setFixed] = useState(() => ({ key, at: Date.now() }));
  if (fixed.key !== key) setFixed({ key, at: Date.now() });
  const deliveryFilter = useMemo(() => toDeliveryFilter(filter, fixed.at), [filter, fixed.at]);
  const moveWindow = () => {
    const at = Date.now();
    if (toDeliveryFilter(filter, at).from === deliveryFilter.from) return false;
    setFixed({ key, at });
    return true;
  };
  return { deliveryFilter, moveWindow };
}
