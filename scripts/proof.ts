/**
 * npm run proof: runs the fault suite and puts what it counted, and the figures of the benches that were run with
 * `npm run -s bench -- <name> --json > .cache/proof/bench-<name>.json`, into docs/proof, in place of what is there under the
 * same name; and writes docs/proof.md from all that is there. A longer run is kept beside the usual one under a name of its own.
 * npm run proof -- --keep-faults: takes the counts of the last run of the fault suite.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { filesChangedSince, stampSchema } from "@/lib/proof/stamp";
import { proofPage } from "./proof-page";

/** Where runs leave what they counted. */
const RUNS = path.join(".cache", "proof");
/** What the page is made of: part of the repository, so that a new checkout knows figures that were measured elsewhere. */
const KEPT = path.join("docs", "proof");
const measured = stampSchema.nullable().default(null);
const faultSchema = z.object({ measured }).catchall(z.union([z.string(), z.number()]));
const benchSchema = z.looseObject({ bench: z.string(), measured });

const { values } = parseArgs({ options: { "keep-faults": { type: "boolean", default: false } } });
if (!values["keep-faults"]) {
  for (const file of files(RUNS, isFault)) rmSync(file);
  const { status } = spawnSync("npm", ["run", "test:faults"], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
mkdirSync(KEPT, { recursive: true });
for (const file of files(RUNS)) {
  const figures: unknown = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(path.join(KEPT, path.basename(file)), `${JSON.stringify(figures, null, 2)}\n`);
}
const faults = files(KEPT, isFault).map((file) => {
  const { measured, ...figures } = faultSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  return { measured, figures };
});
const benches = files(KEPT, (name) => !isFault(name)).map((file) => {
  const { bench: name, measured, ...figures } = benchSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  return { name, measured, figures };
});
writeFileSync(path.join("docs", "proof.md"), proofPage(faults, benches, filesChangedSince));
console.log(`docs/proof.md: ${faults.length} faults, ${benches.length} benches`);

function isFault(name: string): boolean {
  return !name.startsWith("bench-");
}

function files(folder: string, wanted: (name: string) => boolean = () => true): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json") && wanted(name))
    .toSorted()
    .map((name) => path.join(folder, name));
}
