import { getBookingPolicy, updateBookingPolicy } from "@/lib/contracts/booking-policy";
import type { Pool } from "@/lib/contracts/fleet";
import { expectAccessible } from "./support/accessible";
import { call } from "./support/api";
import { fillForm, inHours, openForm, reservationsOf } from "./support/booking";
import { makePremium, newPool } from "./support/fleet";
import { expect, test } from "./support/test";

// Apart from the other reservations, for a hold takes a minute to run out: the other worker has work for as long.

let pool: Pool;
test.beforeEach(async ({ owner, project }) => {
  pool = await newPool(owner);
  await makePremium(owner, project);
});

test("held GPUs are confirmed, or let go", async ({ page, owner, project }) => {
  const dialog = await openForm(page);
  await fillForm(page, dialog, { pool, gpus: 2, from: inHours(30), hours: 10 });
  await dialog.getByRole("checkbox", { name: "Hold it first" }).press("Space");
  await dialog.getByRole("button", { name: "Hold for 10 minutes" }).click();
  await expect(dialog.getByText("Held for you, not booked yet")).toBeVisible();
  await expect(dialog.getByRole("timer", { name: "Time left to confirm" })).toHaveText(/^\d+:\d\d$/);
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Give it back" }).click();
  await expect(dialog.getByRole("button", { name: "Hold for 10 minutes" })).toBeVisible();
  await dialog.getByRole("button", { name: "Hold for 10 minutes" }).click();
  await dialog.getByRole("button", { name: /^Confirm for/ }).click();
  await expect(dialog).toBeHidden();
  expect((await reservationsOf(owner, project)).map(({ status }) => status)).toEqual(["confirmed", "cancelled"]);
});

test("held GPUs that nobody confirms are free again", async ({ page, owner, project }) => {
  test.slow();
  const { updated_at: _at, updated_by: _by, ...policy } = await call(owner, getBookingPolicy, {});
  const { version } = await call(owner, updateBookingPolicy, { body: { ...policy, hold_minutes: 1 } });
  try {
    const dialog = await openForm(page);
    await fillForm(page, dialog, { pool, gpus: 2, from: inHours(30), hours: 10 });
    await dialog.getByRole("checkbox", { name: "Hold it first" }).press("Space");
    await dialog.getByRole("button", { name: "Hold for 1 minute" }).click();
    await expect(dialog.getByText("Held for you, not booked yet")).toBeVisible();
    await expect(dialog.getByText("The time to confirm has run out")).toBeVisible({ timeout: 90_000 });
    await dialog.getByRole("button", { name: "Back to the form" }).click();
    await expect(dialog.getByText("Free at that time")).toBeVisible();
    await expect
      .poll(async () => (await reservationsOf(owner, project))[0]?.status, { timeout: 90_000 })
      .toBe("expired");
  } finally {
    await call(owner, updateBookingPolicy, { body: { ...policy, version } });
  }
});
