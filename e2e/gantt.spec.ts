import type { Locator, Page } from "@playwright/test";
import type { Pool } from "@/lib/contracts/fleet";
import { expectAccessible, expectFitsPhone } from "./support/accessible";
import { bookGpus, makePremium, newPool } from "./support/fleet";
import { newProject } from "./support/project";
import { expect, test } from "./support/test";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** 06:00 UTC of the day after tomorrow. */
const SOON = Math.floor(Date.now() / DAY) * DAY + 2 * DAY + 6 * HOUR;

test.use({ timezoneId: "Europe/Berlin" });

const gantt = (page: Page) => page.getByTestId("gantt");
const rows = (page: Page) => gantt(page).locator("[data-row]");
const bars = (page: Page) => gantt(page).locator("[data-bar]");
const head = (page: Page, name: RegExp) => gantt(page).getByRole("rowheader", { name });
const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");

async function open(page: Page, pool: Pool, at = Date.now(), more = ""): Promise<void> {
  const day = new Date(at).toISOString().slice(0, 10);
  await page.goto(`/app/reservations?view=gantt&pool=${pool.id}&date=${day}${more}`);
  await expect(head(page, new RegExp(`^Pool ${pool.name}`))).toBeVisible();
  await expect(rows(page).nth(1)).toBeVisible();
  // The mouse moves by places on the screen.
  await gantt(page).evaluate((element) => element.scrollIntoView({ block: "center" }));
}

async function box(locator: Locator) {
  const found = await locator.boundingBox();
  if (!found) throw new Error("It is not on screen.");
  return found;
}

async function zoom(page: Page, name: string): Promise<void> {
  await page.getByRole("radio", { name }).click();
  await expect(page.getByRole("radio", { name })).toBeChecked();
}

test("200 GPUs are a few rows at a time, below a header and beside a column that stay", async ({
  page,
  project,
  owner,
}) => {
  await makePremium(owner, project);
  const pool = await newPool(owner, { nodes: { name: "big-{nn}", count: 25, lanes: 8 } });
  await bookGpus(owner, project, { pool, from: SOON, hours: 40, gpus: 8, title: "Training" });
  await open(page, pool, SOON);
  expect(pool.unit_count).toBe(200);
  await zoom(page, "1 week in sight");

  await expectAccessible(page);

  const corner = await box(page.getByTestId("gantt-corner"));
  expect(corner.width).toBeGreaterThanOrEqual(180);
  expect(corner.width).toBeLessThanOrEqual(220);
  await page.getByRole("radio", { name: "Low rows" }).click();
  for (const part of [0, 0.3, 0.7, 1]) {
    await gantt(page).evaluate((element, at) => {
      element.scrollTop = at * (element.scrollHeight - element.clientHeight);
      element.scrollLeft += 300;
    }, part);
    await expect.poll(() => rows(page).count()).toBeGreaterThan(10);
    expect(await rows(page).count()).toBeLessThanOrEqual(80);
    expect(await box(page.getByTestId("gantt-corner"))).toEqual(corner);
    const first = await box(gantt(page).getByRole("rowheader").last());
    expect(first.x).toBeCloseTo(corner.x, 0);
  }
  await expect(head(page, /^big-25, GPU 7$/)).toBeVisible();

  await page.reload();
  await expect(page.getByRole("radio", { name: "Low rows" }), "survives a reload").toBeChecked();
  await expect(rows(page).first()).toHaveCSS("height", "20px");
  await expectFitsPhone(page);
});

test("folded up, a node says how many of its GPUs are busy; the present has a line with its time", async ({
  page,
  project,
  owner,
}) => {
  await makePremium(owner, project);
  const pool = await newPool(owner);
  const hour = Math.ceil(Date.now() / HOUR) * HOUR;
  await bookGpus(owner, project, { pool, from: hour, hours: 48, gpus: 5, title: "Fine-tuning" });
  await open(page, pool);
  await zoom(page, "1 week in sight");
  await expect(gantt(page).getByText(/^Now \d\d:\d\d$/)).toBeVisible();
  const line = await box(page.getByTestId("gantt-now"));
  expect(line.height).toBeGreaterThan(100);

  const node = head(page, /^Node .*-01, 8 GPUs/);
  await expect(node).toContainText("0/8 busy");
  await expect(bars(page)).toHaveCount(5);
  await node.click();
  await expect(
    gantt(page)
      .locator("[data-row]")
      .filter({ has: page.getByRole("rowheader", { name: /^Node .*-01, 8 GPUs/ }) }),
  ).toHaveAttribute("aria-expanded", "false");
  await expect(bars(page)).toHaveCount(0);
  await expect(gantt(page).getByText("5/8 busy").first()).toBeVisible();
  await page.getByRole("button", { name: "Unfold all" }).click();
  await expect(bars(page)).toHaveCount(5);
  await bars(page).first().hover();
  await expect(gantt(page).locator("[data-bar][data-lit]"), "lit on every row").toHaveCount(5);
});

test("zooming keeps the time under the cursor", async ({ page, project, owner }) => {
  await makePremium(owner, project);
  const pool = await newPool(owner);
  await bookGpus(owner, project, { pool, from: SOON, hours: 30, gpus: 1, title: "Evaluation" });
  await open(page, pool, SOON);
  await zoom(page, "1 week in sight");
  const bar = bars(page).first();
  const start = await box(bar);
  // The browser tells whole px of where the mouse is: what is to its right moves away from it as it grows.
  const mouse = Math.round(start.x);
  await page.mouse.move(mouse, start.y + 5);
  await page.keyboard.down("Control");
  for (const turn of [-200, -200, -150, 300, 240, -120]) {
    const { width } = await box(bar);
    await page.mouse.wheel(0, turn);
    await expect.poll(async () => (await box(bar)).width, { message: "zoomed" }).not.toBe(width);
    const now = await box(bar);
    const expected = mouse + ((start.x - mouse) * now.width) / start.width;
    expect(Math.abs(now.x - expected), "px from where it was").toBeLessThan(2);
  }
  await page.keyboard.up("Control");

  await bar.click();
  await page.keyboard.press("Escape");
  await expect(bar).toBeFocused();
  const before = await box(bar);
  const time = await box(gantt(page));
  await page.mouse.move(time.x + 600, time.y + 12);
  await page.mouse.down();
  await page.mouse.move(time.x + 540, time.y + 12, { steps: 4 });
  await page.mouse.up();
  expect((await box(bar)).x, "the header pans").toBeCloseTo(before.x - 60, 0);
  before.x -= 60;
  await page.keyboard.press("-");
  await expect.poll(async () => (await box(bar)).width).not.toBe(before.width);
  expect(Math.abs((await box(bar)).x - before.x), "by keys the focused bar stays").toBeLessThan(2);
});

test("every bar is reached and opened by keyboard, and has a name", async ({ page, project, owner }) => {
  await makePremium(owner, project);
  const stranger = await newProject(owner);
  await makePremium(owner, stranger);
  const pool = await newPool(owner, { nodes: { name: "key-{nn}", count: 2, lanes: 2 } });
  await bookGpus(owner, project, { pool, from: SOON, hours: 10, gpus: 4, title: "Training" });
  await bookGpus(owner, project, { pool, from: SOON + 12 * HOUR, hours: 10, gpus: 1, title: "Evaluation" });
  await bookGpus(owner, stranger, { pool, from: SOON + 24 * HOUR, hours: 10, gpus: 2, title: "Secret" });
  await open(page, pool, SOON);
  await zoom(page, "1 week in sight");
  await expect(bars(page)).toHaveCount(7);
  const wanted = new Set(await bars(page).evaluateAll((all) => all.map((bar) => bar.getAttribute("aria-label") ?? "")));
  expect(wanted.size).toBe(7);
  expect([...wanted].filter((name) => /^Another project, Other projects, 2 GPUs, /.test(name))).toHaveLength(2);
  await expect(gantt(page)).not.toContainText("Secret");

  await page.getByRole("button", { name: "Unfold all" }).focus();
  await page.keyboard.press("Tab");
  await expect(head(page, /^Pool /)).toBeFocused();
  await page.keyboard.press("ArrowDown");
  const reached = new Set<string>();
  for (let row = 0; row < 6; row += 1) {
    for (let step = 0; step < 4; step += 1) {
      const before = await focused(page);
      if (before.startsWith("Node ")) break;
      await page.keyboard.press("ArrowRight");
      const now = await focused(page);
      if (now === before) break;
      reached.add(now);
    }
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowDown");
  }
  expect(reached).toEqual(wanted);

  await page.keyboard.press("Control+Home");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  expect(await focused(page)).toMatch(/^Training, Mine, confirmed, 4 GPUs, .* key-01, GPU 0$/);
  await page.keyboard.press("ArrowDown");
  expect(await focused(page)).toMatch(/^Training, .* key-01, GPU 1$/);
  await page.keyboard.press("Enter");
  const card = page.getByRole("dialog", { name: "Training" });
  await expect(card.getByRole("link", { name: "Open" })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect.poll(() => focused(page)).toMatch(/^Training, .* key-01, GPU 1$/);

  await page.keyboard.press("Enter");
  await card.getByRole("button", { name: "Change…" }).press("Enter");
  await expect(page.getByRole("dialog", { name: "Change reservation" })).toBeVisible();
  await page.keyboard.press("Escape");
  await head(page, /^key-02, GPU 1$/).press("Enter");
  await expect(page.getByRole("dialog", { name: "Book GPUs" })).toBeVisible();
});

test("dragging books free time, moves a booking and marks a part to give back; Escape leaves it", async ({
  page,
  project,
  owner,
}) => {
  await makePremium(owner, project);
  const pool = await newPool(owner);
  await bookGpus(owner, project, { pool, from: SOON, hours: 24, gpus: 2, title: "Training" });
  await open(page, pool, SOON);
  await zoom(page, "1 week in sight");
  const bar = bars(page).first();
  const { x, y, width, height } = await box(bar);
  const perHour = width / 24;
  const tag = page.getByTestId("gantt-tag");
  const drag = async (from: [number, number], to: [number, number]) => {
    await page.mouse.move(...from);
    await page.mouse.down();
    await page.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, { steps: 5 });
    await page.mouse.move(...to, { steps: 5 });
  };

  // Two hours after the booking, for ten hours, on three GPUs.
  const free: [number, number] = [x + width + 2.2 * perHour, y + height / 2];
  const far: [number, number] = [x + width + 11.6 * perHour, y + height / 2 + 2 * (height + 3)];
  await drag(free, far);
  await expect(tag).toContainText(`Book 3 GPUs, ${pool.name}`);
  await expect(tag).toContainText("10 h");
  await expect(tag).toContainText(/\d+\.\d\d credits/);
  await page.keyboard.press("Escape");
  await expect(tag).toHaveCount(0);
  await page.mouse.up();
  await expect(page.getByRole("dialog")).toHaveCount(0);

  await drag(free, far);
  await page.mouse.up();
  const booking = page.getByRole("dialog", { name: "Book GPUs" });
  await expect(booking.getByLabel("GPUs", { exact: true })).toHaveValue("3");
  await page.keyboard.press("Escape");
  await expect(booking).toHaveCount(0);

  const middle: [number, number] = [x + width / 2, y + height / 2];
  await drag(middle, [middle[0] + 3 * perHour, middle[1]]);
  await expect(tag).toContainText("Move to 2 GPUs");
  await expect(tag).toContainText("24 h");
  await page.mouse.up();
  await expect(page.getByRole("dialog", { name: "Change reservation" })).toBeVisible();
  await page.keyboard.press("Escape");

  await drag([x + width - 2, middle[1]], [x + width - 2 + 4 * perHour, middle[1]]);
  await expect(tag).toContainText("End at 2 GPUs");
  await expect(tag).toContainText("28 h");
  await page.keyboard.press("Escape");
  await page.mouse.up();

  await page.keyboard.down("Shift");
  await drag([x + width / 2, middle[1]], [x + width - 2 * perHour, middle[1]]);
  await expect(tag).toContainText("Give back 1 GPU");
  await page.mouse.up();
  await page.keyboard.up("Shift");
  const release = page.getByRole("dialog", { name: "Release a part" });
  await expect(release.getByLabel("GPUs to give back")).toHaveValue("1");
});

const CLOCK_CHANGES = [
  { zone: "Europe/Berlin", short: "2027-03-28", long: "2027-10-31" },
  { zone: "America/New_York", short: "2027-03-14", long: "2027-11-07" },
];
for (const { zone, short, long } of CLOCK_CHANGES) {
  test(`days of 23 and 25 hours are as long as they are, and marked, in ${zone}`, async ({ page, project, owner }) => {
    await makePremium(owner, project);
    const pool = await newPool(owner);
    for (const [date, hours] of [
      [short, 23],
      [long, 25],
    ] as const) {
      const noon = Date.parse(`${date}T16:00:00Z`);
      await open(page, pool, noon, `&zone=${encodeURIComponent(zone)}`);
      await zoom(page, "1 week in sight");
      await expect(page.getByTestId("gantt-corner")).toContainText(zone);
      const day = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "numeric" }).format(noon);
      const changed = gantt(page).locator(`[data-era*=" ${day} "]`).first();
      await expect(changed).toContainText(`${hours} h`);
      const usual = gantt(page).locator("[data-era]").filter({ hasNotText: /\d+ h/ }).first();
      const ratio = (await box(changed)).width / (await box(usual)).width;
      expect(ratio).toBeCloseTo(hours / 24, 2);
      await expect(gantt(page).getByRole("columnheader", { name: `Time in ${zone}` })).toContainText(
        `a day of ${hours} hours`,
      );
    }
  });
}
