import { execFileSync } from "node:child_process";
import { cpus, loadavg, totalmem } from "node:os";
import { z } from "zod";

/** What decides a figure: the code that is measured and the code that measures. */
const SOURCES = ["lib", "bench", "prisma", "scripts"];

/** When, where and of which code a figure was measured, as it is kept beside the figure. */
export const stampSchema = z.object({
  /** Hash of the commit; null where there is no git. */
  commit: z.string().nullable(),
  /** Whether the sources were those of the commit; null where there is no git. */
  clean: z.boolean().nullable(),
  /** When the run began, in UTC. */
  date: z.iso.datetime(),
  cores: z.number(),
  cpu: z.string(),
  memory_gib: z.number(),
  node: z.string(),
  /** Processes that ran or wanted to, averaged over the minute before the run. */
  load_before: z.number(),
});

export type Stamp = z.infer<typeof stampSchema>;

/** To be taken before the run: afterwards the load would be its own. */
export function takeStamp(): Stamp {
  const commit = git("rev-parse", "HEAD")?.trim() ?? null;
  const changed = git("status", "--porcelain", "--", ...SOURCES);
  return {
    commit,
    clean: changed === null ? null : changed === "",
    date: new Date().toISOString(),
    cores: cpus().length,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    memory_gib: Math.round(totalmem() / 1024 ** 3),
    node: process.version,
    load_before: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

/** How many files that decide figures differ between a commit and the present one; null where git cannot say. */
export function filesChangedSince(commit: string): number | null {
  const changed = git("diff", "--name-only", commit, "HEAD", "--", ...SOURCES);
  return changed === null ? null : changed.split("\n").filter(decidesFigures).length;
}

/** What writes figures down. */
const WRITERS: ReadonlySet<string> = new Set(["lib/proof/stamp.ts", "scripts/proof.ts", "scripts/proof-page.ts"]);

/** Fault tests measure; the other tests only look on, and so does what writes figures down. */
export function decidesFigures(file: string): boolean {
  return file !== "" && !WRITERS.has(file) && (!/\.test\.tsx?$/.test(file) || file.endsWith(".faults.test.ts"));
}

/** @returns null where there is no git, no repository, or no such commit */
function git(...args: string[]): string | null {
  try {
    return execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return null;
  }
}
