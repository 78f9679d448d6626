import { useId } from "react";
import { Timestamp } from "@/components/ui/timestamp";
import { bpsWords, formatCredits } from "./money-words";
import { type RefundPlan, refundAt, refundSteps } from "./refund-ladder";
import { momentWords } from "./time-words";

const WIDTH = 400;
const HEIGHT = 80;

/** What comes back when it is cancelled later: a curve and the same as a table. */
export function RefundCurve({ plan, now, zone }: { plan: RefundPlan; now: number; zone: string }) {
  const titleId = useId();
  const steps = refundSteps(plan, now);
  if (steps.length === 0) return null;
  const top = Math.max(1, Number(refundAt(plan, now)));
  const x = (at: number) => (((at - now) / (plan.endsAt - now)) * WIDTH).toFixed(1);
  const y = (amount: bigint) => (HEIGHT - (Number(amount) / top) * (HEIGHT - 4)).toFixed(1);
  const line = steps
    .map(({ from, to, refundAtStart, refundAtEnd }) => `${x(from)},${y(refundAtStart)} ${x(to)},${y(refundAtEnd)}`)
    .join(" ");
  return (
    <section aria-labelledby={titleId} className="flex flex-col gap-2">
      <h3 id={titleId} className="font-medium text-ink text-sm">
        If you cancel later
      </h3>
      <div aria-hidden="true">
        <svg
          aria-hidden="true"
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          className="h-20 w-full rounded-md bg-surface-sunken"
        >
          <polygon points={`0,${HEIGHT} ${line} ${WIDTH},${HEIGHT}`} fill="var(--accent-soft)" />
          <polyline
            points={line}
            fill="none"
            stroke="var(--accent)"
            strokeWidth="2"
            vectorEffect="non-scaling-stroke"
          />
          {plan.startsAt > now ? (
            <line
              x1={x(plan.startsAt)}
              x2={x(plan.startsAt)}
              y1="0"
              y2={HEIGHT}
              stroke="var(--ink-muted)"
              strokeDasharray="4 3"
              vectorEffect="non-scaling-stroke"
            />
          ) : null}
        </svg>
        <div className="flex justify-between gap-2 pt-1 text-ink-muted text-xs">
          <span>now</span>
          {plan.startsAt > now ? <span>dashed: start, {momentWords(plan.startsAt, zone)}</span> : null}
          <span>end</span>
        </div>
      </div>
      <table className="w-full text-sm" aria-labelledby={titleId}>
        <thead>
          <tr className="text-ink-muted text-xs">
            <th scope="col" className="py-1 text-start font-medium">
              Until
            </th>
            <th scope="col" className="py-1 text-end font-medium">
              Rate
            </th>
            <th scope="col" className="py-1 text-end font-medium">
              Comes back
            </th>
          </tr>
        </thead>
        <tbody>
          {steps.map(({ from, to, rateBps, refundAtStart, refundAtEnd }) => (
            <tr key={from} className="border-line border-t align-baseline">
              <td className="py-1.5 pr-3 text-ink">
                <Timestamp value={to}>{momentWords(to, zone)}</Timestamp>
                {to === plan.startsAt ? <span className="block text-ink-muted text-xs">the start</span> : null}
                {to === plan.endsAt ? <span className="block text-ink-muted text-xs">the end</span> : null}
              </td>
              <td className="py-1.5 pr-3 text-end tabular-nums">{bpsWords(rateBps)}</td>
              <td className="py-1.5 text-end tabular-nums">
                {refundAtStart === refundAtEnd
                  ? formatCredits(refundAtStart)
                  : `falls from ${formatCredits(refundAtStart)} to 0.00`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
