"use client";
import { useMemo, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { ScrollRegion } from "@/components/ui/scroll-region";
import { Segmented } from "@/components/ui/segmented";
import type { DiffLine } from "@/lib/contracts/config-diff";
import { type Fold, foldLines, isFold, type Pair, pairLines } from "./diff-rows";

type Mode = "unified" | "split";

export type DiffViewProps = {
  lines: readonly DiffLine[];
  /** What stands on either side. */
  from: string;
  to: string;
  maxHeight?: string | undefined;
};

/** Two texts line by line; what was added and removed is told by sign and word as well as by colour. */
export function DiffView({ lines, from, to, maxHeight = "32rem" }: DiffViewProps) {
  const [mode, setMode] = useState<Mode>("unified");
  const [whole, setWhole] = useState(false);
  // The line after the last line break of both is nothing that anybody wrote.
  const shown = useMemo(() => withoutEnd(lines), [lines]);
  const rows = useMemo(() => (whole ? [...shown] : foldLines(shown)), [shown, whole]);
  const folded = rows.some(isFold);
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="min-w-0 text-ink-muted text-xs">
          <span className="font-mono text-danger">−</span> removed from {from},{" "}
          <span className="font-mono text-positive">+</span> added in {to}
        </p>
        <div className="flex items-center gap-2">
          {folded || whole ? (
            <Button size="sm" variant="ghost" onClick={() => setWhole(!whole)}>
              {whole ? "Only what changed" : "All lines"}
            </Button>
          ) : null}
          <Segmented<Mode>
            label="How the lines are shown"
            value={mode}
            onValueChange={setMode}
            options={[
              { value: "unified", label: "Unified" },
              { value: "split", label: "Side by side" },
            ]}
          />
        </div>
      </div>
      <ScrollRegion
        label={`Lines of ${from} and ${to}`}
        maxHeight={maxHeight}
        // The frame of the words for screen readers in it, which would stick out of the page otherwise.
        className="relative rounded-lg border border-line bg-surface"
      >
        {mode === "unified" ? <Unified rows={rows} /> : <Split rows={pairLines(rows)} from={from} to={to} />}
      </ScrollRegion>
    </div>
  );
}

function withoutEnd(lines: readonly DiffLine[]): readonly DiffLine[] {
  const last = lines.at(-1);
  return lines.length > 1 && last?.kind === "same" && last.text === "" ? lines.slice(0, -1) : lines;
}

const numberClass = "w-10 select-none px-2 text-end text-ink-faint tabular-nums";
const lineTableClass = "w-full border-collapse font-mono text-ink text-xs/5";
const grounds = { same: "", added: "bg-positive-soft", removed: "bg-danger-soft" };

function Unified({ rows }: { rows: readonly (DiffLine | Fold)[] }) {
  return (
    <table className={cn(lineTableClass, "w-max min-w-full")}>
      <thead className="sr-only">
        <tr>
          <th scope="col">Line before</th>
          <th scope="col">Line after</th>
          <th scope="col">Text</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) =>
          isFold(row) ? (
            <FoldRow key={`fold-${row.hidden[0]?.from_line}`} fold={row} columns={3} />
          ) : (
            <tr key={`${row.from_line}-${row.to_line}`} className={grounds[row.kind]} data-kind={row.kind}>
              <td className={numberClass}>{row.from_line}</td>
              <td className={numberClass}>{row.to_line}</td>
              <td className="whitespace-pre pr-4">
                <Sign kind={row.kind} />
                {row.text}
              </td>
            </tr>
          ),
        )}
      </tbody>
    </table>
  );
}

function Split({ rows, from, to }: { rows: readonly (Pair | Fold)[]; from: string; to: string }) {
  return (
    <table className={cn(lineTableClass, "min-w-160 table-fixed")}>
      <thead>
        <tr className="border-line border-b text-ink-muted">
          <th scope="col" className="w-10">
            <span className="sr-only">Line of {from}</span>
          </th>
          <th scope="col" className="px-1 py-1 text-start font-medium">
            {from}
          </th>
          <th scope="col" className="w-10 border-line border-l">
            <span className="sr-only">Line of {to}</span>
          </th>
          <th scope="col" className="px-1 py-1 text-start font-medium">
            {to}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) =>
          isFold(row) ? (
            <FoldRow key={`fold-${row.hidden[0]?.from_line}`} fold={row} columns={4} />
          ) : (
            <tr key={`${row.left?.from_line ?? "-"}-${row.right?.to_line ?? "-"}`} className="align-top">
              <Side line={row.left} number={row.left?.from_line} />
              <Side line={row.right} number={row.right?.to_line} end />
            </tr>
          ),
        )}
      </tbody>
    </table>
  );
}

function Side({
  line,
  number,
  end = false,
}: {
  line: DiffLine | null;
  number: number | null | undefined;
  end?: boolean;
}) {
  const ground = line === null ? "bg-surface-sunken" : grounds[line.kind];
  return (
    <>
      <td className={cn(numberClass, ground, end && "border-line border-l")}>{number}</td>
      <td className={cn("whitespace-pre-wrap px-1 [overflow-wrap:anywhere]", ground)}>
        {line === null ? null : (
          <>
            <Sign kind={line.kind} />
            {line.text}
          </>
        )}
      </td>
    </>
  );
}

function Sign({ kind }: { kind: DiffLine["kind"] }) {
  if (kind === "same") return <span aria-hidden="true">{"  "}</span>;
  return (
    <>
      <span aria-hidden="true" className={cn("select-none", kind === "added" ? "text-positive" : "text-danger")}>
        {kind === "added" ? "+ " : "− "}
      </span>
      <span className="sr-only">{kind}: </span>
    </>
  );
}

function FoldRow({ fold, columns }: { fold: Fold; columns: number }) {
  return (
    <tr className="bg-surface-sunken text-ink-muted">
      <td colSpan={columns} className="px-3 py-0.5">
        … {fold.hidden.length} unchanged lines
      </td>
    </tr>
  );
}
