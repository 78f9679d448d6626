import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { LaunchError } from "./environment";

export type Throwaway = { url: string; dataDir: string; stop(): Promise<void> };

/** What would make it another installation than a fresh one. */
const OWN = /^(DATABASE_URL|NEXTAUTH_|DUMONT_)/;

/**
 * The real product as `npm start` starts it, with a data folder and a port of its own that vanish when it is stopped.
 * @throws LaunchError when it does not come up; it has said why
 */
export async function startThrowaway(settings: Record<string, string> = {}): Promise<Throwaway> {
  const dataDir = mkdtempSync(path.join(tmpdir(), "dumont-e2e-"));
  // When root runs this, PostgreSQL runs under another user, who must get through.
  chmodSync(dataDir, 0o711);
  const port = await freePort();
  const inherited = Object.entries(process.env).filter(([name]) => !OWN.test(name));
  const product = spawn(process.execPath, ["--import", "tsx", "scripts/start.ts"], {
    env: {
      ...Object.fromEntries(inherited),
      ...settings,
      NODE_ENV: "production",
      DATA_DIR: dataDir,
      PORT: String(port),
    },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    detached: true, // Ctrl-C reaches us; we stop it when we have ended.
  });
  const interrupt = () => product.kill("SIGTERM");
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  const stop = async () => {
    if (product.exitCode === null && product.signalCode === null) {
      product.kill("SIGTERM");
      await once(product, "exit");
    }
    rmSync(dataDir, { recursive: true, force: true });
  };
  if (await isReady(product)) return { url: `http://localhost:${port}`, dataDir, stop };
  await stop();
  throw new LaunchError("The product did not start, so nothing could be done with it.");
}

async function isReady(product: ChildProcess): Promise<boolean> {
  const [message] = await Promise.race([once(product, "message"), once(product, "exit").then(() => [undefined])]);
  return message !== undefined;
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0);
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  if (typeof address !== "object" || address === null) throw new Error("The system gave no port.");
  return address.port;
}
