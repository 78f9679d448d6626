import { Card } from "@/components/ui/card";
import { formatNumber, formatPercent } from "@/components/ui/format";
import { Stat, StatList } from "@/components/ui/key-value";
import type { Statistics } from "@/lib/contracts/statistics";
import { shortDuration } from "./axis";
import { attemptsOf, changeWords } from "./points";

/** The range in five figures, each against the stretch before. @param before what that stretch is called */
export function Totals({ statistics, before }: { statistics: Statistics; before: string }) {
  const { totals, previous } = statistics;
  const attempts = attemptsOf(totals);
  const earlier = previous === null || attemptsOf(previous) === 0 ? null : previous;
  const note = (words: string | null) => (words === null ? undefined : `${words} on the ${before} before`);
  return (
    <Card className="p-4">
      <StatList className="sm:grid-cols-[repeat(auto-fit,minmax(9rem,1fr))]!">
        <Stat label="Successful attempts" note={note(changeWords(totals.success_rate, earlier?.success_rate, "share"))}>
          {totals.success_rate === null ? "–" : formatPercent(totals.success_rate)}
        </Stat>
        <Stat label="Attempts" note={note(changeWords(attempts, earlier && attemptsOf(earlier), "ratio"))}>
          {formatNumber(attempts)}
        </Stat>
        <Stat label="Delivered" note={note(changeWords(totals.delivered, earlier?.delivered, "ratio"))}>
          {formatNumber(totals.delivered)}
        </Stat>
        <Stat label="Given up" note={note(changeWords(totals.failed, earlier?.failed, "ratio"))}>
          <span className={totals.failed > 0 ? "text-danger" : undefined}>{formatNumber(totals.failed)}</span>
        </Stat>
        <Stat
          label="Latency, p95"
          note={note(changeWords(totals.latency_ms?.p95 ?? null, earlier?.latency_ms?.p95, "ratio"))}
        >
          {totals.latency_ms === null ? "–" : shortDuration(totals.latency_ms.p95)}
        </Stat>
      </StatList>
    </Card>
  );
}
