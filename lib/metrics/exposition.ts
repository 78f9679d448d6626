import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { WEBHOOK_STATUSES } from "@/lib/contracts/webhooks";
import type { Figures } from "@/lib/metrics/figures";
import { BUCKET_BOUNDS_MS } from "@/lib/webhooks/histogram";

declare global {
  var dumontProcessMetrics: Registry | undefined;
}

/** Every fourth bucket is told, each 2.4 times as wide as the one before: enough to alert on, and few series. */
const BUCKET_STEP = 4;

/**
 * The figures in Prometheus' text format, with the process's own. No series belongs to a project or a webhook: their
 * number stays the same however many there are.
 */
export async function expose(figures: Figures, now: Date): Promise<string> {
  const registers = [new Registry()];
  const gauge = (name: string, help: string, value: number) => new Gauge({ name, help, registers }).set(value);
  const { totals, queue, ended } = figures;

  const deliveries = new Gauge({
    name: "dumont_deliveries",
    help: "Deliveries in the log by status; delivered ones are counted by dumont_deliveries_ended_total. Counted up to 100000 each.",
    labelNames: ["status"],
    registers,
  });
  deliveries.set({ status: "pending" }, Math.max(0, queue.waiting - queue.underWay));
  deliveries.set({ status: "delivering" }, queue.underWay);
  deliveries.set({ status: "failed" }, ended.failed);
  deliveries.set({ status: "cancelled" }, ended.cancelled);
  gauge("dumont_queue_due", "Deliveries that are due, counted up to 100000.", queue.due);
  gauge(
    "dumont_queue_oldest_due_age_seconds",
    "For how long the oldest delivery that nobody has taken has been due; 0 when none is.",
    queue.oldestDueAt === null ? 0 : Math.max(0, (now.getTime() - queue.oldestDueAt.getTime()) / 1000),
  );
  gauge("dumont_workers_alive", "Workers that were heard of in the last 15 seconds.", figures.workersAlive);
  const webhooks = new Gauge({
    name: "dumont_webhooks",
    help: "Webhooks by status.",
    labelNames: ["status"],
    registers,
  });
  for (const status of WEBHOOK_STATUSES) {
    webhooks.set({ status }, figures.webhooks.find((row) => row.status === status)?.count ?? 0);
  }

  const counter = (name: string, help: string, values: Record<string, number>) => {
    const created = new Counter({ name, help, labelNames: ["outcome"], registers });
    for (const [outcome, value] of Object.entries(values)) created.inc({ outcome }, value);
  };
  counter("dumont_deliveries_ended_total", "Deliveries that ended, since this process started.", {
    delivered: totals.delivered,
    failed: totals.failed,
  });
  counter("dumont_attempts_total", "Requests to receivers, since this process started.", {
    ok: totals.attemptsOk,
    failed: totals.attemptsFailed,
  });
  new Counter({
    name: "dumont_events_total",
    help: "Events that were emitted, since this process started.",
    registers,
  }).inc(totals.events);
  new CountedHistogram(totals.latency, registers);
  const [own = new Registry()] = registers;
  return `${await own.metrics()}\n${await processMetrics().metrics()}`;
}

/** One per process: its gauges watch the event loop from the first scrape on. */
function processMetrics(): Registry {
  if (!globalThis.dumontProcessMetrics) {
    globalThis.dumontProcessMetrics = new Registry();
    collectDefaultMetrics({ register: globalThis.dumontProcessMetrics });
  }
  return globalThis.dumontProcessMetrics;
}

const DURATION = "dumont_attempt_duration_seconds";
const DURATION_HELP =
  "How long requests to receivers took. The sum is exact to an eighth, as they are counted by bucket.";

/** A histogram of values that were counted elsewhere; the library's own takes them one by one only. */
class CountedHistogram extends Histogram {
  readonly #counts: readonly number[];

  /** @param counts attempts by latency, in the buckets of lib/webhooks/histogram.ts */
  constructor(counts: readonly number[], registers: Registry[]) {
    super({ name: DURATION, help: DURATION_HELP, registers });
    this.#counts = counts;
  }

  /** What the registry reads to write the text. */
  async getForPromString() {
    let cumulative = 0;
    let seconds = 0;
    const values: { metricName: string; value: number; labels: { le?: string | number } }[] = [];
    const add = (part: "bucket" | "sum" | "count", value: number, labels: { le?: string | number } = {}) =>
      values.push({ metricName: `${DURATION}_${part}`, value, labels });
    for (const [bucket, count] of this.#counts.entries()) {
      const high = BUCKET_BOUNDS_MS[bucket];
      const low = BUCKET_BOUNDS_MS[bucket - 1] ?? 0;
      cumulative += count;
      seconds += (count * (low + (high ?? low)) * 0.5) / 1000;
      if (high !== undefined && bucket % BUCKET_STEP === 0) {
        add("bucket", cumulative, { le: Number((high / 1000).toPrecision(4)) });
      }
    }
    add("bucket", cumulative, { le: "+Inf" });
    add("sum", seconds);
    add("count", cumulative);
    return { name: DURATION, help: DURATION_HELP, type: "histogram", values };
  }
}
