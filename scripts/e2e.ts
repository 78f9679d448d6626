/**
 * npm run test:e2e: the browser tests, against the real product: built for production and started by scripts/start.ts
 * with a data folder and a port of its own. Arguments after -- go to Playwright.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { requireBrowser } from "./launcher/browser";
import { run } from "./launcher/run";
import { freePort, startThrowaway } from "./launcher/throwaway";

await run(async () => {
  const browser = requireBrowser();
  const { file, settings } = makeWebhooksFile();
  // For a provisioner of the tests: it is in one's own network, as most are.
  const provisionerPort = await freePort();
  const product = await startThrowaway({ ...settings, EGRESS_ALLOW: `127.0.0.1:${provisionerPort}` });
  let code = 1;
  try {
    code = await runPlaywright({
      BASE_URL: product.url,
      CHROMIUM_PATH: browser,
      DATA_DIR: product.dataDir,
      WEBHOOKS_FILE: file,
      PROVISIONER_PORT: String(provisionerPort),
    });
  } finally {
    await product.stop();
    rmSync(path.dirname(file), { recursive: true, force: true });
  }
  process.exit(code);
});

async function runPlaywright(variables: Record<string, string>): Promise<number> {
  const config = path.join("e2e", "playwright.config.ts");
  const child = spawn("playwright", ["test", "--config", config, ...process.argv.slice(2)], {
    env: { ...process.env, ...variables },
    stdio: "inherit",
  });
  const [code] = await once(child, "exit");
  return typeof code === "number" ? code : 1;
}

/** A configuration file that declares nothing yet, with a secret that it can name. */
function makeWebhooksFile(): { file: string; settings: Record<string, string> } {
  const folder = mkdtempSync(path.join(tmpdir(), "dumont-e2e-config-"));
  const file = path.join(folder, "webhooks.yaml");
  writeFileSync(file, "webhooks: []\n");
  writeFileSync(path.join(folder, "e2e_secret"), `${randomBytes(24).toString("hex")}\n`);
  return { file, settings: { WEBHOOKS_FILE: file, SECRETS_DIR: folder } };
}
