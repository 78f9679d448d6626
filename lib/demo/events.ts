import { eventTypeCatalogue } from "@/lib/contracts/event-types";
import type { Random } from "@/lib/demo/random";
import { CERTAIN_EVENTS } from "@/lib/demo/webhooks";
import { newIdAt } from "@/lib/ids";

const DAYS = 7;
const DAY_MS = 24 * 3600 * 1000;
const EVENTS_PER_DAY = 180;

/** How often each kind of event occurs, relative to the others. */
const WEIGHTS: readonly [type: string, weight: number][] = [
  ["instance.started", 20],
  ["instance.stopped", 19],
  ["reservation.created", 14],
  ["reservation.updated", 5],
  ["reservation.started", 10],
  ["reservation.ended", 10],
  ["reservation.cancelled", 2],
  ["snapshot.completed", 9],
  ["config.committed", 4],
  ["config.deployed", 3],
  ["evaluation.completed", 3],
  ["user.login", 8],
  ["user.created", 1],
  ["cost.threshold", 1],
  ["failover.triggered", 1],
];

const INSTANCES = Array.from({ length: 24 }, (_, index) => `ins_${(index + 10).toString(36)}k6q3t7f8g9h0j1k2m3n4p5q`);
const NODES = ["fra-h100-01", "fra-h100-03", "ams-a100-02", "ams-a100-07", "sto-l40s-04"] as const;

/** A week of events, oldest first: busier by day than by night. */
export function demoEvents(now: Date, random: Random) {
  const catalogue = new Map(eventTypeCatalogue().map((entry) => [entry.type, entry]));
  const chance = Array.from({ length: DAYS * EVENTS_PER_DAY }, () => ({ time: moment(now, random), type: null }));
  const certain = CERTAIN_EVENTS.map(([type, age]) => ({ time: now.getTime() - age, type }));
  const moments = [...chance, ...certain].sort((a, b) => a.time - b.time);
  return moments.map(({ time, type: given }) => {
    const at = new Date(time);
    const type = given ?? weighted(random);
    const id = newIdAt("event", at);
    const example = catalogue.get(type)?.example ?? {};
    const instanceId = INSTANCES[random.between(0, INSTANCES.length - 1)] ?? "";
    const data = {
      ...example,
      ...("instance_id" in example && { instance_id: instanceId }),
      ...("node" in example && { node: random.pick(NODES) }),
      ...("gpu_count" in example && { gpu_count: random.pick([1, 2, 4, 8]) }),
    };
    return {
      at,
      lane: instanceId,
      row: {
        id,
        type,
        body: JSON.stringify({ id, type, timestamp: at.toISOString(), data }),
        labels: { team: random.pick(["research", "serving", "platform"]) },
        environment: random.pick(["production", "production", "staging"]),
        correlationId: id,
        source: "platform",
        occurredAt: at,
        createdAt: at,
      },
    };
  });
}

function moment(now: Date, random: Random): number {
  for (;;) {
    const time = now.getTime() - 60_000 - Math.floor(random.next() * DAYS * DAY_MS);
    const hour = new Date(time).getUTCHours();
    const busyness = hour >= 7 && hour <= 19 ? 1 : 0.35;
    if (random.next() < busyness) return time;
  }
}

function weighted(random: Random): string {
  const total = WEIGHTS.reduce((sum, [, weight]) => sum + weight, 0);
  let left = random.next() * total;
  for (const [type, weight] of WEIGHTS) {
    left -= weight;
    if (left < 0) return type;
  }
  return "instance.started";
}
