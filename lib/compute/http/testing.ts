import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { generateSecret } from "@/lib/webhooks/signing-key";

export type ReferenceProvisioner = {
  url: string;
  secret: string;
  dataDir: string;
  /** Ends the process as a power cut would, and starts it again on the same data. */
  crash(): Promise<void>;
  close(): Promise<void>;
};

/** The provisioner of examples/, as a process of its own that runs real processes as machines. */
export async function startReferenceProvisioner(settings: Record<string, string> = {}): Promise<ReferenceProvisioner> {
  const dataDir = mkdtempSync(path.join(tmpdir(), "provisioner-"));
  const secret = generateSecret();
  let running = await run("0");
  const port = new URL(running.url).port;
  return {
    url: running.url,
    secret,
    dataDir,
    crash: async () => {
      await running.end("SIGKILL");
      running = await run(port);
    },
    close: async () => {
      await running.end("SIGTERM");
      rmSync(dataDir, { recursive: true, force: true });
    },
  };

  async function run(listenOn: string) {
    const child = spawn(process.execPath, ["examples/provisioner/provisioner.mjs"], {
      env: {
        PATH: "/usr/local/bin:/usr/bin:/bin",
        NODE_ENV: "production",
        PROVISIONER_SECRET: secret,
        PROVISIONER_PORT: listenOn,
        PROVISIONER_DATA: dataDir,
        PROVISIONER_HOST: "127.0.0.1",
        PROVISIONER_BACKEND: "process",
        ...settings,
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    for await (const line of createInterface({ input: child.stdout })) {
      const url = /http:\/\/[\d.:]+/.exec(line)?.[0];
      if (!url) continue;
      return {
        url,
        end: async (signal: NodeJS.Signals) => {
          child.kill(signal);
          await ended;
        },
      };
    }
    throw new Error("The provisioner ended before it listened.");
  }
}
