/**
 * npm run proof: runs the fault suite and writes what it counted, and the figures of the benches that were run with
 * `npm run -s bench -- <name> --json > .cache/proof/bench-<name>.json`, into docs/proof.md.
 * npm run proof -- --keep-faults: takes the counts of the last run of the fault suite.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";

const FOLDER = path.join(".cache", "proof");
const figures = z.record(z.string(), z.union([z.string(), z.number()]));
const bench = z.looseObject({ bench: z.string() });

const { values } = parseArgs({ options: { "keep-faults": { type: "boolean", default: false } } });
if (!values["keep-faults"]) {
  for (const file of files((name) => !name.startsWith("bench-"))) rmSync(file);
  const { status } = spawnSync("npm", ["run", "test:faults"], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
const faults = files((name) => !name.startsWith("bench-")).map((file) =>
  figures.parse(JSON.parse(readFileSync(file, "utf8"))),
);
const benches = files((name) => name.startsWith("bench-")).map((file) =>
  bench.parse(JSON.parse(readFileSync(file, "utf8"))),
);
writeFileSync(path.join("docs", "proof.md"), document());
console.log(`docs/proof.md: ${faults.length} faults, ${benches.length} benches`);

function files(wanted: (name: string) => boolean): string[] {
  if (!existsSync(FOLDER)) return [];
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".json") && wanted(name))
    .toSorted()
    .map((name) => path.join(FOLDER, name));
}

function document(): string {
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? "unknown"}), ${Math.round(totalmem() / 1024 ** 3)} GiB, Node ${process.version}`;
  return [
    "# Proof",
    "",
    "Written by `npm run proof`; do not edit. The fault suite (`npm run test:faults`) kills processes and disturbs receivers, clocks and",
    'name look-ups while an independent receiver process counts what reaches it. "Repeated" are deliveries that were',
    'accepted twice, always with the same `X-Webhook-Delivery`. "Unaccounted" is the loss audit of the overview, counted by',
    "the database.",
    "",
    `Machine: ${machine}. Everything (PostgreSQL, workers, receiver) shares it.`,
    "",
    "## Faults",
    "",
    "| fault | deliveries | arrived | repeated | unaccounted | besides |",
    "|---|---:|---:|---:|---:|---|",
    ...faults.map(({ fault, deliveries, arrived, repeated, unaccounted, ...besides }) => {
      const rest = Object.entries(besides).map(([name, value]) => `${name.replaceAll("_", " ")} ${value}`);
      return `| ${fault} | ${deliveries ?? "–"} | ${arrived ?? "–"} | ${repeated ?? "–"} | ${unaccounted ?? "–"} | ${rest.join(", ")} |`;
    }),
    "",
    "## Speed",
    "",
    "`npm run -s bench -- <name> --json`: each figure stands beside its yardstick of the same run. See docs/scaling.md for what follows from them.",
    "",
    ...benches.flatMap(({ bench: name, ...rest }) => [
      `### ${name}`,
      "",
      "```json",
      JSON.stringify(rest, null, 2),
      "```",
      "",
    ]),
  ].join("\n");
}
