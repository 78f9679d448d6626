"use client";
import { ChevronDown, ChevronUp, Search } from "lucide-react";
import { type KeyboardEvent, useDeferredValue, useMemo, useRef, useState } from "react";
import { Button } from "./button";
import { cn } from "./cn";
import { CodeBlock } from "./code-block";
import { CopyButton } from "./copy-button";
import { Input } from "./input";
import { countJson, findInJson, formatJsonPath, type JsonPath, jsonAt, jsonText } from "./json-paths";
import { JsonTree } from "./json-tree";
import { ScrollRegion } from "./scroll-region";

export type JsonViewProps = {
  /** The text as it was sent or received; what is not JSON is shown as text. */
  text: string;
  /** What it is: "Request body". */
  label: string;
  /** CSS length after which it scrolls. */
  maxHeight?: string | undefined;
  className?: string | undefined;
};

/** Above this many entries only the first level is open at first. */
const BIG = 200;
const NO_MATCHES: readonly JsonPath[] = [];

/** JSON as a tree with search, or raw exactly as it was; any value and its path can be copied. */
export function JsonView({ text, label, maxHeight = "32rem", className }: JsonViewProps) {
  const parsed = useMemo(() => parse(text), [text]);
  if (parsed === null) {
    return (
      <CodeBlock
        code={text}
        label={`${label} (text)`}
        wrap
        maxHeight={maxHeight}
        copyLabel={`Copy ${label}`}
        className={className}
      />
    );
  }
  return (
    <JsonExplorer key={text} text={text} data={parsed} label={label} maxHeight={maxHeight} className={className} />
  );
}

type ExplorerProps = { text: string; data: object; label: string; maxHeight: string; className: string | undefined };

function JsonExplorer({ text, data, label, maxHeight, className }: ExplorerProps) {
  const [raw, setRaw] = useState(false);
  const [query, setQuery] = useState("");
  const [current, setCurrent] = useState<JsonPath | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const searched = useDeferredValue(query);
  const matches = useMemo(() => (searched === "" ? NO_MATCHES : findInJson(data, searched)), [data, searched]);
  const openLevels = useMemo(() => (countJson(data, BIG) >= BIG ? 1 : 4), [data]);
  const place = current === null ? -1 : matches.findIndex((path) => formatJsonPath(path) === formatJsonPath(current));

  const step = (by: 1 | -1) => {
    const next =
      matches[place === -1 ? (by === 1 ? 0 : matches.length - 1) : (place + by + matches.length) % matches.length];
    if (next === undefined) return;
    setCurrent(next);
    // After the tree has marked the line.
    requestAnimationFrame(() =>
      scroller.current?.querySelector("[data-current]")?.scrollIntoView({ block: "nearest" }),
    );
  };
  const onSearchKey = (event: KeyboardEvent) => {
    if (event.key === "Enter") {
      event.preventDefault();
      step(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape" && query !== "") {
      // Clears the search first; only a second Escape may close the panel around it.
      event.stopPropagation();
      setQuery("");
    }
  };
  return (
    <div className={cn("w-full min-w-0 overflow-hidden rounded-lg border border-line bg-surface-sunken", className)}>
      <div className="flex flex-wrap items-center gap-1.5 border-line border-b p-1.5">
        {raw ? (
          <span className="min-w-0 flex-1 truncate pl-1.5 text-ink-muted text-xs">{label} (raw)</span>
        ) : (
          <div className="flex min-w-40 flex-1 items-center gap-1">
            <Input
              type="search"
              prefix={<Search aria-hidden="true" />}
              placeholder="Search keys and values"
              aria-label={`Search ${label}`}
              value={query}
              onChange={(event) => setQuery(event.target.value)}
              onKeyDown={onSearchKey}
              className="max-w-64 pointer-fine:[&_input]:h-7 pointer-fine:[&_input]:text-xs"
            />
            <span role="status" className="whitespace-nowrap text-ink-muted text-xs tabular-nums">
              {searched === ""
                ? ""
                : matches.length === 0
                  ? "No match"
                  : `${place === -1 ? "" : `${place + 1} / `}${matches.length}`}
            </span>
            {matches.length === 0 ? null : (
              <>
                <Button variant="ghost" size="icon-sm" aria-label="Previous match" onClick={() => step(-1)}>
                  <ChevronUp aria-hidden="true" />
                </Button>
                <Button variant="ghost" size="icon-sm" aria-label="Next match" onClick={() => step(1)}>
                  <ChevronDown aria-hidden="true" />
                </Button>
              </>
            )}
          </div>
        )}
        <Button
          variant="ghost"
          size="sm"
          aria-pressed={raw}
          onClick={() => setRaw(!raw)}
          className="aria-pressed:bg-hover aria-pressed:text-ink"
        >
          Raw
        </Button>
        <CopyButton value={text} label={`Copy ${label}`}>
          Copy
        </CopyButton>
      </div>
      {raw ? (
        <ScrollRegion label={`${label}, raw`} maxHeight={maxHeight}>
          <pre className="whitespace-pre-wrap px-3 py-2.5 font-mono text-xs/[1.6] [overflow-wrap:anywhere]">{text}</pre>
        </ScrollRegion>
      ) : (
        <div ref={scroller} className="overflow-auto py-2 [contain:inline-size]" style={{ maxHeight }}>
          <JsonTree
            data={data}
            label={label}
            openLevels={openLevels}
            matches={matches}
            current={current}
            onCurrent={setCurrent}
          />
        </div>
      )}
      {raw || current === null ? null : <CurrentLine path={current} data={data} />}
    </div>
  );
}

function CurrentLine({ path, data }: { path: JsonPath; data: object }) {
  const shown = formatJsonPath(path);
  return (
    <div className="flex flex-wrap items-center gap-x-1 border-line border-t py-1 pr-1.5 pl-3">
      <code className="min-w-0 flex-1 truncate font-mono text-ink-muted text-xs" title={shown}>
        {shown === "" ? "(root)" : shown}
      </code>
      <CopyButton value={shown}>Copy path</CopyButton>
      <CopyButton value={() => jsonText(jsonAt(data, path))}>Copy value</CopyButton>
    </div>
  );
}

/** The object or array in the text; null for anything else, which reads best as it is. */
function parse(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : null;
  } catch {
    return null;
  }
}
