import { load } from "./_dev";
import { writeFileSync } from "node:fs";
const now = new Date(Math.floor(Date.now() / 3600000) * 3600000);
const t = performance.now();
const { actor, types } = await load(Number(process.argv[2]), now);
writeFileSync("/tmp/planner-bench.json", JSON.stringify({ projectId: actor.projectId, types, now }));
console.log("loaded in", performance.now() - t);
process.exit(0);
