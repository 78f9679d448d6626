/**
 * npm run test:e2e: the browser tests, against the real product: built for production and started by scripts/start.ts
 * with a data folder and a port of its own. Arguments after -- go to Playwright.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "@playwright/test";
import { LaunchError } from "./launcher/environment";
import { run } from "./launcher/run";

const SYSTEM_BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

await run(async () => {
  const browser = findBrowser() ?? installBrowser();
  const dataDir = mkdtempSync(path.join(tmpdir(), "dumont-e2e-"));
  // When root runs this, PostgreSQL runs under another user, who must get through.
  chmodSync(dataDir, 0o711);
  const port = await freePort();
  const product = start(dataDir, port);
  const interrupt = () => product.kill("SIGTERM");
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  let code = 1;
  try {
    await untilReady(product);
    code = await runPlaywright({ BASE_URL: `http://localhost:${port}`, CHROMIUM_PATH: browser, DATA_DIR: dataDir });
  } finally {
    if (product.exitCode === null && product.signalCode === null) {
      product.kill("SIGTERM");
      await once(product, "exit");
    }
    rmSync(dataDir, { recursive: true, force: true });
  }
  process.exit(code);
});

function findBrowser(): string | undefined {
  return [...SYSTEM_BROWSERS, chromium.executablePath()].find((file) => existsSync(file));
}

/** Debian's package brings the libraries along that a bare machine lacks; Playwright's download does not. */
function installBrowser(): string {
  const attempts =
    process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")
      ? [
          ["apt-get", "update"],
          ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"],
        ]
      : [["npx", "playwright", "install", "chromium"]];
  for (const [command = "", ...args] of attempts) {
    console.log(`No browser found. Installing one: ${command} ${args.join(" ")}`);
    spawnSync(command, args, { stdio: "inherit", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
  }
  const installed = findBrowser();
  if (installed) return installed;
  throw new LaunchError(
    "The browser tests need Chromium, and it could not be installed. Install it with your system's package manager " +
      "(apt-get install chromium) and run them again.",
  );
}

/** Nothing of the caller's environment that would make it another installation. */
function start(dataDir: string, port: number): ChildProcess {
  const {
    DATABASE_URL: _database,
    DUMONT_SECRET_KEY: _key,
    NEXTAUTH_SECRET: _secret,
    NEXTAUTH_URL: _url,
    ...inherited
  } = process.env;
  const kept = Object.entries(inherited).filter(([name]) => !name.startsWith("DUMONT_BOOTSTRAP_"));
  return spawn(process.execPath, ["--import", "tsx", "scripts/start.ts"], {
    env: { ...Object.fromEntries(kept), NODE_ENV: "production", DATA_DIR: dataDir, PORT: String(port) },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    detached: true, // Ctrl-C reaches us; we stop it when the tests have ended.
  });
}

async function untilReady(product: ChildProcess): Promise<void> {
  const [message] = await Promise.race([once(product, "message"), once(product, "exit").then(() => [undefined])]);
  if (message === undefined) throw new LaunchError("The product did not start, so its browser tests could not run.");
}

async function runPlaywright(variables: Record<string, string>): Promise<number> {
  const config = path.join("e2e", "playwright.config.ts");
  const child = spawn("playwright", ["test", "--config", config, ...process.argv.slice(2)], {
    env: { ...process.env, ...variables },
    stdio: "inherit",
  });
  const [code] = await once(child, "exit");
  return typeof code === "number" ? code : 1;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0);
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  if (typeof address !== "object" || address === null) throw new Error("The system gave no port.");
  return address.port;
}
