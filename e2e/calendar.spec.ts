import type { Locator, Page } from "@playwright/test";
import { getReservation, listReservations } from "@/lib/contracts/reservations";
import { addDays, clockChanges, startOfDay, wallOf } from "@/lib/contracts/zones";
import { expectAccessible, expectFitsPhone } from "./support/accessible";
import { call } from "./support/api";
import { bookGpus, makePremium, newPool } from "./support/fleet";
import { OWNER_SESSION } from "./support/installation";
import { expect, test } from "./support/test";

const ZONE = "Europe/Berlin";
const HOUR_MS = 3_600_000;

test.use({ timezoneId: ZONE, locale: "en-GB" });

/** A Tuesday at least a week ahead: it, the day before and those after are in one row of the month and in one week. */
const TUESDAY = (() => {
  const ahead = addDays(ZONE, Date.now(), 8);
  const weekday = new Date(wallOf(ZONE, ahead)).getUTCDay();
  return addDays(ZONE, ahead, (2 - weekday + 7) % 7);
})();
const [MONDAY, WEDNESDAY, THURSDAY] = [-1, 1, 2].map((days) => addDays(ZONE, TUESDAY, days)) as [
  number,
  number,
  number,
];

const dayText = (ms: number) => new Date(wallOf(ZONE, ms)).toISOString().slice(0, 10);
const address = (view: string, pool: { id: string }, day = TUESDAY) =>
  `/app/reservations?view=${view}&date=${dayText(day)}&pool=${pool.id}`;

const bars = (page: Page, name: RegExp) => page.locator(".calendar").getByRole("button", { name });

/** A point of a day of the month's grid where nothing is drawn. */
async function freePoint(page: Page, day: number): Promise<{ x: number; y: number }> {
  const head = await boxOf(page.locator(`[data-day="${day}"]`));
  return { x: head.x - 20, y: head.y + 90 };
}

async function boxOf(element: Locator) {
  const box = await element.boundingBox();
  if (box === null) throw new Error("It is not on the page.");
  return box;
}

const centre = (box: Awaited<ReturnType<typeof boxOf>>) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });

/** Presses at one point and moves to another in steps, as a hand does. The button stays pressed. */
async function drag(page: Page, from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 8 });
  await page.mouse.move(to.x, to.y, { steps: 8 });
}

async function ready(page: Page): Promise<void> {
  await expect(page.getByRole("table", { name: /^Free GPUs per day/ })).toBeVisible();
  await expect(page.locator(".calendar")).toBeVisible();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
}

test("month, week, agenda and list lead through time, and the address keeps it all", async ({
  page,
  project,
  owner,
}) => {
  await makePremium(owner, project);
  const pool = await newPool(owner);
  await bookGpus(owner, project, { pool, from: TUESDAY + 9 * HOUR_MS, hours: 4, title: "Evaluation" });
  await page.goto("/app");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Reservations" }).click();
  await expect(page.getByRole("heading", { name: "Reservations", level: 1 })).toBeVisible();

  await page.goto(address("month", pool));
  await ready(page);
  await expect(bars(page, /^Mine: Evaluation, 8 GPUs/)).toBeVisible();
  const title = page.getByRole("heading", { level: 2, name: /^[A-Z][a-z]+ \d{4}$/ });
  const shown = await title.textContent();
  await page.getByRole("button", { name: "On one month" }).click();
  await expect(title).not.toHaveText(shown ?? "");
  await page.getByRole("button", { name: "Back one month" }).click();
  await expect(title).toHaveText(shown ?? "");

  await page.getByRole("radio", { name: "Week" }).click();
  await expect(page).toHaveURL(/view=week/);
  await expect(bars(page, /^Mine: Evaluation/)).toBeVisible();
  await expect(page.locator(".calendar-gutter-head"), "UTC beside the zone").toHaveText(/^UTCUTC\+\d$/);
  await page.getByRole("button", { name: "On one week" }).click();
  await expect(bars(page, /^Mine: Evaluation/)).toHaveCount(0);
  await page.goBack();
  await expect(bars(page, /^Mine: Evaluation/)).toBeVisible();

  await page.getByRole("radio", { name: "Agenda" }).click();
  await expect(bars(page, /^Mine: Evaluation/)).toBeVisible();
  await page.getByRole("radio", { name: "List" }).click();
  await expect(page.getByRole("main").getByRole("link", { name: "Evaluation" })).toBeVisible();

  await page.goto(`${address("week", pool)}&zone=UTC`);
  await ready(page);
  await expect(page.locator(".calendar-gutter-head")).toHaveText("UTC");
});

test("drawing over free days books them, with price and room told on the way", async ({ page, project, owner }) => {
  await makePremium(owner, project);
  const pool = await newPool(owner);
  await page.goto(address("month", pool));
  await ready(page);
  await drag(page, await freePoint(page, TUESDAY), await freePoint(page, WEDNESDAY));
  const panel = page.getByRole("status", { name: "What is being dragged" });
  await expect(panel).toContainText("8 GPUs · 48 h · 683.52 credits");
  await expect(panel).toContainText("Free");
  await page.mouse.up();
  await expect(panel).toHaveCount(0);

  const dialog = page.getByRole("dialog", { name: "Book GPUs" });
  await dialog.getByRole("button", { name: /^Book for 683\.52 credits/ }).click();
  await expect(bars(page, /^Mine: .*8 GPUs/)).toBeVisible();
  const { data } = await call(owner, listReservations, { params: { project_id: project.id } });
  expect(data).toHaveLength(1);
  expect([data[0]?.starts_at, data[0]?.ends_at].map((time) => Date.parse(time ?? ""))).toEqual([TUESDAY, THURSDAY]);
});

test("drawing over hours of the week says when there is too little", async ({ page, project, owner }) => {
  await makePremium(owner, project);
  const pool = await newPool(owner);
  await bookGpus(owner, project, { pool, from: TUESDAY, hours: 12, gpus: 10, title: "Large" });
  await page.goto(address("week", pool));
  await ready(page);
  const column = page.locator(".rbc-day-slot").nth(1);
  const row = column.locator(".rbc-timeslot-group").nth(9);
  await row.scrollIntoViewIfNeeded();
  const box = await boxOf(row);
  const edge = box.x + box.width - 4;
  await drag(page, { x: edge, y: box.y + 6 }, { x: edge, y: box.y + box.height * 2 - 6 });
  const panel = page.getByRole("status", { name: "What is being dragged" });
  await expect(panel).toContainText("8 GPUs · 2 h");
  await expect(panel).toContainText("2 too few");
  await page.keyboard.press("Escape");
  await page.mouse.up();
});

test("a booking is dragged to another day, and stays where it was until that is confirmed", async ({
  page,
  project,
  owner,
}) => {
  await makePremium(owner, project);
  const pool = await newPool(owner);
  const booked = await bookGpus(owner, project, {
    pool,
    from: TUESDAY + 9 * HOUR_MS,
    hours: 12,
    title: "Training",
  });
  await page.goto(address("month", pool));
  await ready(page);
  const bar = bars(page, /^Mine: Training/);
  const target = { x: (await freePoint(page, THURSDAY)).x, y: centre(await boxOf(bar)).y };
  const read = () => call(owner, getReservation, { params: { project_id: project.id, reservation_id: booked.id } });

  await drag(page, centre(await boxOf(bar)), target);
  await expect(page.getByRole("status", { name: "What is being dragged" })).toContainText("8 GPUs · 12 h");
  await page.mouse.up();
  const dialog = page.getByRole("dialog", { name: /Change/ });
  await expect(dialog).toBeVisible();
  await dialog.getByRole("button", { name: "Leave it as it is" }).click();
  await expect(bar).toHaveAccessibleName(new RegExp(dayWord(TUESDAY)));
  expect((await read()).version).toBe(booked.version);

  await drag(page, centre(await boxOf(bar)), target);
  await page.mouse.up();
  await dialog.locator("button[type=submit]").click();
  await expect(bar).toHaveAccessibleName(new RegExp(dayWord(THURSDAY)));
  const moved = await read();
  expect([moved.starts_at, moved.ends_at].map((time) => Date.parse(time))).toEqual([
    THURSDAY + 9 * HOUR_MS,
    THURSDAY + 21 * HOUR_MS,
  ]);
});

test("a booking is extended by its edge, in the month by days and in the week by hours", async ({
  page,
  project,
  owner,
}) => {
  await makePremium(owner, project);
  const pool = await newPool(owner);
  const booked = await bookGpus(owner, project, { pool, from: TUESDAY + 10 * HOUR_MS, hours: 4, title: "Training" });
  const endOf = async () => {
    const { ends_at } = await call(owner, getReservation, {
      params: { project_id: project.id, reservation_id: booked.id },
    });
    return Date.parse(ends_at);
  };
  const dialog = page.getByRole("dialog", { name: /Change/ });

  await page.goto(address("week", pool));
  await ready(page);
  const bar = bars(page, /^Mine: Training/);
  await bar.scrollIntoViewIfNeeded();
  const frame = bar.locator("xpath=ancestor::div[contains(concat(' ', @class, ' '), ' rbc-event ')]");
  const edge = centre(await boxOf(frame.locator(".rbc-addons-dnd-resize-ns-anchor").last()));
  const hour = (await boxOf(page.locator(".rbc-time-gutter .rbc-timeslot-group").first())).height;
  await drag(page, edge, { x: edge.x, y: edge.y + 2 * hour });
  await expect(page.getByRole("status", { name: "What is being dragged" })).toContainText("8 GPUs · 6 h");
  await page.mouse.up();
  await dialog.locator("button[type=submit]").click();
  await expect(dialog).toHaveCount(0);
  expect(await endOf()).toBe(TUESDAY + 16 * HOUR_MS);

  await page.goto(address("month", pool));
  await ready(page);
  const right = centre(await boxOf(frame.locator(".rbc-addons-dnd-resize-ew-anchor").last()));
  await drag(page, right, { x: (await freePoint(page, WEDNESDAY)).x, y: right.y });
  await expect(page.getByRole("status", { name: "What is being dragged" })).toContainText("8 GPUs · 30 h");
  await page.mouse.up();
  await dialog.locator("button[type=submit]").click();
  await expect(dialog).toHaveCount(0);
  expect(await endOf()).toBe(WEDNESDAY + 16 * HOUR_MS);
});

test("all of it works by keyboard", async ({ page, project, owner }) => {
  await makePremium(owner, project);
  const pool = await newPool(owner);
  await bookGpus(owner, project, { pool, from: TUESDAY + 9 * HOUR_MS, hours: 2, gpus: 2, title: "First" });
  await bookGpus(owner, project, { pool, from: WEDNESDAY + 9 * HOUR_MS, hours: 2, gpus: 2, title: "Second" });
  await page.goto(address("month", pool));
  await ready(page);

  await test.step("from booking to booking", async () => {
    await bars(page, /^Mine: First/).focus();
    await page.keyboard.press("ArrowRight");
    await expect(bars(page, /^Mine: Second/)).toBeFocused();
    await page.keyboard.press("Enter");
    const details = page.getByRole("dialog", { name: "Second" });
    await expect(details.getByRole("link", { name: "Open reservation" })).toBeVisible();
    await details.getByRole("button", { name: "Change" }).press("Enter");
    await expect(page.getByRole("dialog", { name: /Change/ })).toBeVisible();
    await page.keyboard.press("Escape");
  });

  await test.step("from day to day, and to the form", async () => {
    await page.locator(`[data-day="${TUESDAY}"]`).focus();
    await page.keyboard.press("ArrowLeft");
    await expect(page.locator(`[data-day="${MONDAY}"]`)).toBeFocused();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    const day = page.getByRole("dialog", { name: new RegExp(dayWord(TUESDAY)) });
    await expect(day.getByRole("button", { name: /^Mine: First/ })).toBeVisible();
    await day.getByRole("button", { name: "Book on this day" }).press("Enter");
    await expect(page.getByRole("dialog", { name: "Book GPUs" })).toBeVisible();
    await page.keyboard.press("Escape");
  });

  await test.step("along the strip of free capacity", async () => {
    const cells = page.getByRole("table", { name: /^Free GPUs per day/ }).getByRole("button");
    await cells.first().focus();
    await page.keyboard.press("End");
    await expect(cells.last()).toBeFocused();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    await expect(cells.nth(1)).toBeFocused();
    await expect(cells.nth(1)).toHaveAccessibleName(/: 16 of 16 free$/);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("dialog").getByText("Free all day")).toBeVisible();
    await page.keyboard.press("Escape");
  });
});

test("a booking of somebody else appears without a reload", async ({
  page,
  api,
  project,
  owner,
  openClient,
  another,
}) => {
  await makePremium(owner, project);
  const pool = await newPool(owner);
  await page.goto(address("month", pool));
  await ready(page);
  await expect(page.getByRole("banner").getByText("Live")).toBeVisible();

  const second = await another({ session: OWNER_SESSION, project });
  await second.goto(address("month", pool));
  await ready(second);
  const start = await freePoint(second, TUESDAY);
  await drag(second, start, { ...start, x: start.x + 12 });
  await second.mouse.up();
  await second
    .getByRole("dialog", { name: "Book GPUs" })
    .getByRole("button", { name: /^Book for/ })
    .click();
  await expect(bars(page, /^Mine: .*8 GPUs/)).toBeVisible();
  const cell = page.getByRole("button", { name: new RegExp(`${dayWord(TUESDAY)}.*: 8 of 16 free$`) });
  await expect(cell, "what is free follows").toBeVisible();

  const { data } = await call(owner, listReservations, { params: { project_id: project.id } });
  expect(data).toHaveLength(1);
  await bookGpus(await openClient(api.key), project, { pool, from: WEDNESDAY, hours: 24, title: "By a program" });
  await expect(bars(page, /^My team: By a program/)).toBeVisible();
});

test("a day on which clocks change has 24 rows, a mark, and bookings that say their length", async ({
  page,
  project,
  owner,
}) => {
  await makePremium(owner, project);
  const pool = await newPool(owner, { horizon_days: 400 });
  const [change] = clockChanges(ZONE, addDays(ZONE, Date.now(), 2), Date.now() + 390 * 24 * HOUR_MS);
  if (change === undefined) throw new Error("Berlin changes its clocks twice a year.");
  const day = startOfDay(ZONE, change.at);
  await bookGpus(owner, project, { pool, from: change.at - HOUR_MS, hours: 3, title: "Over the change" });
  await page.goto(address("week", pool, day));
  await ready(page);
  await expect(page.getByText(/^Clocks go (forward|back) 1 h at 0[23]:00 on Sun/).first()).toBeVisible();
  await expect(page.locator(".rbc-day-slot.calendar-clock-change .rbc-timeslot-group")).toHaveCount(24);
  await bars(page, /^Mine: Over the change/).click();
  await expect(page.getByRole("dialog", { name: "Over the change" }).getByText("3 h", { exact: true })).toBeVisible();
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: /^Time zone/ }).click();
  await page.getByRole("combobox", { name: "Search time zone" }).fill("tokyo");
  await page.getByRole("option", { name: /Asia\/Tokyo/ }).click();
  await expect(page).toHaveURL(/zone=Asia(%2F|\/)Tokyo/);
  await expect(page.getByText(/^Clocks go/)).toHaveCount(0);
  await expect(page.locator(".calendar-gutter-head")).toHaveText("UTCUTC+9");
});

test("on a phone there are agenda, list and form instead of grids", async ({ page, project, owner }) => {
  await makePremium(owner, project);
  const pool = await newPool(owner);
  await bookGpus(owner, project, { pool, from: TUESDAY + 9 * HOUR_MS, hours: 2, title: "Evaluation" });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(address("month", pool));
  await ready(page);
  const views = page.getByRole("radiogroup", { name: "View" }).or(page.getByRole("group", { name: "View" }));
  await expect(views.getByRole("radio")).toHaveText(["Agenda", "List"]);
  await expect(page.locator(".rbc-month-view")).toHaveCount(0);
  await expect(bars(page, /^Mine: Evaluation/)).toBeVisible();
  await expectFitsPhone(page);
  await page.getByRole("button", { name: "Book GPUs" }).click();
  await expect(page.getByRole("dialog", { name: "Book GPUs" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("radio", { name: "List" }).click();
  await expect(page.getByRole("main").getByRole("link", { name: "Evaluation" })).toBeVisible();
  await expectFitsPhone(page);
});

test("a project without the plan sees what it would get", async ({ page, project, owner }) => {
  const pool = await newPool(owner);
  await page.goto(address("month", pool));
  await expect(page.getByText("Reserving GPUs is part of the premium plan")).toBeVisible();
  await expect(page.getByText("plan_required")).toBeVisible();
  await expect(page.getByRole("heading", { name: "With the premium plan" })).toBeVisible();
  await ready(page);
  await expectFitsPhone(page);
  expect(project.id).toMatch(/^prj_/);
});

test("every view is accessible in both themes", async ({ page, api, project, owner, openClient }) => {
  test.slow();
  await makePremium(owner, project);
  const pool = await newPool(owner);
  for (let i = 0; i < 8; i += 1) {
    await bookGpus(owner, project, { pool, from: TUESDAY + (8 + i) * HOUR_MS, hours: 26, gpus: 1, title: `Run ${i}` });
  }
  const program = await openClient(api.key);
  await bookGpus(program, project, { pool, from: WEDNESDAY + 12 * HOUR_MS, hours: 30, gpus: 2, title: "By a program" });
  for (const view of ["month", "week", "agenda", "list"]) {
    await page.goto(`${address(view, pool)}&whose=mine,team,others,maintenance`);
    if (view === "list") await expect(page.getByRole("main").getByRole("link", { name: "Run 0" })).toBeVisible();
    else await ready(page);
    await expectAccessible(page);
  }
  await page.goto(address("month", pool));
  await ready(page);
  await page
    .getByRole("button", { name: /^\d+ more$/ })
    .first()
    .click();
  const day = page.getByRole("dialog");
  await expect(day.getByRole("button", { name: /^Mine: Run 0/ })).toBeVisible();
  await expectAccessible(page);
  await expectFitsPhone(page);
  await day.getByRole("button", { name: /^Mine: Run 0/ }).click();
  await expect(page.getByRole("dialog", { name: "Run 0" })).toBeVisible();
  await expectAccessible(page);
  await expectFitsPhone(page);
});

/** `Tue 1 Dec` */
function dayWord(ms: number): string {
  const wall = new Date(wallOf(ZONE, ms));
  const weekday = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][wall.getUTCDay()];
  const month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][
    wall.getUTCMonth()
  ];
  return `${weekday} ${wall.getUTCDate()} ${month}`;
}
