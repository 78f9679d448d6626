/** Runs the bench that its first argument names, in the environment that bench/run.ts has made. */
import { parseArgs } from "node:util";
import { takeStamp } from "@/lib/proof/stamp";

const BENCHES = {
  delivery: () => import("./delivery"),
  latency: () => import("./latency"),
  isolation: () => import("./isolation"),
  backlog: () => import("./backlog"),
  log: () => import("./log"),
  emit: () => import("./emit"),
  booking: () => import("./booking"),
  "scale-out": () => import("./scale-out"),
  memory: () => import("./memory"),
  availability: () => import("./availability"),
  calendar: () => import("./calendar"),
  workflow: () => import("./workflow"),
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false } },
});
const name = positionals[0] ?? "";
if (!isBench(name)) {
  console.error(`Name one of: ${Object.keys(BENCHES).join(", ")}`);
  process.exit(1);
}
const measured = takeStamp();
const { run } = await BENCHES[name]();
const result = { bench: name, ...(await run((line) => values.json || console.log(line))), measured };
console.log(values.json ? JSON.stringify(result) : JSON.stringify(result, null, 2));
process.exit(0);

function isBench(text: string): text is keyof typeof BENCHES {
  return Object.hasOwn(BENCHES, text);
}
