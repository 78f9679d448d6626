import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type Browser, chromium, type Page } from "@playwright/test";
import { createProject } from "@/lib/accounts/projects";
import { SESSION_COOKIE } from "@/lib/accounts/session-token";
import { createPerson } from "@/lib/accounts/testing";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { BROWSER_ARGUMENTS, requireBrowser } from "../scripts/launcher/browser";
import { build, isBuilt } from "../scripts/launcher/build";
import { storeCalendarBookings, storeCalendarFleet } from "./calendar-fleet";
import { dragFor, type Readiness, type Smoothness, takeNotes, untilUsable } from "./calendar-page";
import { round } from "./support";

const BOOKINGS = 1000;
const ROUNDS = 5;
const DRAG_MS = 3000;
const PORT = 4600 + Math.floor(Math.random() * 300);
const ORIGIN = `http://localhost:${PORT}`;
const DAY = 24 * 3_600_000;

/**
 * The calendar in a production build and a real browser: how soon a month with 1,000 bookings can be used after its data
 * has arrived, and how smoothly a booking is dragged in the week and in the gantt of 200 GPUs. Beside each the same page
 * of the same fleet without any booking.
 */
export async function run(say: (line: string) => void) {
  if (!isBuilt()) await build({ quiet: true });
  const web = await startWeb();
  const browser = await chromium.launch({ executablePath: requireBrowser(), args: BROWSER_ARGUMENTS });
  try {
    const { page, fleet } = await openConsole(browser);
    say("without bookings");
    const empty = await measure(page, "[data-day]", 1);
    await storeCalendarBookings(fleet, { bookings: BOOKINGS, now: new Date() });
    say(`with ${BOOKINGS}`);
    const full = await measure(page, ".calendar .calendar-bar", 20);
    return {
      bookings: BOOKINGS,
      month: {
        ...full.month,
        empty_shown_ms: empty.month.shown_ms,
        empty_usable_ms: empty.month.usable_ms,
        ratio: round(full.month.usable_ms / empty.month.usable_ms),
      },
      week_drag: besides(full.week, empty.week),
      gantt_drag: { gpus: 200, ...besides(full.gantt, empty.gantt) },
    };
  } finally {
    await browser.close();
    web.kill("SIGTERM");
  }
}

function besides(full: Smoothness, empty: Smoothness) {
  return { ...full, empty_fps: empty.fps, empty_longest_ms: empty.longest_ms, ratio: round(full.fps / empty.fps) };
}

/** @param target what is pressed once it is there; `least` of it have to be there */
async function measure(page: Page, target: string, least: number) {
  const rounds: Readiness[] = [];
  for (let i = 0; i < ROUNDS + 1; i += 1) {
    rounds.push(await untilUsable(page, "/app/reservations?view=month", target, least));
  }
  // The first round warms the server up.
  const month = { shown_ms: median(rounds.slice(1), "shown_ms"), usable_ms: median(rounds.slice(1), "usable_ms") };
  const week = await dragInWeek(page);
  const gantt = await dragInGantt(page);
  return { month, week, gantt };
}

function median(rounds: readonly Readiness[], of: keyof Readiness): number {
  const sorted = rounds.map((each) => each[of]).toSorted((a, b) => a - b);
  return round(sorted[Math.floor(sorted.length / 2)] ?? 0);
}

/** A booking where there is one, else free time. */
async function dragInWeek(page: Page): Promise<Smoothness> {
  await page.goto("/app/reservations?view=week");
  await page.locator(".calendar .rbc-time-content").waitFor();
  await settle(page);
  await page.locator(".calendar").evaluate((element) => element.scrollIntoView({ block: "end" }));
  const booking = page.locator(".calendar .rbc-day-slot .rbc-event:visible");
  const from =
    (await booking.count()) > 0
      ? await pointOn(page, ".calendar .rbc-day-slot .rbc-event")
      : await pointOn(page, ".calendar .rbc-day-slot");
  return dragFor(page, { from, reach: { x: 300, y: 120 }, sign: "[aria-label='What is being dragged']" }, DRAG_MS);
}

async function dragInGantt(page: Page): Promise<Smoothness> {
  await page.goto("/app/reservations?view=gantt");
  await page.getByTestId("gantt").waitFor();
  await settle(page);
  await page.getByTestId("gantt").evaluate((element) => element.scrollIntoView({ block: "end" }));
  const bars = page.locator("[data-testid=gantt] [data-bar].cursor-grab");
  const from =
    (await bars.count()) > 0
      ? await pointOn(page, "[data-testid=gantt] [data-bar].cursor-grab")
      : await pointOn(page, "[data-testid=gantt] [aria-level='3'] [data-lane]");
  return dragFor(page, { from, reach: { x: 260, y: 80 }, sign: "[data-testid=gantt-tag]" }, DRAG_MS);
}

/** The middle of the first element that is on screen and not covered, away from the edges. */
async function pointOn(page: Page, selector: string): Promise<{ x: number; y: number }> {
  const point = await page.evaluate((wanted) => {
    for (const element of document.querySelectorAll(wanted)) {
      const box = element.getBoundingClientRect();
      const left = Math.max(box.left, 520);
      const right = Math.min(box.right, window.innerWidth - 340);
      const top = Math.max(box.top, 180);
      const bottom = Math.min(box.bottom, window.innerHeight - 220);
      // A week with many bookings at once leaves each of them a few px, and less.
      if (right <= left || bottom - top < 10) continue;
      const [x, y] = [(left + right) / 2, (top + bottom) / 2];
      const front = document.elementFromPoint(x, y);
      if (front && (element === front || element.contains(front))) return { x, y };
    }
    return null;
  }, selector);
  if (!point) throw new Error(`Nothing to drag: ${selector}`);
  return point;
}

/** The page has its data and draws nothing new. */
async function settle(page: Page): Promise<void> {
  await page.waitForFunction(() => window.benchNotes.arrivedAt !== null);
  await page.waitForTimeout(1500);
}

async function startWeb(): Promise<ChildProcess> {
  const web = spawn(process.execPath, ["--import", "tsx", "scripts/web.ts"], {
    env: { ...process.env, PORT: String(PORT), NEXTAUTH_URL: ORIGIN, NEXT_TELEMETRY_DISABLED: "1" },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const [message] = await Promise.race([once(web, "message"), once(web, "exit").then(() => [undefined])]);
  if (message === undefined) throw new Error("The web server did not start.");
  return web;
}

async function openConsole(browser: Browser) {
  const person = await createPerson();
  const project = await transaction((tx) => createProject(tx, { name: "Bench", plan: "premium", ownerId: person.id }));
  const today = new Date(Math.floor(Date.now() / DAY) * DAY);
  const month = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), 1));
  const fleet = await storeCalendarFleet({ projectId: project.id, userId: person.id, from: month });
  const context = await browser.newContext({ baseURL: ORIGIN, viewport: { width: 1440, height: 900 } });
  const [, token = ""] = (person.headers.cookie ?? "").split(`${SESSION_COOKIE}=`);
  await context.addCookies([{ name: SESSION_COOKIE, value: token, url: ORIGIN }]);
  await takeNotes(context);
  await db.$executeRaw`ANALYZE`;
  return { page: await context.newPage(), fleet };
}
