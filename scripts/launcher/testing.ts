import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach } from "vitest";
import { stopLeftover } from "@/lib/db/embedded/leftover";

export type Launched = {
  child: ChildProcess;
  output(): string;
  exit: Promise<{ code: number | null; output: string }>;
};

/** Gives each test of a file a data folder of its own, and ends whatever it launched. */
export function ownInstallation(prefix: string) {
  let dataDir = "";
  const started: ChildProcess[] = [];

  beforeEach(() => {
    dataDir = mkdtempSync(path.join(tmpdir(), prefix));
    chmodSync(dataDir, 0o711);
  });
  afterEach(async () => {
    for (const child of started.splice(0)) {
      if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid ?? 0), "SIGKILL");
    }
    await stopLeftover(path.join(dataDir, "postgres"));
    rmSync(dataDir, { recursive: true, force: true });
  });

  return {
    inDataDir: (file: string) => path.join(dataDir, file),
    /** In a process group of its own, as a terminal does it, without what this test run has in its environment. */
    launch: ([file = "", ...args]: string[], extra: Record<string, string> = {}): Launched => {
      const { DATABASE_URL: _1, DUMONT_SECRET_KEY: _2, NEXTAUTH_SECRET: _3, NEXTAUTH_URL: _4, ...rest } = process.env;
      const child = spawn(file, args, {
        env: { ...rest, NODE_ENV: "production", DATA_DIR: dataDir, LOG_LEVEL: "warn", ...extra },
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      });
      started.push(child);
      let output = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding("utf8").on("data", (text: string) => {
          output += text;
        });
      }
      const exit = once(child, "close").then(() => ({ code: child.exitCode, output }));
      return { child, output: () => output, exit };
    },
  };
}

/** The command line of one of the product's scripts. */
export function script(name: string, ...args: string[]): string[] {
  return [process.execPath, "--import", "tsx", `scripts/${name}.ts`, ...args];
}
