/**
 * npm run screenshots [-- <folder>]: walks the console with demo data and writes every page and dialog, light and dark,
 * 1440 and 390 px wide, as <page>-<theme>-<width>.png (into .cache/screenshots unless told).
 * npm run screenshots -- --docs: writes only the pictures of README.md and of docs, into docs/screenshots.
 * npm run screenshots -- --only <text>: only those whose name contains the text; several texts by commas.
 */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { type Browser, type BrowserContext, chromium, request } from "@playwright/test";
import { BROWSER_ARGUMENTS, requireBrowser } from "./launcher/browser";
import { run } from "./launcher/run";
import { startThrowaway } from "./launcher/throwaway";
import { DEMO, prepareDemo } from "./screenshots/demo";
import { LASTING_SHOTS, SETUP_SHOTS, SHOTS, type Shot, VISITOR_SHOTS } from "./screenshots/shots";

const LOOKS = [
  { theme: "light", width: 1440, height: 900 },
  { theme: "light", width: 390, height: 844 },
  { theme: "dark", width: 1440, height: 900 },
  { theme: "dark", width: 390, height: 844 },
] as const;
type Look = (typeof LOOKS)[number];

/** The pictures that README.md and docs show, and in which theme. */
const DOCS: Readonly<Record<string, Look["theme"]>> = {
  reservations: "light",
  gantt: "dark",
  deliveries: "light",
  delivery: "dark",
  "why-not": "light",
  "replay-running": "light",
  "webhook-warning": "light",
  "webhook-probing": "light",
  "webhook-statistics": "light",
  "configuration-compare": "light",
  instance: "light",
  workflow: "light",
};

await run(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { docs: { type: "boolean", default: false }, only: { type: "string", default: "" } },
  });
  const folder = values.docs
    ? path.join("docs", "screenshots")
    : (positionals[0] ?? path.join(".cache", "screenshots"));
  mkdirSync(folder, { recursive: true });
  const wanted = values.docs
    ? isInDocs
    : (shot: Shot) => values.only.split(",").some((text) => shot.name.includes(text));
  const walk = { executablePath: requireBrowser(), folder, wanted };
  const written = (values.docs ? 0 : await newcomer(walk)) + (await demo(walk));
  console.log(`${written} pictures in ${folder}`);
  process.exit(0);
});

function isInDocs({ name }: Shot, look: Look): boolean {
  return DOCS[name] === look.theme && look.width === 1440;
}

type Walk = { executablePath: string; folder: string; wanted: (shot: Shot, look: Look) => boolean };

/** What there is before anybody has an account. */
async function newcomer(walk: Walk): Promise<number> {
  const product = await startThrowaway();
  try {
    return await takeAll({ ...walk, url: product.url, shots: SETUP_SHOTS });
  } finally {
    await product.stop();
  }
}

async function demo(walk: Walk): Promise<number> {
  const product = await startThrowaway(DEMO);
  const { url } = product;
  try {
    const client = await request.newContext({
      baseURL: url,
      extraHTTPHeaders: { authorization: `Bearer ${DEMO.DUMONT_BOOTSTRAP_API_KEY}` },
    });
    const ids = await prepareDemo(client);
    await client.dispose();
    const session = await logIn(walk, url);
    let written = await takeAll({ ...walk, url, ids, shots: VISITOR_SHOTS });
    for (const shots of [SHOTS, LASTING_SHOTS]) written += await takeAll({ ...walk, url, ids, session, shots });
    return written;
  } finally {
    await product.stop();
  }
}

function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: BROWSER_ARGUMENTS });
}

type Session = Awaited<ReturnType<BrowserContext["storageState"]>>;

async function logIn({ executablePath }: Walk, url: string): Promise<Session> {
  const browser = await openBrowser(executablePath);
  const context = await browser.newContext({ baseURL: url });
  const page = await context.newPage();
  await page.goto("/login");
  await page.getByLabel("E-mail").fill(DEMO.DUMONT_BOOTSTRAP_EMAIL);
  await page.getByLabel("Password", { exact: true }).fill(DEMO.DUMONT_BOOTSTRAP_PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL("/app");
  const session = await context.storageState();
  await browser.close();
  return session;
}

type Series = Walk & { url: string; shots: readonly Shot[]; ids?: Readonly<Record<string, string>>; session?: Session };

/** Takes each shot in each look. @returns how many were taken */
async function takeAll({ executablePath, folder, wanted, url, shots, ids = {}, session }: Series): Promise<number> {
  let written = 0;
  for (const look of LOOKS) {
    const chosen = shots.filter((shot) => (shot.width ?? look.width) === look.width && wanted(shot, look));
    if (chosen.length === 0) continue;
    // A browser for each look: one that has shown hundreds of pages is not to be relied on.
    const browser = await openBrowser(executablePath);
    const context = await browser.newContext({
      baseURL: url,
      viewport: { width: look.width, height: look.height },
      hasTouch: look.width === 390,
      colorScheme: look.theme,
      reducedMotion: "reduce",
      ...(session === undefined ? {} : { storageState: session }),
    });
    for (const shot of chosen) {
      const file = path.join(folder, `${shot.name}-${look.theme}-${look.width}.png`);
      await take({ context, shot, address: fill(shot.path, ids), file });
      written += 1;
    }
    await browser.close();
  }
  return written;
}

type Take = { context: BrowserContext; shot: Shot; address: string; file: string };

/** On a page of its own, so that nothing of the shot before is left: an open dialog, a changed answer. */
async function take({ context, shot, address, file }: Take): Promise<void> {
  const page = await context.newPage();
  try {
    await shot.before?.(page);
    await page.goto(address);
    await page.getByRole("heading", { level: 1 }).first().waitFor({ state: "attached" });
    if (!shot.unfinished) {
      // The live stream never ends, so the network is never idle; but skeletons pulse until the data is there, and the
      // sign of the connection turns until that stands.
      await page.waitForFunction(
        () => document.querySelector(".animate-pulse, [aria-busy=true], header .animate-spin") === null,
      );
    }
    await shot.open?.(page);
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: file, animations: "disabled" });
    await shot.after?.(page);
  } catch (error) {
    throw new Error(`${path.basename(file)} could not be taken: ${error instanceof Error ? error.message : error}`);
  } finally {
    await page.close();
  }
}

function fill(address: string, ids: Readonly<Record<string, string>>): string {
  return address.replace(/\{(\w+)\}/g, (_match, name: string) => {
    const id = ids[name];
    if (id === undefined) throw new Error(`Nothing is known to put in for ${name} in ${address}.`);
    return id;
  });
}
