/**
 * npm run proof: runs the fault suite and writes what it counted, and the figures of the benches that were run with
 * `npm run -s bench -- <name> --json > .cache/proof/bench-<name>.json`, into docs/proof.md.
 * npm run proof -- --keep-faults: takes the counts of the last run of the fault suite.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { filesChangedSince, stampSchema } from "@/lib/proof/stamp";
import { proofPage } from "./proof-page";

const FOLDER = path.join(".cache", "proof");
const measured = stampSchema.nullable().default(null);
const faultSchema = z.object({ measured }).catchall(z.union([z.string(), z.number()]));
const benchSchema = z.looseObject({ bench: z.string(), measured });

const { values } = parseArgs({ options: { "keep-faults": { type: "boolean", default: false } } });
if (!values["keep-faults"]) {
  for (const file of files((name) => !name.startsWith("bench-"))) rmSync(file);
  const { status } = spawnSync("npm", ["run", "test:faults"], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
const faults = files((name) => !name.startsWith("bench-")).map((file) => {
  const { measured, ...figures } = faultSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  return { measured, figures };
});
const benches = files((name) => name.startsWith("bench-")).map((file) => {
  const { bench: name, measured, ...figures } = benchSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  return { name, measured, figures };
});
writeFileSync(path.join("docs", "proof.md"), proofPage(faults, benches, filesChangedSince));
console.log(`docs/proof.md: ${faults.length} faults, ${benches.length} benches`);

function files(wanted: (name: string) => boolean): string[] {
  if (!existsSync(FOLDER)) return [];
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".json") && wanted(name))
    .toSorted()
    .map((name) => path.join(FOLDER, name));
}
