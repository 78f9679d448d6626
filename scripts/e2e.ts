/**
 * npm run test:e2e: the browser tests, against the real product: built for production and started by scripts/start.ts
 * with a data folder and a port of its own. Arguments after -- go to Playwright.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { requireBrowser } from "./launcher/browser";
import { run } from "./launcher/run";
import { startThrowaway } from "./launcher/throwaway";

await run(async () => {
  const browser = requireBrowser();
  const product = await startThrowaway();
  let code = 1;
  try {
    code = await runPlaywright({ BASE_URL: product.url, CHROMIUM_PATH: browser, DATA_DIR: product.dataDir });
  } finally {
    await product.stop();
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
