import { formatNumber } from "@/components/ui/format";
import type { Segment } from "@/lib/contracts/pricing";
import { compareShapes } from "./shape";
import { momentWords, rangeWords } from "./time-words";
import { gpusWords } from "./words";

const HEIGHT = 96;
const WIDTH = 400;

/** GPUs over time: what stays, solid, and what is given back, hatched; with the same in words. */
export function ShapeChart({
  before,
  after,
  zone,
}: {
  before: readonly Segment[];
  after: readonly Segment[];
  zone: string;
}) {
  const blocks = compareShapes(before, after);
  const first = blocks[0];
  const last = blocks.at(-1);
  if (first === undefined || last === undefined) return null;
  const span = last.to - first.from;
  const most = Math.max(...blocks.map(({ count, gone }) => count + gone));
  const x = (at: number) => ((at - first.from) / span) * WIDTH;
  const y = (count: number) => (count / most) * HEIGHT;
  const gone = blocks.filter((block) => block.gone > 0);
  return (
    <figure className="flex flex-col gap-2">
      <div
        aria-hidden="true"
        className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 text-ink-muted text-xs tabular-nums"
      >
        <div className="flex flex-col justify-between text-end">
          <span>{formatNumber(most)}</span>
          <span>0</span>
        </div>
        <svg
          aria-hidden="true"
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          className="h-24 w-full rounded-sm bg-surface"
        >
          <defs>
            <pattern id="given-back" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <rect width="6" height="6" fill="var(--caution-soft)" />
              <rect width="2" height="6" fill="var(--caution)" />
            </pattern>
          </defs>
          {blocks.map((block) => (
            <g key={block.from}>
              <rect
                x={x(block.from)}
                y={HEIGHT - y(block.count)}
                width={x(block.to) - x(block.from)}
                height={y(block.count)}
                fill="var(--accent-fill)"
              />
              <rect
                x={x(block.from)}
                y={HEIGHT - y(block.count + block.gone)}
                width={x(block.to) - x(block.from)}
                height={y(block.gone)}
                fill="url(#given-back)"
              />
            </g>
          ))}
        </svg>
        <span />
        <div className="flex justify-between pt-1">
          <span>{momentWords(first.from, zone)}</span>
          <span className="text-end">{momentWords(last.to, zone)}</span>
        </div>
      </div>
      <figcaption className="text-sm">
        <span className="text-ink-muted">Given back: </span>
        {gone.length === 0
          ? "nothing"
          : gone.map((block) => `${gpusWords(block.gone)}, ${rangeWords(block.from, block.to, zone)}`).join("; ")}
      </figcaption>
    </figure>
  );
}
