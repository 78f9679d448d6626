import type { Page } from "@playwright/test";
import { listDrills } from "@/lib/contracts/failovers";
import type { Pool } from "@/lib/contracts/fleet";
import { getReservation } from "@/lib/contracts/reservations";
import { expectAccessible, expectFitsPhone } from "./support/accessible";
import { call } from "./support/api";
import { bookFromNow, makePremium, newPool } from "./support/fleet";
import { expect, test } from "./support/test";

const MINUTE = 60_000;
/** For a boot. */
const UNTIL_IT_RUNS = 2 * MINUTE;
/** For a failure to be seen, and for a boot. */
const UNTIL_HEALED = 3 * MINUTE;

// Where it is past eleven in the evening, so that an hour from now ends tomorrow: no range of times is longer in words.
test.use({ timezoneId: zoneWhereHourIs(23) });

test("a drill fails a node, the booking on it moves to the reserve, and the time without is credited", async ({
  page,
  owner,
  project,
}) => {
  test.setTimeout(UNTIL_IT_RUNS + UNTIL_HEALED + 5 * MINUTE);
  const pool = await newPool(owner, { granularity_minutes: 1, reserve_units: 8 });
  await makePremium(owner, project);
  const { id } = await bookFromNow(owner, project, { pool, hours: 1, title: "Serving" });

  await test.step("the booking has begun, and its pool is well", async () => {
    const params = { project_id: project.id, reservation_id: id };
    await expect
      .poll(async () => (await call(owner, getReservation, { params })).status, { timeout: UNTIL_IT_RUNS })
      .toBe("active");
    await page.goto("/app");
    await page.getByRole("link", { name: "Compute", exact: true }).click();
    const row = poolRow(page, pool);
    await expect(row).toContainText("All well");
    await expect(row).toContainText("8 of 8");
    // Its one instance runs.
    await expect(row.getByRole("cell").nth(4)).toHaveText("1", { timeout: UNTIL_IT_RUNS });
  });

  await test.step("nodes are marked as failed and as healthy by hand", async () => {
    await page.getByRole("button", { name: `Nodes of ${pool.name}` }).click();
    const nodes = page.getByRole("table", { name: `Nodes of ${pool.name}` });
    const idle = nodes
      .getByRole("row")
      .filter({ has: page.getByRole("cell", { name: "0", exact: true }) })
      .first();
    await idle.getByRole("button", { name: /as failed/ }).click();
    const dialog = page.getByRole("alertdialog");
    await dialog.getByLabel("What is wrong").fill("Xid 79");
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Mark as failed" }).click();
    await expect(nodes).toContainText("Xid 79");
    await expect(poolRow(page, pool)).toContainText("8 out of order");
    await expectAccessible(page);
    await expectFitsPhone(page);
    await nodes.getByRole("button", { name: /as healthy/ }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Mark as healthy" }).click();
    await expect(poolRow(page, pool)).toContainText("All well");
  });

  await test.step("a drill says what it does, and reports what held", async () => {
    await page.getByRole("button", { name: `Drill ${pool.name}` }).click();
    const dialog = page.getByRole("alertdialog");
    await expect(dialog).toContainText("What runs on it ends now and boots elsewhere");
    await dialog.getByRole("button", { name: "Fail the node" }).click();
    await expect(page.getByRole("heading", { name: /^Drill on / })).toBeVisible();
    await expect(page.getByRole("heading", { name: /^Drill on / }).locator("..")).toContainText("Under way");
    const held = page.getByText("Everything held").first();
    await expect(held).toBeVisible({ timeout: UNTIL_HEALED });
    const struck = page.getByRole("table", { name: "Bookings that were struck" });
    await expect(struck.getByRole("row").nth(1)).toContainText("Spare GPUs");
    await expect(struck.getByRole("row").nth(1)).toContainText("Recovered");
    await expect(page.getByRole("list", { name: "What happened" })).toContainText("was made healthy again");
    await expectAccessible(page);
    await expectFitsPhone(page);
    const { data } = await call(owner, listDrills, { query: { pool_id: pool.id } });
    expect(data).toMatchObject([{ status: "finished", report: { did_not_hold: [] } }]);
  });

  await test.step("drills and failovers are listed", async () => {
    await page.getByRole("link", { name: "Drills" }).first().click();
    await expect(page.getByRole("table", { name: "Drills" })).toContainText("Everything held");
    await expectAccessible(page);
    await expectFitsPhone(page);
    await page.getByRole("link", { name: "Failovers", exact: true }).click();
    await expect(page.getByRole("table", { name: "Failovers" })).toContainText("Recovered");
    await expectAccessible(page);
    await expectFitsPhone(page);
  });

  await test.step("the booking tells what happened and what was credited, and so do the credits", async () => {
    await page.goto(`/app/reservations/${id}`);
    const failover = page.getByRole("article", { name: /^Failover from / });
    await expect(failover).toContainText("Drill");
    await expect(failover).toContainText(/credited for \d+ GPU minutes, at 200 % of what was paid/);
    await expect(failover.getByRole("table", { name: "Credited time" }).getByRole("row")).toHaveCount(9);
    await expectAccessible(page);
    await expectFitsPhone(page);
    await failover.getByRole("link", { name: /credited/ }).click();
    await expect(page.getByText(/GPU minutes that rsv_/).first()).toBeVisible();
  });
});

function poolRow(page: Page, { name }: Pool) {
  return page.getByRole("table", { name: "Health of the pools" }).getByRole("row").filter({ hasText: name });
}

/** A time zone without a summer time. Those east of Greenwich have a minus in their names. */
function zoneWhereHourIs(hour: number): string {
  const ahead = hour - new Date().getUTCHours();
  const offset = ahead > 14 ? ahead - 24 : ahead;
  return `Etc/GMT${offset >= 0 ? "-" : "+"}${Math.abs(offset)}`;
}
