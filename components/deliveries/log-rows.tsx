"use client";
import { type Ref, useCallback, useEffect, useEffectEvent, useImperativeHandle, useRef, useState } from "react";
import { Table, TBody } from "@/components/ui/table";
import { useHotkeys } from "@/components/ui/use-hotkeys";
import { useVirtualRows, useWindowVirtualRows, type VirtualRows } from "@/components/ui/use-virtual-rows";
import { VirtualSpacer } from "@/components/ui/virtual-spacer";
import type { Delivery } from "@/lib/contracts/deliveries";
import type { Density } from "@/store/ui-slice";
import { DeliveryCard, DeliveryHead, DeliveryRow } from "./delivery-cells";
import type { UseSelection } from "./use-selection";
import type { WebhookNames } from "./use-webhook-names";

/** Rows before the end at which the next page is asked for, so that scrolling rarely meets the end. */
const AHEAD = 30;
const ROW_HEIGHT: Record<Density, number> = { compact: 28, comfortable: 36 };
const CARD_HEIGHT = 92;

export type LogRowsProps = {
  rows: readonly Delivery[];
  webhooks: WebhookNames;
  hasMore: boolean;
  /** Asks for the next page; called once too often rather than too seldom. */
  onNearEnd: () => void;
};

export type LogTableProps = LogRowsProps & {
  density: Density;
  /** The delivery that is open beside the list. */
  openId: string | null;
  /** The row that the keyboard is at. */
  cursorId: string | null;
  onCursor: (id: string) => void;
  /** Opens a row beside the list; absent where there is no room, then rows lead to their pages. */
  onOpen?: ((id: string) => void) | undefined;
  /** Moves to the next or previous row: what is open follows. */
  onMove: (id: string) => void;
  selection: UseSelection;
  handle: Ref<LogTableHandle>;
};

export type LogTableHandle = {
  /** Gives the focus to a row, if it is drawn. */
  focusRow: (id: string) => void;
  scrollToTop: () => void;
};

/** The log as a table that scrolls by itself and draws only the rows that can be seen. */
export function LogTable({ rows, webhooks, hasMore, onNearEnd, density, openId, cursorId, ...rest }: LogTableProps) {
  const { onCursor, onOpen, onMove, selection, handle } = rest;
  const scroller = useRef<HTMLDivElement>(null);
  const keyOf = useCallback((index: number) => rows[index]?.id ?? index, [rows]);
  const virtual = useVirtualRows({ count: rows.length, rowHeight: ROW_HEIGHT[density], keyOf, scroller });
  useNearEnd({ virtual, count: rows.length, hasMore, onNearEnd });

  // A row that was scrolled to is there only some renders later; the focus waits for it.
  const awaited = useRef<string | null>(null);
  useEffect(() => {
    if (awaited.current !== null && focusRow(scroller.current, awaited.current)) awaited.current = null;
  });
  useImperativeHandle(
    handle,
    () => ({
      focusRow: (id) => focusRow(scroller.current, id),
      scrollToTop: () => scroller.current?.scrollTo({ top: 0 }),
    }),
    [],
  );

  const [awaitsMore, setAwaitsMore] = useState(false);
  const goTo = (index: number) => {
    const next = rows[index];
    if (next === undefined) return;
    virtual.scrollToIndex(index);
    // Who reads the open delivery keeps the focus there; in the list the focus goes along.
    if (!document.activeElement?.closest("[data-inspector]")) awaited.current = next.id;
    onCursor(next.id);
    onMove(next.id);
  };
  const current = openId ?? cursorId;
  const at = current === null ? -1 : rows.findIndex(({ id }) => id === current);
  const move = (by: 1 | -1) => {
    const index = at === -1 ? 0 : at + by;
    if (rows[index] === undefined && by === 1 && hasMore) {
      setAwaitsMore(true);
      onNearEnd();
    } else goTo(index);
  };
  const extend = (by: 1 | -1) => {
    const from = rows[at];
    const next = rows[at + by];
    if (from === undefined || next === undefined) return;
    if (selection.size === 0) selection.toggle(from.id, false);
    selection.toggle(next.id, true);
    goTo(at + by);
  };
  const extendDown = () => extend(1);
  const extendUp = () => extend(-1);
  // Past the last loaded row "next" waits for the page that is on its way.
  const goOn = useEffectEvent(() => goTo(at + 1));
  useEffect(() => {
    if (!awaitsMore || at + 1 >= rows.length) return;
    setAwaitsMore(false);
    goOn();
  }, [awaitsMore, at, rows.length]);
  useHotkeys({
    j: () => move(1),
    k: () => move(-1),
    J: extendDown,
    K: extendUp,
    x: () => current !== null && selection.toggle(current, false),
  });

  return (
    <div
      ref={scroller}
      className="@container relative min-h-0 flex-1 overflow-auto [--table-top:0px] [overflow-anchor:none]"
    >
      <Table
        label="Deliveries, newest first"
        density={density === "compact" ? "compact" : "normal"}
        className="table-fixed"
        wrapperClassName="max-lg:overflow-x-visible"
        aria-rowcount={hasMore ? -1 : rows.length + 1}
      >
        <DeliveryHead all={{ checked: selection.head, onToggle: selection.toggleAll }} />
        <TBody>
          {/* Spanning all columns would bring back those that are hidden where the list is narrow. */}
          <VirtualSpacer height={virtual.before} columns={1} />
          {virtual.rows.map(({ index, key }) => {
            const delivery = rows[index];
            return delivery === undefined ? null : (
              <DeliveryRow
                key={key}
                rowIndex={index + 2}
                delivery={delivery}
                webhookName={webhooks.nameOfDelivery(delivery)}
                paused={!webhooks.stateOf(delivery).enabled}
                selected={delivery.id === openId}
                checked={selection.isSelected(delivery.id)}
                onCheck={selection.toggle}
                onOpen={onOpen}
                onFocus={onCursor}
              />
            );
          })}
          <VirtualSpacer height={virtual.after} columns={1} />
        </TBody>
      </Table>
    </div>
  );
}

/** The log as cards that scroll with the page, for phones. */
export function LogCards({ rows, webhooks, hasMore, onNearEnd }: LogRowsProps) {
  const list = useRef<HTMLUListElement>(null);
  const keyOf = useCallback((index: number) => rows[index]?.id ?? index, [rows]);
  const virtual = useWindowVirtualRows({ count: rows.length, rowHeight: CARD_HEIGHT, keyOf, overscan: 10, list });
  useNearEnd({ virtual, count: rows.length, hasMore, onNearEnd });
  return (
    <ul
      ref={list}
      aria-label="Deliveries, newest first"
      style={{ paddingTop: virtual.before, paddingBottom: virtual.after }}
    >
      {virtual.rows.map(({ index, key }) => {
        const delivery = rows[index];
        return delivery === undefined ? null : (
          <li key={key} ref={virtual.measure} data-index={index} className="border-line border-b">
            <DeliveryCard
              delivery={delivery}
              webhookName={webhooks.nameOfDelivery(delivery)}
              paused={!webhooks.stateOf(delivery).enabled}
            />
          </li>
        );
      })}
    </ul>
  );
}

/** @returns whether the row was there */
function focusRow(list: HTMLElement | null, id: string): boolean {
  const link = list?.querySelector(`[data-delivery="${CSS.escape(id)}"] a[data-row-link]`);
  if (!(link instanceof HTMLElement)) return false;
  link.focus({ preventScroll: true });
  return true;
}

type NearEnd = { virtual: VirtualRows; count: number; hasMore: boolean; onNearEnd: () => void };

function useNearEnd({ virtual, count, hasMore, onNearEnd }: NearEnd) {
  const last = virtual.rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= count - AHEAD) onNearEnd();
  }, [hasMore, last, count, onNearEnd]);
}
