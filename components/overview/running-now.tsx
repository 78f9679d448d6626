"use client";
import Link from "next/link";
import { textLinkClass } from "@/components/deliveries/links";
import { INSTANCES } from "@/components/instances/links";
import { formatCredits } from "@/components/reservations/money-words";
import { useProject } from "@/components/shell/project-context";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { formatNumber } from "@/components/ui/format";
import { Stat, StatList } from "@/components/ui/key-value";
import { useListRunningInstancesQuery } from "@/store/instances-api";

/** What runs at this moment; nothing where nothing does. */
export function RunningNow() {
  const { project, can } = useProject();
  const { currentData } = useListRunningInstancesQuery({ projectId: project.id }, { skip: !can("instances:read") });
  if (currentData === undefined || currentData.instances.length === 0) return null;
  const { instances, hasMore } = currentData;
  const gpus = instances.reduce((sum, { gpu_count }) => sum + gpu_count, 0);
  const price = instances.reduce((sum, { price_micros_per_hour }) => sum + price_micros_per_hour, 0);
  const more = hasMore ? "+" : "";
  return (
    <Card>
      <CardHeader
        title="Running now"
        actions={
          <Link href={`${INSTANCES}?status=running`} className={`${textLinkClass} text-sm`}>
            See instances
          </Link>
        }
      />
      <CardBody>
        <StatList>
          <Stat label="Instances">
            {formatNumber(instances.length)}
            {more}
          </Stat>
          <Stat label="GPUs in use">
            {formatNumber(gpus)}
            {more}
          </Stat>
          <Stat label="Credits an hour">
            {formatCredits(price)}
            {more}
          </Stat>
        </StatList>
      </CardBody>
    </Card>
  );
}
