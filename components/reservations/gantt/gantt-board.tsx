"use client";
import { useMemo, useRef, useState } from "react";
import { useProject } from "@/components/shell/project-context";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { CALENDAR_LIMITS } from "@/lib/contracts/calendar";
import type { Pool } from "@/lib/contracts/fleet";
import { describeError } from "@/store/api-error";
import { BarCard } from "./bar-card";
import type { GanttModel } from "./bar-layout";
import { moveOf } from "./bar-navigation";
import { DragTag } from "./drag-ghost";
import { type Draft, draftOf, isChange } from "./drag-rules";
import { createDragStore } from "./drag-store";
import { type Asked, GanttDialogs } from "./gantt-dialogs";
import { barOfKey, GanttGrid, rowUnder } from "./gantt-grid";
import { setGanttPrefs, useGanttPrefs } from "./gantt-prefs";
import { GanttToolbar } from "./gantt-toolbar";
import type { GanttRow } from "./row-tree";
import { nextZoom, ZOOMS } from "./time-scale";
import { useBarRights } from "./use-bar-rights";
import { useDragWorld } from "./use-drag-world";
import { useGanttDrag } from "./use-gantt-drag";
import { useGanttFocus } from "./use-gantt-focus";
import { useGanttPan } from "./use-gantt-pan";
import { useGanttScroll } from "./use-gantt-scroll";
import { useGanttZoom } from "./use-gantt-zoom";

type Props = {
  date: Date;
  onNavigate: (date: Date) => void;
  zone: string;
  range: { from: number; to: number };
  pools: readonly Pool[];
  rows: readonly GanttRow[];
  model: GanttModel;
  onFold: (keys: readonly string[], folded: boolean) => void;
  isTruncated: boolean;
  isRefreshing: boolean;
  refreshError: Parameters<typeof describeError>[0];
  onRefresh: () => void;
};

/** The gantt with everything that can be done in it. */
export function GanttBoard({ date, onNavigate, zone, range, pools, rows, model, onFold, ...state }: Props) {
  const { can } = useProject();
  const canWrite = can("reservations:write");
  const { rowHeight, span } = useGanttPrefs();
  const scroller = useRef<HTMLDivElement>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [openBar, setOpenBar] = useState<string | null>(null);
  const anchor = useRef<HTMLElement>(null as unknown as HTMLElement);
  const [drag] = useState(createDragStore);
  const poolsById = useMemo(() => new Map(pools.map((pool) => [pool.id, pool])), [pools]);
  const poolName = (id: string) => poolsById.get(id)?.name ?? "another pool";

  const scroll = useGanttScroll({
    scroller,
    zone,
    date,
    span,
    onSpan: (next) => setGanttPrefs({ span: next }),
    onNavigate,
  });
  useGanttZoom(scroller, span, scroll);
  useGanttPan(scroller);
  const focus = useGanttFocus({
    scroller,
    scroll,
    rows,
    model,
    rowHeight,
    onFold: (key, isOpen) => onFold([key], !isOpen),
  });
  const { rightsOf, draggable, freedomOf } = useBarRights(model, canWrite);
  const world = useDragWorld({ range, pools: poolsById, model, canWrite, zone });
  const { begin, takesClick } = useGanttDrag({
    scroller,
    store: drag,
    canBook: canWrite,
    freedomOf,
    barOf: (key) => barOfKey(model, key),
    placeUnder: (x, y) =>
      scroller.current === null
        ? null
        : { time: scroll.timeUnder(x), row: rowUnder(scroller.current, y, rowHeight, rows.length) },
    draftOf: (dragged, at) => draftOf(dragged, at, rows, model, poolsById),
    verdictOf: world.verdictOf,
    onBegin: (bar) => {
      setOpenBar(null);
      world.readReservation(bar?.bar.reservation_id ?? null);
    },
    onDrop: (draft, bar) => {
      if (isChange(draft, bar)) setAsked(askedOf(draft, bar?.bar.version ?? null));
    },
  });

  const goToNow = () => {
    const now = Date.now();
    if (now > range.from && now < range.to) scroll.scrollTo(now);
    else onNavigate(new Date(now));
  };
  const zoomBy = (direction: 1 | -1) => {
    const bar = focus.focus.barKey === null ? undefined : barOfKey(model, focus.focus.barKey);
    scroll.zoomTo(nextZoom(span, direction), bar ? scroll.offsetOf(bar.from) : undefined);
  };
  const foldable = rows.filter(({ kind }) => kind === "node").map(({ key }) => key);
  const pressHead = (row: GanttRow) => {
    if (row.kind !== "unit") onFold([row.key], row.isOpen);
    else if (canWrite) setAsked({ kind: "book", poolId: row.poolId, draft: null });
  };
  const onKey = (event: React.KeyboardEvent) => {
    if (event.altKey || event.metaKey) return;
    // Whatever contains the gantt has keys of its own.
    const take = () => {
      event.preventDefault();
      event.stopPropagation();
    };
    const move = moveOf(event.key, event.ctrlKey);
    if (move !== null) {
      take();
      focus.move(move);
      return;
    }
    if (event.ctrlKey) return;
    const head = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-head]") : null;
    const row = head === null ? undefined : rows.find(({ key }) => key === head.dataset.head);
    const zooms = ZOOMS.map(({ ms }, i) => [String(i + 1), () => scroll.zoomTo(ms)] as const);
    const keys: Record<string, () => void> = {
      "+": () => zoomBy(1),
      "=": () => zoomBy(1),
      "-": () => zoomBy(-1),
      n: goToNow,
      ...Object.fromEntries(zooms),
    };
    if (row && (event.key === "Enter" || event.key === " ")) {
      take();
      pressHead(row);
      return;
    }
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (!act) return;
    take();
    act();
  };

  const opened = openBar === null ? undefined : barOfKey(model, openBar);
  const ask = (kind: "change" | "release") => {
    if (opened?.bar.reservation_id == null) return;
    setAsked({ kind, reservationId: opened.bar.reservation_id, version: opened.bar.version, draft: null });
    setOpenBar(null);
  };
  return (
    <div className="flex h-[max(28rem,calc(100dvh-15rem))] max-h-[78rem] min-h-0 flex-col overflow-clip rounded-[inherit]">
      <GanttToolbar
        span={span}
        onSpan={(next) => scroll.zoomTo(next)}
        rowHeight={rowHeight}
        onRowHeight={(height) => setGanttPrefs({ rowHeight: height })}
        onNow={goToNow}
        onFoldAll={() => onFold(foldable, true)}
        onUnfoldAll={() =>
          onFold(
            rows.filter(({ kind }) => kind !== "unit").map(({ key }) => key),
            false,
          )
        }
        isRefreshing={state.isRefreshing}
      />
      <Notices {...state} />
      <GanttGrid
        scroller={scroller}
        scroll={scroll}
        rows={rows}
        model={model}
        rowHeight={rowHeight}
        zone={zone}
        focus={focus}
        drag={drag}
        canBook={canWrite}
        draggable={draggable}
        onPressed={begin}
        onBar={(key, element, isByPointer) => {
          if (isByPointer && takesClick()) return;
          anchor.current = element;
          setOpenBar(key);
        }}
        onHead={pressHead}
        onKey={onKey}
      />
      <DragTag store={drag} zone={zone} poolName={poolName} />
      {opened ? (
        <BarCard
          placed={opened}
          anchor={anchor}
          zone={zone}
          poolName={poolName(opened.bar.pool_id)}
          actions={rightsOf(opened.bar)}
          onChange={() => ask("change")}
          onRelease={() => ask("release")}
          onClose={() => setOpenBar(null)}
          onReturnFocus={() => focus.focusBar(opened.key)}
        />
      ) : null}
      <GanttDialogs asked={asked} zone={zone} onClose={() => setAsked(null)} />
    </div>
  );
}

function Notices({ isTruncated, refreshError, onRefresh }: Pick<Props, "isTruncated" | "refreshError" | "onRefresh">) {
  return (
    <>
      {isTruncated ? (
        <Alert tone="caution" className="m-2">
          Only the first {CALENDAR_LIMITS.bars.toLocaleString("en")} bookings of this time are shown. Choose one pool to
          see all of its bookings.
        </Alert>
      ) : null}
      {refreshError === undefined ? null : (
        <Alert tone="danger" className="m-2">
          {describeError(refreshError).detail}{" "}
          <Button size="sm" onClick={onRefresh}>
            Try again
          </Button>
        </Alert>
      )}
    </>
  );
}

function askedOf(draft: Draft, version: number | null): Asked {
  if (draft.kind === "create" || draft.reservationId === null) return { kind: "book", poolId: draft.poolId, draft };
  if (draft.kind === "release") return { kind: "release", reservationId: draft.reservationId, draft };
  return { kind: "change", reservationId: draft.reservationId, version, draft };
}
