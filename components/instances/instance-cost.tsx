"use client";
import Link from "next/link";
import { textLinkClass } from "@/components/deliveries/links";
import { formatCredits } from "@/components/reservations/money-words";
import { useProject } from "@/components/shell/project-context";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { formatDuration } from "@/components/ui/format";
import { Stat, StatList } from "@/components/ui/key-value";
import type { InstanceDetail } from "@/lib/contracts/instances";
import { useRanMs } from "./use-ran";
import { costSoFar } from "./words";

/** What of its reservation's price it ran for, counting on while it runs. */
export function InstanceCost({ instance, answeredAt }: { instance: InstanceDetail; answeredAt: number | undefined }) {
  const { can } = useProject();
  const ranMs = useRanMs(instance, answeredAt);
  return (
    <Card>
      <CardHeader title="Cost" description="In credits: the time it ran, at the price of its reservation." />
      <CardBody>
        <StatList className="lg:grid-cols-1!">
          <Stat label="Cost so far" note="A part of what its reservation costs">
            {formatCredits(roundedToCents(costSoFar(instance, ranMs)))}
          </Stat>
          <Stat label="Ran" note={instance.running_since === null ? "All its runs together" : "And counting"}>
            {formatDuration(ranMs)}
          </Stat>
          <Stat label="An hour" note="All its GPUs">
            {formatCredits(instance.price_micros_per_hour)}
          </Stat>
        </StatList>
      </CardBody>
      <CardFooter>
        <span>A reservation costs the same whether its instances run or not.</span>
        {can("costs:read") ? (
          <Link href="/app/costs" className={textLinkClass}>
            Costs of the project
          </Link>
        ) : null}
      </CardFooter>
    </Card>
  );
}

/** Every second would otherwise change six decimals. */
function roundedToCents(micros: number): number {
  return Math.floor(micros / 10_000) * 10_000;
}
