import { db } from "@/lib/db/client";
import { BUCKET_COUNT, bucketOf } from "@/lib/webhooks/histogram";

type Counted = {
  webhookId: string;
  projectId: string;
  minute: Date;
  delivered?: number;
  failed?: number;
  attemptsFailed?: number;
  /** Of each attempt, the failed ones included, in ms. */
  latencies: readonly number[];
  /** Of each attempt, in ms; 1 ms each unless told. */
  waits?: readonly number[];
};

/** A row as the workers would have counted it. */
export function statRow({ latencies, waits, delivered = 0, failed = 0, attemptsFailed = 0, ...row }: Counted) {
  return {
    ...row,
    delivered,
    failed,
    attemptsOk: latencies.length - attemptsFailed,
    attemptsFailed,
    latency: histogram(latencies),
    queueWait: histogram(waits ?? latencies.map(() => 1)),
  };
}

export async function addStats(...counted: readonly Counted[]): Promise<void> {
  await db.webhookStat.createMany({ data: counted.map(statRow) });
}

function histogram(values: readonly number[]): number[] {
  const counts = Array.from({ length: BUCKET_COUNT }, () => 0);
  for (const ms of values) counts[bucketOf(ms)] = (counts[bucketOf(ms)] ?? 0) + 1;
  return counts;
}
