import type { APIRequestContext } from "@playwright/test";
import type { Pool } from "@/lib/contracts/fleet";
import { cancelReservation, type Reservation } from "@/lib/contracts/reservations";
import { expectAccessible, expectFitsPhone } from "./support/accessible";
import { call } from "./support/api";
import { bookGpus, makePremium, newPool } from "./support/fleet";
import { newProject, type Project } from "./support/project";
import { expect, test } from "./support/test";

const HOUR = 3_600_000;
const nextHour = () => Math.ceil(Date.now() / HOUR) * HOUR;

/** A pool that another project has booked out for two days. */
async function takenPool(owner: APIRequestContext) {
  const pool = await newPool(owner, { nodes: { name: "taken-{nn}", count: 1, lanes: 4 } });
  const other = await newProject(owner, "Other");
  await makePremium(owner, other);
  const booking = await bookGpus(owner, other, { pool, from: nextHour(), hours: 48, gpus: 4 });
  return { pool, other, booking };
}

function giveBack(owner: APIRequestContext, project: Project, { id }: Reservation) {
  return call(owner, cancelReservation, { params: { project_id: project.id, reservation_id: id }, body: {} });
}

async function join(page: import("@playwright/test").Page, pool: Pool): Promise<void> {
  await page.goto("/app/reservations/waitlist");
  await page.getByRole("button", { name: "Join the waiting list" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Join the waiting list" });
  await dialog.getByRole("combobox", { name: "Pool or GPU type" }).click();
  await page.getByRole("option", { name: pool.name }).click();
  await dialog.getByRole("spinbutton", { name: "GPUs" }).fill("4");
  await dialog.getByRole("spinbutton", { name: "Hours" }).fill("8");
  await dialog.getByRole("button", { name: "Join the list" }).click();
  await expect(dialog).toBeHidden();
}

test.beforeEach(async ({ owner, project }) => {
  await makePremium(owner, project);
});

test("what is given back is offered without a reload, and accepting books it", async ({ page, owner }) => {
  const { pool, other, booking } = await takenPool(owner);
  await page.goto("/app/reservations/waitlist");
  await expect(page.getByText("Nothing waits")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Join the waiting list" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Join the waiting list" });
  await dialog.getByRole("spinbutton", { name: "Hours" }).fill("0");
  await dialog.getByRole("button", { name: "Join the list" }).click();
  await expect(dialog.getByText("Choose a pool or a GPU type")).toBeVisible();
  await expect(dialog.getByText("Enter how many hours, such as 24 or 1.5")).toBeVisible();
  await expectAccessible(page);
  await expectFitsPhone(page);
  await dialog.getByRole("button", { name: "Cancel" }).click();

  await join(page, pool);
  const entry = page.getByRole("list", { name: "Waiting list" }).getByRole("listitem");
  await expect(entry).toContainText("4 GPUs for 8 h");
  await expect(entry).toContainText("Waiting");
  await expectAccessible(page);

  await giveBack(owner, other, booking);
  await expect(entry).toContainText("are held for you", { timeout: 30_000 });
  await expect(entry.getByRole("timer", { name: "Time left to accept" })).toHaveText(/^\d+:\d\d$/);
  await expect(page.getByRole("navigation", { name: "Reservations" })).toContainText("1");
  await expectAccessible(page);
  await expectFitsPhone(page);
  await entry.getByRole("button", { name: /^Accept for/ }).click();
  await expect(page.getByText("Nothing waits")).toBeVisible();
  await page.getByRole("radio", { name: "All" }).click();
  await expect(entry).toContainText("Accepted");
  await entry.getByRole("link", { name: "See the reservation" }).click();
  await expect(page.getByText("Confirmed").first()).toBeVisible();
});

test("an offer is declined by keyboard, and another start is offered; then the list is left", async ({
  page,
  owner,
}) => {
  const { pool, other, booking } = await takenPool(owner);
  await join(page, pool);
  const entry = page.getByRole("list", { name: "Waiting list" }).getByRole("listitem");
  await giveBack(owner, other, booking);
  const offer = entry.getByRole("button", { name: /^Accept for/ });
  await expect(offer).toBeVisible({ timeout: 30_000 });
  const first = await entry.textContent();
  await entry.getByRole("button", { name: "Decline" }).press("Enter");
  const confirm = page.getByRole("alertdialog", { name: "Give these GPUs back?" });
  await expect(confirm.getByRole("button", { name: "Keep it" })).toBeFocused();
  await expectAccessible(page);
  await confirm.getByRole("button", { name: "Decline the offer" }).press("Enter");
  await expect(confirm).toBeHidden();
  await expect(entry).toContainText("2 of 3 offers", { timeout: 30_000 });
  expect(await entry.textContent()).not.toBe(first);

  await entry.getByRole("button", { name: /^Leave the list/ }).click();
  await page
    .getByRole("alertdialog", { name: "Leave the waiting list?" })
    .getByRole("button", { name: "Leave the list" })
    .click();
  await expect(page.getByText("Nothing waits")).toBeVisible();
});
