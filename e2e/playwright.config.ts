import { defineConfig } from "@playwright/test";
import { BROWSER_ARGUMENTS } from "../scripts/launcher/browser";
import { INSTALLATIONS, ORIGIN, OWNER_SESSION } from "./support/installation";

/** `npm run test:e2e` starts the product, finds a browser and sets these. */
const { CHROMIUM_PATH, E2E_REPORT } = process.env;

export default defineConfig({
  testDir: ".",
  outputDir: "../test-results",
  // Each worker has an installation to itself, in which its specs follow one another; the set-up is the first of each.
  workers: INSTALLATIONS.length,
  fullyParallel: false,
  // Workers share the machine: what passes does not wait for these, and what is slow has room.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  // A busy machine delays a click past its moment; what fails once and then passes is printed as flaky.
  retries: 1,
  reporter: [["list"], ...(E2E_REPORT ? [["json", { outputFile: E2E_REPORT }] as const] : [])],
  use: {
    baseURL: ORIGIN,
    browserName: "chromium",
    viewport: { width: 1440, height: 900 },
    // What fades in has less contrast than it will have, and each frame of it is drawn without a graphics card.
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: {
      ...(CHROMIUM_PATH ? { executablePath: CHROMIUM_PATH } : {}),
      args: BROWSER_ARGUMENTS,
    },
    // Recording every test costs a tenth of its time; what fails is tried again, and recorded then.
    trace: "on-first-retry",
    screenshot: "only-on-failure",
  },
  projects: [
    { name: "set-up", testMatch: "set-up.setup.ts" },
    { name: "console", dependencies: ["set-up"], use: { storageState: OWNER_SESSION } },
  ],
});
