import { readFileSync } from "node:fs";
import { ROLE_PERMISSIONS } from "@/lib/contracts/permissions";
import { searchBody, quoteBody } from "@/lib/contracts/availability";
import { getAvailability } from "@/lib/reservations/availability";
import { createQuote } from "@/lib/reservations/quotes";
import { searchAvailability } from "@/lib/reservations/search";
import { openSites, fitDirectly } from "@/lib/reservations/feasibility";
import { loadPools, loadLanes, loadBusy, ALL_TIME } from "@/lib/reservations/pool-state";
import { loadProfiles } from "@/lib/reservations/profiles";
import { db } from "@/lib/db/client";
const saved = JSON.parse(readFileSync("/tmp/planner-bench.json", "utf8"));
const now = new Date(saved.now);
const actor = { projectId: saved.projectId, subject: { kind: "system" as const, id: "bench" }, role: "owner" as const, permissions: new Set(ROLE_PERMISSIONS.owner) };
const h = (n: number) => new Date(now.getTime() + n * 3600000);
async function t(name: string, f: (i: number) => Promise<unknown>, n = 15) {
  const cpu: number[] = []; const wall: number[] = [];
  for (let i = -3; i < n; i++) { const c = process.cpuUsage(); const s = performance.now(); await f(i + 3); const d = process.cpuUsage(c); if (i >= 0) { wall.push(performance.now() - s); cpu.push((d.user + d.system) / 1000); } }
  wall.sort((a, b) => a - b); cpu.sort((a, b) => a - b);
  console.log(name.padEnd(26), "wall p50", wall[n >> 1]!.toFixed(1), "min", wall[0]!.toFixed(1), "p95", wall[Math.floor(n * 0.95)]!.toFixed(1), " node cpu p50", cpu[n >> 1]!.toFixed(1));
}
const only = process.argv[2];
const pools = await loadPools(db, { gpuType: saved.types[0] });
console.log(pools.length, pools[0]!.units);
const sites = await openSites(db, pools, now);
const p = pools[0]!;
const T: Record<string, () => Promise<void>> = {
 loadPools: () => t("loadPools type", () => loadPools(db, { gpuType: saved.types[0] })),
 loadPoolsAll: () => t("loadPools all", () => loadPools(db)),
 profiles: () => t("profiles 2 pools", () => loadProfiles(db, pools, now, ALL_TIME)),
 lanes: () => t("lanes", () => loadLanes(db, p.id)),
 busyW: () => t("busy 72h window", (i) => loadBusy(db, p, h(i * 50), h(i * 50 + 72), now)),
 busyAll: () => t("busy all", () => loadBusy(db, p, now, ALL_TIME, now), 5),
 fit1: () => t("fit 1 window", (i) => fitDirectly(db, [{ site: sites[0]!, part: { from: h(i * 50).getTime(), to: h(i * 50 + 72).getTime(), count: 4 }, topology: "any" }])),
 fit4: () => t("fit 4 windows", (i) => fitDirectly(db, [0, 1, 2, 3].map((k) => ({ site: sites[k % 2]!, part: { from: h(i * 50 + k * 100).getTime(), to: h(i * 50 + 72 + k * 100).getTime(), count: 4 }, topology: "any" as const })))),
 avail: () => t("GET availability", () => getAvailability(actor, {}, now)),
 any: () => t("search any", (i) => searchAvailability(actor, searchBody.parse({ gpu_type: saved.types[i % 3], gpu_count: [1, 4, 8][i % 3], duration_minutes: 72 * 60, not_before: h(i * 24).toISOString(), near: h(i * 30).toISOString() }), now)),
 one: () => t("search single", (i) => searchAvailability(actor, searchBody.parse({ gpu_type: saved.types[i % 3], gpu_count: [1, 2, 4][i % 3], duration_minutes: 72 * 60, not_before: h(i * 24).toISOString(), near: h(i * 30).toISOString(), topology: "single_node" }), now)),
 quote: () => t("quote", (i) => createQuote(actor, quoteBody.parse({ gpu_type: saved.types[i % 3], gpu_count: 4, starts_at: h(24 + i * 24).toISOString(), ends_at: h(24 + i * 24 + 72).toISOString() }), now)),
};
for (const [n, f] of Object.entries(T)) if (!only || n === only) await f();
process.exit(0);
