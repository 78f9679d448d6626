import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { DEFAULT_BOOKING_POLICY, getBookingPolicy, updateBookingPolicy } from "@/lib/contracts/booking-policy";
import { getPool } from "@/lib/contracts/fleet";
import { getReservation } from "@/lib/contracts/reservations";
import { expectAccessible, expectFitsPhone } from "./support/accessible";
import { call } from "./support/api";
import { bookGpus, makePremium, newPool } from "./support/fleet";
import { expect, test } from "./support/test";

const HOUR_MS = 3_600_000;
const mark = () => randomUUID().slice(0, 6);

/** The full hour so many hours from now, and what the date and time fields take for it in UTC. */
function inHours(hours: number) {
  const ms = Math.ceil(Date.now() / HOUR_MS + hours) * HOUR_MS;
  const text = new Date(ms).toISOString();
  return { ms, date: text.slice(0, 10), time: text.slice(11, 16) };
}

async function enterMoment(page: Page, label: "Start" | "End", { date, time }: { date: string; time: string }) {
  await page.getByLabel(`${label} date`).fill(date);
  await page.getByLabel(`${label} time`).fill(time);
}

test.beforeEach(async ({ page }) => {
  // Times are entered in UTC whatever zone the machine is in.
  await page.addInitScript(() => localStorage.setItem("dumont-time-zone", "utc"));
});

test("a pool is added with its nodes, changed, closed and removed", async ({ page, owner, project }) => {
  const name = `Pool of ${project.name}`;
  const type = `B200 ${mark()}`;
  await page.goto("/app");
  await page.getByRole("link", { name: "Fleet", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Fleet", level: 1 })).toBeVisible();

  await test.step("a GPU type", async () => {
    await page.getByRole("button", { name: "Add GPU type" }).click();
    const dialog = page.getByRole("dialog", { name: "Add GPU type" });
    await dialog.getByLabel("Memory of one GPU, in GB").fill("0");
    await dialog.getByRole("button", { name: "Add GPU type" }).click();
    await expect(dialog.getByLabel("Name")).toHaveAccessibleDescription("Enter a name");
    await expect(dialog.getByLabel("Memory of one GPU, in GB")).toHaveAccessibleDescription("At least 1");
    await dialog.getByLabel("Name").fill(type);
    await dialog.getByLabel("Memory of one GPU, in GB").fill("192");
    await dialog.getByRole("button", { name: "Add GPU type" }).click();
    await expect(page.getByRole("table", { name: "GPU types" }).getByRole("row", { name: type })).toContainText(
      "192 GB",
    );
  });

  await test.step("a pool of it", async () => {
    await page.getByRole("button", { name: "Add pool" }).click();
    const dialog = page.getByRole("dialog", { name: "Add pool" });
    await dialog.getByRole("button", { name: "Add pool" }).click();
    await expect(dialog.getByLabel("Region")).toHaveAccessibleDescription(/Enter a name/);
    await expect(dialog.getByLabel("Price per GPU and hour, in credits")).toHaveAccessibleDescription(/such as 2\.5/);
    await dialog.getByLabel("Name", { exact: true }).fill(name);
    await dialog.getByLabel("Region").fill("eu-central");
    await dialog.getByLabel("Provider").fill("own");
    await dialog.getByLabel("GPU type").click();
    await page.getByRole("option", { name: new RegExp(type) }).click();
    await dialog.getByLabel("Name of the nodes").fill("rack");
    await dialog.getByLabel("Nodes", { exact: true }).fill("4");
    await dialog.getByLabel("Price per GPU and hour, in credits").fill("2.5");
    await dialog.getByLabel("Shortest booking, in minutes").fill("90");
    await dialog.getByRole("button", { name: "Add pool" }).click();
    await expect(dialog.getByLabel("Name of the nodes")).toHaveAccessibleDescription(/Put \{n\}/);
    await expect(dialog.getByLabel("Shortest booking, in minutes")).toHaveAccessibleDescription(
      /multiple of the granularity/,
    );
    await expectAccessible(page);
    await expectFitsPhone(page);
    await dialog.getByLabel("Name of the nodes").fill("rack-{nn}");
    await dialog.getByLabel("Shortest booking, in minutes").fill("120");
    await dialog.getByRole("button", { name: "Add pool" }).click();
    await expect(page.getByRole("heading", { name })).toBeVisible();
    await expect(page.getByRole("list", { name: "Nodes" }).getByText("rack-04")).toBeVisible();
    await expect(page.getByText("0 of 8 in use")).toHaveCount(4);
  });

  await test.step("more nodes, whose numbers go on", async () => {
    await page.getByRole("button", { name: "Add nodes" }).click();
    const dialog = page.getByRole("dialog", { name: "Add nodes" });
    await dialog.getByLabel("Name of the nodes").fill("rack-{nn}");
    await dialog.getByLabel("Nodes", { exact: true }).fill("2");
    await dialog.getByLabel("GPUs per node").fill("4");
    await dialog.getByRole("button", { name: "Add 8 GPUs" }).click();
    await expect(page.getByRole("list", { name: "Nodes" }).getByText("rack-06")).toBeVisible();
    await page.getByRole("button", { name: "GPU 0 of rack-06: Free" }).click();
    await expect(page.getByRole("dialog", { name: "GPU 0 of rack-06" })).toContainText("Now");
    await expectAccessible(page);
    await page.keyboard.press("Escape");
  });

  await test.step("price and reserve", async () => {
    await page.getByRole("button", { name: "Change", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: `Change ${name}` });
    await expect(dialog.getByLabel("Price per GPU and hour, in credits")).toHaveValue("2.5");
    await dialog.getByLabel("Failover reserve, in GPUs").fill("41");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog.getByLabel("Failover reserve, in GPUs")).toHaveAccessibleDescription(/40 GPUs/);
    await dialog.getByLabel("Failover reserve, in GPUs").fill("2");
    await dialog.getByLabel("Price per GPU and hour, in credits").fill("1.75");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("1.75 credits")).toBeVisible();
    await expect(page.getByText("6 nodes, 2 in reserve")).toBeVisible();
  });

  await test.step("a node is renamed and taken out", async () => {
    await page.getByRole("button", { name: "Actions for rack-06" }).click();
    await page.getByRole("menuitem", { name: "Rename…" }).click();
    await page.getByRole("dialog", { name: "Rename rack-06" }).getByLabel("Name").fill("rack-05");
    await page.getByRole("button", { name: "Rename" }).click();
    await expect(page.getByRole("dialog").getByLabel("Name")).toHaveAccessibleDescription(/already/);
    await page.getByRole("dialog").getByLabel("Name").fill("old rack");
    await page.getByRole("button", { name: "Rename" }).click();
    await page.getByRole("button", { name: "Actions for old rack" }).click();
    await page.getByRole("menuitem", { name: "Take out of the fleet…" }).click();
    await expect(page.getByText("No booking has to move.")).toBeVisible();
    await page.getByRole("button", { name: "Take out of the fleet" }).click();
    await expect(page.getByText("5 nodes, 2 in reserve")).toBeVisible();
  });

  await expectAccessible(page);
  await expectFitsPhone(page);

  await test.step("closed, then removed", async () => {
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: "Close…" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Close pool" }).click();
    await expect(page.getByText("Closed")).toBeVisible();
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: "Remove…" }).click();
    await page.getByLabel(/^Type/).fill(name);
    await page.getByRole("button", { name: "Remove pool" }).click();
    await expect(page.getByRole("heading", { name: "Fleet", level: 1 })).toBeVisible();
    await expect(page.getByRole("row", { name })).toHaveCount(0);
    const { status } = await owner.get(`/api/v1/pools/${mark()}`).then((response) => ({ status: response.status() }));
    expect(status).toBe(404);
  });
});

test("maintenance is checked first: what moves, and what is in the way", async ({
  page,
  owner,
  project,
  api,
  openClient,
}) => {
  await makePremium(owner, project);
  const client = await openClient(api.key);
  const pool = await newPool(owner);
  const start = inHours(30);
  const reservation = await bookGpus(client, project, { pool, from: start.ms, hours: 10, gpus: 8, title: "Training" });
  const { nodes } = await call(owner, getPool, { params: { pool_id: pool.id } });
  const lane = reservation.units[0];
  const node = nodes.find(({ name }) => name === lane?.node)?.name ?? "";

  await page.goto(`/app/admin/fleet/pools/${pool.id}`);
  await page.getByRole("button", { name: `Actions for ${node}` }).click();
  await page.getByRole("menuitem", { name: "Plan maintenance…" }).click();
  const dialog = page.getByRole("dialog", { name: /^Plan maintenance/ });
  await dialog.getByRole("button", { name: "Check" }).click();
  await expect(dialog.getByLabel("What for")).toHaveAccessibleDescription(/Say what for/);
  await dialog.getByLabel("What for").fill("New drivers");
  await enterMoment(page, "Start", inHours(32));
  await enterMoment(page, "End", inHours(31));
  await dialog.getByRole("button", { name: "Check" }).click();
  await expect(dialog.getByText("It has to end after it begins.")).toBeVisible();
  await enterMoment(page, "End", inHours(34));
  await expect(dialog.getByRole("checkbox", { name: node })).toBeChecked();
  await dialog.getByRole("button", { name: "Check" }).click();
  await expect(dialog.getByText("1 booking moves to other GPUs of the pool. It loses nothing.")).toBeVisible();
  await expectAccessible(page);
  await expectFitsPhone(page);
  await dialog.getByRole("button", { name: "Plan maintenance" }).click();
  const table = page.getByRole("table", { name: "Maintenance" });
  await expect(table.getByRole("row", { name: /New drivers/ })).toContainText(node);
  const params = { project_id: project.id, reservation_id: reservation.id };
  const moved = await call(client, getReservation, { params });
  expect(moved.units.every((unit) => unit.node !== node)).toBe(true);

  await test.step("the whole pool cannot: the booking has nowhere to go", async () => {
    await page.getByRole("button", { name: "Plan maintenance" }).first().click();
    await dialog.getByLabel("What for").fill("Power");
    await enterMoment(page, "Start", inHours(36));
    await enterMoment(page, "End", inHours(38));
    await dialog.getByRole("button", { name: "Check" }).click();
    const refusal = dialog.getByRole("alert");
    await expect(refusal).toContainText("Refused: 1 thing in the way");
    await expect(refusal).toContainText(`Training (${project.name})`);
    await expect(refusal).toContainText(reservation.id);
    await expect(refusal).toContainText("No other GPUs of the pool are free for all of its time.");
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Cancel" }).click();
  });

  await test.step("it is extended and called off", async () => {
    await table.getByRole("button", { name: "Change New drivers" }).click();
    await enterMoment(page, "End", inHours(35));
    await page.getByRole("button", { name: "Check" }).click();
    await expect(page.getByText("No booking has to move.")).toBeVisible();
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("The maintenance was changed")).toBeVisible();
    await page.goto("/app/admin/fleet/maintenance");
    await expect(table.getByRole("row", { name: new RegExp(pool.name) })).toContainText("Planned");
    await expectAccessible(page);
    await expectFitsPhone(page);
    await table
      .getByRole("row", { name: new RegExp(pool.name) })
      .getByRole("button", { name: /Call off/ })
      .click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Call off" }).click();
    await expect(table.getByRole("row", { name: new RegExp(pool.name) })).toHaveCount(0);
  });
});

test("the booking rules are tables that are checked field by field", async ({ page, owner }) => {
  await page.goto("/app/admin/fleet/rules");
  const form = page.getByRole("form", { name: "Booking rules" });
  const first = form.getByRole("group", { name: "By duration, step 2" });
  const before = await first.getByLabel(/^Discount in %/).inputValue();
  await expect(form.getByRole("button", { name: "Save" })).toBeDisabled();
  await first.getByLabel(/^From hours/).fill("0");
  await first.getByLabel(/^Discount in %/).fill("120");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form.getByText("Give the steps in rising order of hours, each once")).toBeVisible();
  await expect(first.getByLabel(/^Discount in %/)).toHaveAccessibleDescription(/10000/);
  await expectAccessible(page);
  await form.getByRole("button", { name: "Undo changes" }).click();
  await expect(first.getByLabel(/^Discount in %/)).toHaveValue(before);

  const minutes = form.getByLabel("Minutes that an offer lasts");
  const changed = (await minutes.inputValue()) === "20" ? "25" : "20";
  await minutes.fill(changed);
  await form.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(/^Version \d+, saved/)).toBeVisible();
  await page.reload();
  await expect(minutes).toHaveValue(changed);
  await expectAccessible(page);
  await expectFitsPhone(page);

  // They hold for the whole installation, which the other specs use as well.
  const { version } = await call(owner, getBookingPolicy, {});
  await call(owner, updateBookingPolicy, { body: { ...DEFAULT_BOOKING_POLICY, version } });
});

test("a project is put on the premium plan", async ({ page, project }) => {
  await page.goto("/app/admin/fleet/plans");
  await page.getByLabel("Search projects").fill(project.name);
  const row = page.getByRole("row", { name: new RegExp(project.name) });
  await expect(row).toContainText("Free");
  await expectAccessible(page);
  await expectFitsPhone(page);
  await row.getByRole("button", { name: `Change ${project.name} to Premium` }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Change to Premium" }).click();
  await expect(row).toContainText("Premium");
  await page.getByLabel("Search projects").fill(`nothing ${mark()}`);
  await expect(page.getByText("No project matches")).toBeVisible();
  await page.getByRole("button", { name: "Show all projects" }).click();
  await expect(row).toBeVisible();

  await test.step("a question stays open when the search that was typed before it is answered", async () => {
    const search = /\/api\/v1\/admin\/projects\?q=/;
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route(search, async (route) => {
      await held;
      await route.fallback();
    });
    await Promise.all([page.waitForRequest(search), page.getByLabel("Search projects").fill(project.id)]);
    await row.getByRole("button", { name: `Change ${project.name} to Free` }).click();
    answer();
    await expect(page.getByText("Showing 1 project")).toBeVisible();
    await expect(page.getByRole("alertdialog")).toBeVisible();
    await page.unroute(search);
  });
});

test("only for whoever runs the installation", async ({ another, api, openClient }) => {
  const page = await another();
  await page.goto("/app/admin/fleet");
  await expect(page).toHaveURL(/\/login/);
  const client = await openClient(api.key);
  for (const path of ["maintenance", "admin/projects"]) {
    expect((await client.get(`/api/v1/${path}`)).status(), path).toBe(403);
  }
  expect((await client.get("/api/v1/pools")).status(), "everybody reads pools").toBe(200);
});
