/**
 * npm run screenshots [-- <folder>]: walks the console with demo data and writes every page and dialog, light and dark,
 * 1440 and 390 px wide, as <page>-<theme>-<width>.png (into .cache/screenshots unless told).
 * npm run screenshots -- --readme: writes only the pictures of README.md, into docs/screenshots.
 */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { type APIRequestContext, type Browser, chromium, type Page } from "@playwright/test";
import { BROWSER_ARGUMENTS, requireBrowser } from "./launcher/browser";
import { run } from "./launcher/run";
import { startThrowaway } from "./launcher/throwaway";

const EMAIL = "ada@example.com";
const PASSWORD = "correct-horse-battery";
const API_KEY = "dmt_screenshots_0123456789abcdef";
const PROJECT = "/api/v1/projects/default";

const THEMES = ["light", "dark"] as const;
const WIDTHS = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const;

type Ids = { delivered: string; retried: string; failed: string; pending: string; event: string; webhook: string };

type Shot = {
  name: string;
  path: (ids: Ids) => string;
  /** Opens the dialog or the state to be shown. */
  prepare?: (page: Page) => Promise<void>;
  /** Only at this width. */
  width?: 1440 | 390;
};

const button = (name: string | RegExp) => async (page: Page) => {
  await page.getByRole("button", { name }).first().click();
};

const SHOTS: Shot[] = [
  { name: "overview", path: () => "/app" },
  { name: "deliveries", path: () => "/app/deliveries" },
  { name: "deliveries-filtered", path: () => "/app/deliveries?status=failed" },
  { name: "deliveries-none", path: () => "/app/deliveries?q=nothing" },
  { name: "deliveries-filters", path: () => "/app/deliveries", prepare: button(/filters/i), width: 390 },
  { name: "inspector", path: ({ failed }) => `/app/deliveries?delivery=${failed}`, width: 1440 },
  { name: "delivery", path: ({ retried }) => `/app/deliveries/${retried}` },
  { name: "delivery-failed", path: ({ failed }) => `/app/deliveries/${failed}` },
  { name: "delivery-pending", path: ({ pending }) => `/app/deliveries/${pending}` },
  { name: "delivery-missing", path: () => "/app/deliveries/dlv_00000000000000000000000000" },
  { name: "events", path: () => "/app/events" },
  { name: "event", path: ({ event }) => `/app/events/${event}` },
  { name: "catalogue", path: () => "/app/events?tab=catalogue" },
  { name: "webhooks", path: () => "/app/settings/webhooks" },
  { name: "webhook-new", path: () => "/app/settings/webhooks/new" },
  { name: "webhook", path: ({ webhook }) => `/app/settings/webhooks/${webhook}` },
  {
    name: "webhook-test",
    path: ({ webhook }) => `/app/settings/webhooks/${webhook}`,
    prepare: async (page) => {
      await page.getByRole("button", { name: "Send test" }).click();
      await page.getByText(/Delivered at the first attempt/).waitFor();
    },
  },
  { name: "webhook-deliveries", path: ({ webhook }) => `/app/settings/webhooks/${webhook}/deliveries` },
  { name: "webhook-edit", path: ({ webhook }) => `/app/settings/webhooks/${webhook}/edit` },
  { name: "api-keys", path: () => "/app/settings/api-keys" },
  { name: "api-key-new", path: () => "/app/settings/api-keys", prepare: button("Create API key") },
  { name: "members", path: () => "/app/settings/members" },
  { name: "invite", path: () => "/app/settings/members", prepare: button(/invite/i) },
  { name: "project", path: () => "/app/settings/project" },
  { name: "receiver", path: () => "/app/receiver" },
  { name: "not-found", path: () => "/app/nowhere" },
];

await run(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { readme: { type: "boolean", default: false } },
  });
  const folder = values.readme
    ? path.join("docs", "screenshots")
    : (positionals[0] ?? path.join(".cache", "screenshots"));
  mkdirSync(folder, { recursive: true });
  const browser = await chromium.launch({ executablePath: requireBrowser(), args: BROWSER_ARGUMENTS });
  const written = values.readme ? await readme(browser, folder) : await everything(browser, folder);
  await browser.close();
  console.log(`${written} pictures in ${folder}`);
  process.exit(0);
});

async function everything(browser: Browser, folder: string): Promise<number> {
  return (await newcomer(browser, folder)) + (await demo((url) => walk({ browser, url, folder, shots: SHOTS })));
}

/** The two pictures of README.md. */
async function readme(browser: Browser, folder: string): Promise<number> {
  return demo(async (url) => {
    const ids = await idsOf(browser, url);
    const take = async (theme: "light" | "dark", name: string) => {
      const page = await openConsole(browser, url, { theme, width: 1440, height: 900 });
      const shot = SHOTS.find((candidate) => candidate.name === name);
      if (shot) await takeShot({ page, url, folder, ids, shot, theme, width: 1440 });
      await page.context().close();
    };
    await take("light", "deliveries");
    await take("dark", "delivery");
    return 2;
  });
}

/** What there is before anybody has an account. */
async function newcomer(browser: Browser, folder: string): Promise<number> {
  const product = await startThrowaway();
  try {
    return await eachLook(browser, async (page, { theme, width }) => {
      await page.goto(`${product.url}/setup`);
      await page.getByRole("button").first().waitFor();
      await page.screenshot({ path: path.join(folder, `setup-${theme}-${width}.png`) });
      return 1;
    });
  } finally {
    await product.stop();
  }
}

async function demo(work: (url: string) => Promise<number>): Promise<number> {
  const product = await startThrowaway({
    DUMONT_BOOTSTRAP_EMAIL: EMAIL,
    DUMONT_BOOTSTRAP_PASSWORD: PASSWORD,
    DUMONT_BOOTSTRAP_API_KEY: API_KEY,
    DUMONT_DEMO: "1",
  });
  try {
    return await work(product.url);
  } finally {
    await product.stop();
  }
}

type Walk = { browser: Browser; url: string; folder: string; shots: Shot[] };

async function walk({ browser, url, folder, shots }: Walk): Promise<number> {
  const ids = await idsOf(browser, url);
  return eachLook(browser, async (page, { theme, width }) => {
    await page.goto(`${url}/login`);
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    await page.screenshot({ path: path.join(folder, `login-${theme}-${width}.png`) });
    await logIn(page, url);
    const wanted = shots.filter((shot) => shot.width === undefined || shot.width === width);
    for (const shot of wanted) await takeShot({ page, url, folder, ids, shot, theme, width });
    return wanted.length + 1;
  });
}

type Look = { theme: (typeof THEMES)[number]; width: 1440 | 390; height: number };

async function eachLook(browser: Browser, work: (page: Page, look: Look) => Promise<number>): Promise<number> {
  let written = 0;
  for (const theme of THEMES) {
    for (const size of WIDTHS) {
      const page = await openPage(browser, { theme, ...size });
      written += await work(page, { theme, ...size });
      await page.context().close();
    }
  }
  return written;
}

async function openPage(browser: Browser, { theme, width, height }: Look): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: "reduce",
  });
  return context.newPage();
}

async function openConsole(browser: Browser, url: string, look: Look): Promise<Page> {
  const page = await openPage(browser, look);
  await logIn(page, url);
  return page;
}

async function logIn(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/login`);
  await page.getByLabel("E-mail").fill(EMAIL);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL(/\/app/);
}

type Take = { page: Page; url: string; folder: string; ids: Ids; shot: Shot; theme: string; width: number };

async function takeShot({ page, url, folder, ids, shot, theme, width }: Take): Promise<void> {
  await page.goto(`${url}${shot.path(ids)}`);
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  // The live stream never ends, so the network is never idle; but skeletons pulse until the data is there.
  await page.waitForFunction(() => document.querySelector(".animate-pulse, [aria-busy=true]") === null);
  if (shot.prepare) await shot.prepare(page);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: path.join(folder, `${shot.name}-${theme}-${width}.png`), animations: "disabled" });
}

/** Something of each kind to look at, from the demo data. */
async function idsOf(browser: Browser, url: string): Promise<Ids> {
  const context = await browser.newContext({ extraHTTPHeaders: { authorization: `Bearer ${API_KEY}` } });
  const deliveries = async (query: string) => {
    const { data } = await read<{
      data: { id: string; attempt_count: number; event_id: string; webhook_id: string }[];
    }>(context.request, `${url}${PROJECT}/deliveries?limit=200&${query}`);
    return data;
  };
  const [delivered, failed, pending] = await Promise.all([
    deliveries("status=delivered"),
    deliveries("status=failed"),
    deliveries("status=pending"),
  ]);
  await context.close();
  const [first] = delivered;
  if (!first) throw new Error("The demo data has no delivery.");
  const retried = delivered.find((delivery) => delivery.attempt_count > 1) ?? first;
  return {
    delivered: first.id,
    retried: retried.id,
    failed: failed[0]?.id ?? first.id,
    pending: pending[0]?.id ?? first.id,
    event: first.event_id,
    webhook: first.webhook_id,
  };
}

async function read<T>(request: APIRequestContext, url: string): Promise<T> {
  const response = await request.get(url);
  if (!response.ok()) throw new Error(`${url} answered ${response.status()}.`);
  return response.json();
}
