import { clockChanges } from "@/lib/contracts/zones";
import { expectAccessible, expectFitsPhone } from "./support/accessible";
import { bookGpus, makePremium, newPool } from "./support/fleet";
import { newProject } from "./support/project";
import { expect, test } from "./support/test";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ZONE = "Europe/Berlin";

test.use({ timezoneId: ZONE });

const filled = (pool: { id: string }, from: number, hours = 8) =>
  `/app/reservations/series/new?${new URLSearchParams({
    pool_id: pool.id,
    gpu_count: "4",
    starts_at: new Date(from).toISOString(),
    ends_at: new Date(from + hours * HOUR).toISOString(),
  })}`;

test.beforeEach(async ({ owner, project }) => {
  await makePremium(owner, project);
});

test("every occurrence is shown before it is booked; what is not free is left out when told to", async ({
  page,
  owner,
}) => {
  const pool = await newPool(owner);
  const from = Math.ceil(Date.now() / DAY) * DAY + DAY;
  const other = await newProject(owner, "Other");
  await makePremium(owner, other);
  await bookGpus(owner, other, { pool, from: from + DAY, hours: 4, gpus: 14 });

  await page.goto("/app/reservations/series");
  await expect(page.getByText("No series yet")).toBeVisible();
  await expectAccessible(page);
  await page.goto(filled(pool, from));
  await page.getByRole("combobox", { name: "Repeat" }).click();
  await page.getByRole("option", { name: "Daily" }).click();
  await page.getByRole("spinbutton", { name: "Times" }).fill("61");
  await expect(page.getByText("Enter a whole number from 1 to 60")).toBeVisible();
  await page.getByRole("spinbutton", { name: "Times" }).fill("4");
  await page.getByRole("textbox", { name: "Title" }).fill("Nightly run");
  const rows = page.getByRole("table", { name: "Occurrences" }).getByRole("row");
  await expect(rows).toHaveCount(5);
  await expect(rows.nth(2)).toContainText("Not free");
  await expect(rows.nth(2)).toContainText("Booked by others, 14 GPUs");
  await expect(page.getByText("1 occurrence cannot be booked")).toBeVisible();
  await expect(page.getByRole("button", { name: "Book the series" })).toBeDisabled();
  await expectAccessible(page);
  await expectFitsPhone(page);

  await page.getByRole("checkbox", { name: "Leave out what cannot be booked" }).press("Space");
  await expect(rows.nth(2)).toContainText("left out");
  await page.getByRole("button", { name: "Book 3 for 172.80 credits" }).click();
  await expect(page.getByRole("heading", { name: "Nightly run" })).toBeVisible();
  const booked = page.getByRole("table", { name: "Reservations of the series" });
  await expect(booked.getByRole("row")).toHaveCount(4);
  await expect(page.getByRole("table", { name: "Left out" })).toContainText("Not free");
  await expectAccessible(page);
  await expectFitsPhone(page);

  await page.getByRole("button", { name: "Cancel the rest" }).click();
  const dialog = page.getByRole("alertdialog", { name: "Cancel what has not begun?" });
  await expect(dialog).toContainText("3 cancelled, 0 kept");
  await expectAccessible(page);
  await expectFitsPhone(page);
  await dialog.getByRole("button", { name: "Cancel the rest" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("3 cancelled.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Cancel the rest" })).toHaveCount(0);
  await page.getByRole("link", { name: "Series", exact: true }).click();
  const list = page.getByRole("table", { name: "Series, newest first" });
  await expect(list.getByRole("row", { name: /Nightly run/ })).toContainText("Every day");
  await expectAccessible(page);
  await expectFitsPhone(page);
});

test("a change of clocks is told in words, for either anchor", async ({ page, owner }) => {
  const pool = await newPool(owner, { horizon_days: 400 });
  const [change] = clockChanges(ZONE, Date.now() + 2 * DAY, Date.now() + 370 * DAY);
  if (!change) throw new Error("Berlin's clocks are no longer changed.");
  const forward = change.after > change.before;
  // The day before, at an hour that the change does not touch.
  await page.goto(filled(pool, change.at - DAY + 9 * HOUR));
  await page.getByRole("combobox", { name: "Repeat" }).click();
  await page.getByRole("option", { name: "Daily" }).click();
  const rows = page.getByRole("table", { name: "Occurrences" }).getByRole("row");
  await expect(rows.nth(2)).toContainText(
    `Clocks go ${forward ? "forward" : "back"} by 1 h before it: 1 h ${forward ? "earlier" : "later"} in UTC`,
  );
  await expect(rows.nth(3)).not.toContainText("Clocks go");
  await page.getByRole("radio", { name: "Keep the time in UTC" }).press("Space");
  await expect(rows.nth(2)).toContainText(`1 h ${forward ? "later" : "earlier"} by the clocks of ${ZONE}`);
});
