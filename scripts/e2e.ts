/**
 * npm run test:e2e: the browser tests, against the real product: built for production and started by scripts/start.ts
 * with a data folder and a port of its own, once for each worker of Playwright. Arguments after -- go to Playwright.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { requireBrowser } from "./launcher/browser";
import { run } from "./launcher/run";
import { freePort, startThrowaway, type Throwaway } from "./launcher/throwaway";

const chosen = process.argv.slice(2);

/** A browser, the console and PostgreSQL keep a core busy and a half; what is chosen by hand is few specs. */
const COUNT = chosen.length > 0 ? 1 : Math.min(2, availableParallelism());

await run(async () => {
  const browser = requireBrowser();
  const products: Throwaway[] = [];
  const folders: string[] = [];
  let code = 1;
  try {
    const installations = [];
    // One after the other: the first one builds the console.
    for (let index = 0; index < COUNT; index += 1) {
      const { folder, file } = makeWebhooksFile();
      folders.push(folder);
      // For a provisioner of the tests. By its name: an address would let internal names through the form, as ranges do.
      const provisionerPort = await freePort();
      const settings = { WEBHOOKS_FILE: file, SECRETS_DIR: folder, EGRESS_ALLOW: `localhost:${provisionerPort}` };
      const product = await startThrowaway(settings);
      products.push(product);
      installations.push({ url: product.url, dataDir: product.dataDir, webhooksFile: file, provisionerPort });
    }
    code = await runPlaywright({ E2E_INSTALLATIONS: JSON.stringify(installations), CHROMIUM_PATH: browser });
  } finally {
    await Promise.all(products.map((product) => product.stop()));
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  }
  process.exit(code);
});

async function runPlaywright(variables: Record<string, string>): Promise<number> {
  const config = path.join("e2e", "playwright.config.ts");
  const child = spawn("playwright", ["test", "--config", config, ...chosen], {
    env: { ...process.env, ...variables },
    stdio: "inherit",
  });
  const [code] = await once(child, "exit");
  return typeof code === "number" ? code : 1;
}

/** A configuration file that declares nothing yet, in a folder with a secret that it can name. */
function makeWebhooksFile(): { folder: string; file: string } {
  const folder = mkdtempSync(path.join(tmpdir(), "dumont-e2e-config-"));
  const file = path.join(folder, "webhooks.yaml");
  writeFileSync(file, "webhooks: []\n");
  writeFileSync(path.join(folder, "e2e_secret"), `${randomBytes(24).toString("hex")}\n`);
  return { folder, file };
}
