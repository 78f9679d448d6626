import { readFile } from "node:fs/promises";
import type { Pool } from "@/lib/contracts/fleet";
import { expectAccessible, expectFitsPhone } from "./support/accessible";
import { bookForOthers, fillForm, HOUR, inHours, openForm, reservationsOf } from "./support/booking";
import { makePremium, newPool } from "./support/fleet";
import { expect, test } from "./support/test";

const PHONE = { width: 390, height: 844 };

test.describe("with the premium plan", () => {
  let pool: Pool;
  test.beforeEach(async ({ owner, project }) => {
    pool = await newPool(owner);
    await makePremium(owner, project);
  });

  test("GPUs are booked at a known time, their price told before", async ({ page, owner, project }) => {
    const dialog = await openForm(page);
    await fillForm(page, dialog, { pool, gpus: 8, from: inHours(24), hours: 72 });
    const price = dialog.getByRole("region", { name: "Price" });
    await expect(price.getByText("Free at that time")).toBeVisible();
    await expect(price, "576 GPU-hours at 2 credits, less 12.5 %").toContainText("1,152.00");
    await expect(price).toContainText("12.5 % for 72 h");
    await expect(price).toContainText("1,008.00");
    await expect(price, "of 100,000").toContainText("98,992.00");
    await expect(price.getByRole("timer")).toHaveText(/^1[45]:\d\d$/);
    await dialog.getByRole("button", { name: /^Title, configuration and more/ }).click();
    await dialog.getByLabel("Title").fill("Fine-tuning");
    await expectAccessible(page);
    await expectFitsPhone(page);
    await dialog.getByRole("button", { name: "Book for 1,008.00 credits" }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByText("Booked: Fine-tuning")).toBeVisible();

    const row = page
      .getByRole("table", { name: "Reservations, newest first" })
      .getByRole("row", { name: /Fine-tuning/ });
    await expect(row).toContainText("Confirmed");
    await expect(row).toContainText("1,008.00");
    await row.getByRole("link", { name: "Fine-tuning" }).click();
    await expect(page.getByRole("heading", { name: "Fine-tuning", level: 1 })).toBeVisible();
    await expect(page.getByText(/^Starts in/)).toBeVisible();
    await expect(
      page
        .getByRole("list", { name: /^GPUs of fra-/ })
        .first()
        .getByRole("listitem")
        .first(),
    ).toContainText("GPU");
    await expect(page.getByRole("list", { name: "History" })).toContainText("Made");
    await expectAccessible(page);
    await expectFitsPhone(page);
    const saved = page.waitForEvent("download");
    await page.getByRole("link", { name: "Add to calendar" }).click();
    expect((await saved).suggestedFilename()).toMatch(/^rsv_\w+\.ics$/);
    expect(await readFile(await (await saved).path(), "utf8")).toContain("SUMMARY:Fine-tuning");
    await page.getByRole("link", { name: "Its events" }).click();
    await expect(page.getByText("reservation.confirmed").first()).toBeVisible();
    expect((await reservationsOf(owner, project)).map(({ status, gpu_count }) => [status, gpu_count])).toEqual([
      ["confirmed", 8],
    ]);
  });

  test("a booking brings a webhook of its own along, and its page tells of it", async ({ page, api }) => {
    const { url } = await api.receiver();
    const dialog = await openForm(page);
    await fillForm(page, dialog, { pool, gpus: 1, from: inHours(24), hours: 24 });
    await dialog.getByRole("button", { name: /^Title, configuration and more/ }).click();
    const field = dialog.getByLabel("Webhook URL");
    await field.fill("hooks");
    await dialog.getByLabel("Webhook secret").fill("too short");
    await dialog.getByLabel("Title").fill("Told");
    await expect(field).toHaveAccessibleDescription(/Enter a whole URL/);
    await expect(dialog.getByLabel("Webhook secret")).toHaveAccessibleDescription(/at least 16 characters/);
    await expect(dialog.getByText("Free at that time"), "the price stands meanwhile").toBeVisible();
    await dialog.getByLabel("Webhook secret").fill("0123456789abcdef");
    await field.fill("http://10.0.0.1/hooks");
    await dialog.getByRole("button", { name: /^Book for/ }).click();
    await expect(field).toHaveAccessibleDescription(/The URL must start with https/);
    await expectAccessible(page);
    await expectFitsPhone(page);
    await field.fill(url);
    await dialog.getByRole("button", { name: /^Book for/ }).click();
    await expect(dialog).toBeHidden();

    await page.getByRole("link", { name: "Told" }).first().click();
    await expect(page.getByText("Its events also go to")).toBeVisible();
    await expect(page.getByText(url)).toBeVisible();
    await expect(page.getByText("Signed, in order, retried after 1, 2 and 4 seconds")).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("link", { name: "What was sent there" }).click();
    const events = page.getByRole("list", { name: "Events in sequence" });
    await expect(events.getByRole("link", { name: "reservation.created" })).toBeVisible();
    await expect(events.getByText("Delivered").first()).toBeVisible();
  });

  test("a time that is taken is refused, and an alternative is booked with one press", async ({
    page,
    owner,
    project,
  }) => {
    const from = inHours(48);
    await bookForOthers(owner, { pool, gpus: 16, from, hours: 24 });
    const dialog = await openForm(page);
    await fillForm(page, dialog, { pool, gpus: 8, from, hours: 24 });
    await expect(dialog.getByText("These GPUs are not free at that time")).toBeVisible();
    await expect(dialog.getByRole("list", { name: "What is in the way" })).toContainText("Booked by others, 16 GPUs");
    const offers = dialog.getByRole("region", { name: "What can be booked instead" }).getByRole("listitem");
    await expect(offers.first()).toBeVisible();
    expect(await offers.count()).toBeGreaterThanOrEqual(2);
    await expect(offers.filter({ hasText: "Another time" }).first()).toContainText(/Starts .* (later|earlier)/);
    await expect(dialog.getByRole("button", { name: "Join the waiting list" })).toBeVisible();
    await expectAccessible(page);
    await offers
      .filter({ hasText: "Another time" })
      .first()
      .getByRole("button", { name: /^Book:/ })
      .click();
    await expect(dialog).toBeHidden();
    const [made, ...more] = await reservationsOf(owner, project);
    expect(more).toEqual([]);
    const overlaps = Date.parse(made?.starts_at ?? "") < from + 24 * HOUR && Date.parse(made?.ends_at ?? "") > from;
    expect(overlaps, "it is not in the time that is taken").toBe(false);
    expect(made).toMatchObject({ status: "confirmed", gpu_count: 8, pool_id: pool.id });
  });

  test("what was taken a moment ago is refused when it is booked", async ({ page, owner, project }) => {
    const from = inHours(48);
    const dialog = await openForm(page);
    await fillForm(page, dialog, { pool, gpus: 8, from, hours: 24 });
    await expect(dialog.getByText("Free at that time")).toBeVisible();
    await bookForOthers(owner, { pool, gpus: 12, from, hours: 24 });
    await dialog.getByRole("button", { name: /^Book for/ }).click();
    await expect(dialog.getByText("These GPUs are not free at that time").first()).toBeVisible();
    await expect(dialog.getByText(/^The same first fits on/)).toBeVisible();
    await dialog
      .getByRole("button", { name: /^Adjust:/ })
      .first()
      .click();
    await expect(dialog.getByText("Free at that time"), "the form has the alternative's values").toBeVisible();
    await dialog.getByRole("button", { name: /^Book for/ }).click();
    await expect(dialog).toBeHidden();
    expect(await reservationsOf(owner, project)).toHaveLength(1);
  });

  test("a slot is found by what was asked for in words", async ({ page, owner, project }) => {
    await bookForOthers(owner, { pool, gpus: 16, from: inHours(0), hours: 30 });
    const dialog = await openForm(page);
    await dialog.getByRole("radio", { name: "Find me a slot" }).click();
    const text = dialog.getByLabel("What do you need?");
    await expect(text).toBeFocused();
    await text.fill(`8 ${pool.gpu_type.name} for 20 hours, one node if possible, with unicorns`);
    await expect(dialog.getByText("Not understood: “unicorns”")).toBeVisible();
    await expect(dialog.getByRole("spinbutton", { name: "GPUs" })).toHaveValue("8");
    await expect(dialog.getByRole("combobox", { name: "GPU type" })).toContainText(pool.gpu_type.name);
    await expect(dialog.getByLabel("For how long")).toHaveValue("20");
    await expect(dialog.getByRole("combobox", { name: "Machines" })).toContainText("One machine if possible");
    await text.press("Enter");
    const offers = dialog.getByRole("region", { name: "What fits" }).getByRole("listitem");
    await expect(offers.first()).toContainText("Earliest");
    await expectAccessible(page);
    await expectFitsPhone(page);
    await offers
      .first()
      .getByRole("button", { name: /^Book:/ })
      .click();
    await expect(dialog).toBeHidden();
    const [made] = await reservationsOf(owner, project);
    expect(Date.parse(made?.starts_at ?? "")).toBeGreaterThanOrEqual(inHours(29));
    expect(made?.gpu_count).toBe(8);
  });

  test("times that the clock skips or shows twice are told", async ({ page }) => {
    const dialog = await openForm(page);
    await dialog.getByRole("button", { name: /^Time zone/ }).click();
    await page.getByRole("combobox", { name: "Search time zone" }).fill("Europe/Berlin");
    await page.keyboard.press("Enter");
    await expect(dialog.getByText(/^Times are in/)).toContainText("Europe/Berlin");
    await dialog.getByLabel("Start date").fill("2027-03-28");
    await dialog.getByLabel("Start time").fill("02:30");
    const start = dialog.getByRole("group", { name: "Start", exact: true });
    await expect(start).toContainText("there is no 02:30 in Europe/Berlin");
    await start.getByRole("button", { name: "Use 03:30" }).click();
    await expect(start).toContainText("Sun 28 Mar 2027, 01:30 UTC");
    await dialog.getByLabel("End date").fill("2027-10-31");
    await dialog.getByLabel("End time").fill("02:30");
    const end = dialog.getByRole("group", { name: "End", exact: true });
    await expect(end).toContainText("it is 02:30 twice in Europe/Berlin");
    await end.getByRole("radio", { name: "The second 02:30 +01:00" }).click();
    await expect(end).toContainText("Sun 31 Oct 2027, 01:30 UTC");
  });

  test("booking needs nothing but the keyboard", async ({ page, owner, project }) => {
    await page.goto("/app/reservations?view=list");
    await page.getByRole("button", { name: "Book GPUs" }).first().focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Book GPUs" });
    await expect(dialog.getByRole("combobox", { name: "Pool or GPU type" })).toBeFocused();
    // While the pools are still being read, a key may find the list not there yet.
    await expect(async () => {
      await page.keyboard.press("Enter");
      await expect(page.getByRole("listbox")).toBeVisible({ timeout: 5_000 });
    }).toPass();
    await page.keyboard.type(pool.name);
    await expect(page.getByRole("option", { name: pool.name }).first()).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("listbox")).toBeHidden();
    // The focus comes back a moment after the list has gone.
    await expect(dialog.getByRole("combobox", { name: "Pool or GPU type" })).toBeFocused();
    await page.keyboard.press("Tab");
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("3");
    await expect(dialog.getByText("Free at that time")).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(dialog).toBeHidden();
    await expect(page.getByRole("button", { name: "Book GPUs" }).first()).toBeFocused();
    expect((await reservationsOf(owner, project)).map(({ gpu_count }) => gpu_count)).toEqual([3]);
  });

  test("booking works on a phone", async ({ page, owner, project }) => {
    await page.setViewportSize(PHONE);
    const dialog = await openForm(page);
    await fillForm(page, dialog, { pool, gpus: 1, from: inHours(30), hours: 5 });
    await expect(dialog.getByText("Free at that time")).toBeVisible();
    const box = await dialog.boundingBox();
    expect(box, "it takes the whole screen").toMatchObject({ x: 0, y: 0, width: PHONE.width, height: PHONE.height });
    await dialog.getByRole("button", { name: /^Book for/ }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole("table", { name: "Reservations, newest first" })).toContainText("Confirmed");
    await expectAccessible(page);
    expect(await reservationsOf(owner, project)).toHaveLength(1);
  });
});

test("too few credits: how many are missing, before and after the button is pressed", async ({
  page,
  owner,
  project,
}) => {
  const pool = await newPool(owner);
  await makePremium(owner, project, 100);
  const dialog = await openForm(page);
  await fillForm(page, dialog, { pool, gpus: 8, from: inHours(24), hours: 24 });
  await expect(dialog.getByText("245.60 credits are missing")).toBeVisible();
  await dialog.getByRole("button", { name: "Book for 345.60 credits" }).click();
  await expect(dialog.getByRole("alert").getByText("245.60 credits are missing")).toBeVisible();
  await expect(dialog.getByRole("link", { name: "Credits page" })).toHaveAttribute("href", "/app/credits");
  await expectAccessible(page);
  expect(await reservationsOf(owner, project)).toEqual([]);
});

test("a project on the free plan is told what it lacks", async ({ page, owner, project }) => {
  const pool = await newPool(owner);
  const dialog = await openForm(page);
  await expect(dialog.getByText("Reserving GPUs is part of the premium plan")).toBeVisible();
  await expect(dialog.getByText(`${project.name} is on the free plan`)).toBeVisible();
  await fillForm(page, dialog, { pool, gpus: 1, from: inHours(24), hours: 24 });
  await expect(dialog.getByRole("region", { name: "Price" }), "prices can be seen").toContainText("43.20");
  const book = dialog.getByRole("button", { name: /^Book for/ });
  await expect(book).toHaveAttribute("aria-disabled", "true");
  await expectAccessible(page);
});
