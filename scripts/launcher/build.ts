import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { BUILT_WORKER, buildWorker } from "./build-worker";
import { LaunchError } from "./environment";

/** Everything that the build is made from. Tests and generated code are not. */
const SOURCES = [
  "app",
  "components",
  "lib",
  "public",
  "scripts/launcher",
  "scripts/worker.ts",
  "store",
  "instrumentation-client.ts",
  "instrumentation.ts",
  "next.config.mjs",
  "package-lock.json",
  "postcss.config.mjs",
  "prisma/schema.prisma",
  "proxy.ts",
  "tailwind.config.ts",
  "tsconfig.json",
];
const IGNORED = /(\.test\.tsx?$)|(^lib\/generated\/)/;

const OUTPUT = ".next";
/** Written after a build, and removed before one: a build that was interrupted has none. */
const STAMP = path.join(OUTPUT, "dumont-sources");
const TAIL_LINES = 60;

/** The command line of Next.js, to be run by Node.js itself. */
export function nextCommand(): string {
  return createRequire(import.meta.url).resolve("next/dist/bin/next");
}

/** Whether the production build, with the worker that others build anew as well, belongs to the sources as they are. */
export function isBuilt(): boolean {
  return existsSync(STAMP) && existsSync(BUILT_WORKER) && readFileSync(STAMP, "utf8") === fingerprint();
}

/** Whether there is a complete production build, of whatever sources. */
export function hasBuild(): boolean {
  return existsSync(STAMP);
}

/**
 * Builds the console and the worker for production.
 * @param options.quiet keep the output and show it only on failure
 * @throws LaunchError with what Next.js said
 */
export async function build({ quiet, signal }: { quiet: boolean; signal?: AbortSignal }): Promise<void> {
  if (signal?.aborted) throw new LaunchError("The build was broken off.");
  rmSync(STAMP, { force: true });
  const stamp = fingerprint();
  const child = spawn(process.execPath, [nextCommand(), "build"], {
    stdio: ["ignore", quiet ? "pipe" : "inherit", quiet ? "pipe" : "inherit"],
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    // A group of its own: Next.js builds with many processes, and all of them have to go when the start is broken off.
    detached: true,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const abort = () => killGroup(child.pid);
  signal?.addEventListener("abort", abort, { once: true });
  process.once("exit", abort);
  try {
    const [code] = await once(child, "close");
    if (signal?.aborted) throw new LaunchError("The build was broken off.");
    if (code !== 0) {
      const tail = output.trimEnd().split("\n").slice(-TAIL_LINES).join("\n");
      throw new LaunchError(`${tail}\n\nThe console could not be built (exit code ${code}).`);
    }
  } finally {
    signal?.removeEventListener("abort", abort);
    process.removeListener("exit", abort);
  }
  await buildWorker();
  writeFileSync(STAMP, stamp);
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Already gone.
  }
}

function fingerprint(): string {
  const hash = createHash("sha256").update(`${process.version} ${process.platform} ${process.arch}\n`);
  for (const file of SOURCES.flatMap(filesBelow).sort()) {
    hash.update(`${file}\n`).update(createHash("sha256").update(readFileSync(file)).digest());
  }
  // Next.js writes these into the pages.
  for (const [name, value] of Object.entries(process.env).sort()) {
    if (name.startsWith("NEXT_PUBLIC_")) hash.update(`${name}=${value}\n`);
  }
  return hash.digest("hex");
}

function filesBelow(file: string): string[] {
  if (!existsSync(file) || IGNORED.test(file)) return [];
  if (!statSync(file).isDirectory()) return [file];
  return readdirSync(file).flatMap((name) => filesBelow(`${file}/${name}`));
}
