import { defineConfig } from "@playwright/test";

/** Run through `npm run test:e2e`, which starts the product, finds a browser and sets these. */
const { BASE_URL, CHROMIUM_PATH, E2E_REPORT } = process.env;
if (!BASE_URL) throw new Error('BASE_URL is missing: run the browser tests with "npm run test:e2e".');

export default defineConfig({
  testDir: ".",
  outputDir: "../test-results",
  // The specs use one installation, which one of them sets up.
  workers: 1,
  fullyParallel: false,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ...(E2E_REPORT ? [["json", { outputFile: E2E_REPORT }] as const] : [])],
  use: {
    baseURL: BASE_URL,
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
  projects: [
    {
      name: "chromium",
      use: {
        browserName: "chromium",
        viewport: { width: 1440, height: 900 },
        launchOptions: {
          ...(CHROMIUM_PATH ? { executablePath: CHROMIUM_PATH } : {}),
          // Root may not use the sandbox. Nothing but the console under test is to be talked to.
          args: ["--no-sandbox", "--disable-background-networking"],
        },
      },
    },
  ],
});
