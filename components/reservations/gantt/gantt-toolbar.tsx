"use client";
import { ChevronsDownUp, ChevronsUpDown, Crosshair, Minus, Plus } from "lucide-react";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Segmented } from "@/components/ui/segmented";
import { Spinner } from "@/components/ui/spinner";
import { BAR_LOOKS, HELD_LOOK } from "../bar-style";
import { ROW_HEIGHTS, type RowHeight } from "./gantt-prefs";
import { nextZoom, ZOOMS, type Zoom, zoomOf } from "./time-scale";

type Props = {
  span: number;
  onSpan: (span: number) => void;
  rowHeight: RowHeight;
  onRowHeight: (height: RowHeight) => void;
  onNow: () => void;
  onFoldAll: () => void;
  onUnfoldAll: () => void;
  isRefreshing: boolean;
};

const HEIGHT_WORDS: Record<RowHeight, string> = { 20: "Low", 28: "Medium", 40: "High" };

/** How much time and how many rows are in sight, and what the patterns mean. */
export function GanttToolbar({ span, onSpan, rowHeight, onRowHeight, isRefreshing, ...on }: Props) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-line border-b px-3 py-2">
      <div className="flex items-center gap-1">
        <IconButton
          size="sm"
          label="Show more time (−)"
          icon={<Minus aria-hidden="true" />}
          onClick={() => onSpan(nextZoom(span, -1))}
        />
        <Segmented<Zoom | "">
          label="Time in sight"
          value={zoomOf(span) ?? ""}
          options={ZOOMS.map(({ value, label, words }) => ({ value, label, description: words }))}
          onValueChange={(value) => onSpan(ZOOMS.find((zoom) => zoom.value === value)?.ms ?? span)}
        />
        <IconButton
          size="sm"
          label="Show less time (+)"
          icon={<Plus aria-hidden="true" />}
          onClick={() => onSpan(nextZoom(span, 1))}
        />
      </div>
      <Button size="sm" onClick={on.onNow}>
        <Crosshair aria-hidden="true" />
        Now
      </Button>
      <Segmented
        label="Height of rows"
        value={String(rowHeight)}
        options={ROW_HEIGHTS.map((height) => ({
          value: String(height),
          label: HEIGHT_WORDS[height],
          description: `${HEIGHT_WORDS[height]} rows`,
        }))}
        onValueChange={(value) => onRowHeight(ROW_HEIGHTS.find((height) => String(height) === value) ?? rowHeight)}
      />
      <div className="flex items-center gap-1">
        <IconButton
          size="sm"
          label="Fold up all nodes"
          icon={<ChevronsDownUp aria-hidden="true" />}
          onClick={on.onFoldAll}
        />
        <IconButton
          size="sm"
          label="Unfold all"
          icon={<ChevronsUpDown aria-hidden="true" />}
          onClick={on.onUnfoldAll}
        />
      </div>
      {isRefreshing ? <Spinner label="Loading bookings" /> : null}
      <Legend />
    </div>
  );
}

/** What the patterns mean. */
function Legend() {
  return (
    <ul aria-label="What the bars are" className="ml-auto flex flex-wrap gap-x-3 gap-y-1 text-ink-muted text-xs">
      {[...Object.values(BAR_LOOKS), { ...HELD_LOOK, className: `bar bar-team ${HELD_LOOK.className}` }].map((look) => {
        const Icon = look.icon;
        return (
          <li key={look.word} className="flex items-center gap-1.5">
            <span
              aria-hidden="true"
              className={`${look.className} inline-flex h-4 w-6 items-center justify-center rounded-[3px]`}
            >
              <Icon className="size-3" />
            </span>
            {look.word}
          </li>
        );
      })}
    </ul>
  );
}
