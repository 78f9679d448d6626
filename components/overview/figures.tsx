"use client";

import { CircleCheck, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { Card } from "@/components/ui/card";
import { formatNumber } from "@/components/ui/format";
import { Stat, StatList } from "@/components/ui/key-value";
import { RelativeTime } from "@/components/ui/relative-time";
import { useNow } from "@/components/ui/use-now";
import type { DeliveryOverview } from "@/lib/contracts/deliveries";

/** A delivery that has been due for longer than this, in ms, is late: workers take them within a second. */
const LATE_MS = 10_000;

export function Figures({ overview }: { overview: DeliveryOverview }) {
  const { events, oldest_due_at: oldest } = overview;
  const now = useNow();
  const late = oldest !== null && now !== undefined && now - Date.parse(oldest) > LATE_MS;
  return (
    <Card className="p-5">
      <StatList className="xl:grid-cols-1!">
        <Stat
          label="Events, last 24 hours"
          note={
            <Link href="/app/events" className="rounded text-accent underline-offset-4 hover:underline">
              See events
            </Link>
          }
        >
          {formatNumber(events)}
        </Stat>
        <Stat
          label="Oldest delivery that is due"
          note={late ? "No worker has taken it." : "Deliveries are sent as they fall due."}
        >
          <span className="inline-flex items-center gap-2">
            {late ? (
              <TriangleAlert aria-hidden="true" className="size-4 shrink-0 text-caution" />
            ) : (
              <CircleCheck aria-hidden="true" className="size-4 shrink-0 text-positive" />
            )}
            {late ? <RelativeTime value={oldest} /> : "None is late"}
          </span>
        </Stat>
      </StatList>
    </Card>
  );
}
