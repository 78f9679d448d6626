import { createInvitation } from "@/lib/contracts/accounts";
import type { Pool } from "@/lib/contracts/fleet";
import { updateReservation } from "@/lib/contracts/reservations";
import { expectAccessible, expectFitsPhone } from "./support/accessible";
import { call } from "./support/api";
import { dateOf, HOUR, inHours, reservationsOf, timeOf } from "./support/booking";
import { bookGpus, makePremium, newPool } from "./support/fleet";
import { newProject } from "./support/project";
import { expect, test } from "./support/test";

let pool: Pool;
test.beforeEach(async ({ owner, project }) => {
  pool = await newPool(owner);
  await makePremium(owner, project);
});

test("cancelling shows what comes back, and the credits page has it", async ({ page, owner, project }) => {
  const { id } = await bookGpus(owner, project, { pool, from: inHours(48), hours: 24, title: "Not needed" });
  await page.goto(`/app/reservations/${id}`);
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Cancel this reservation?" });
  const now = dialog.getByRole("region", { name: "If you cancel now" });
  await expect(now, "345.60 at 75 %").toContainText("259.20");
  await expect(now).toContainText("75 % at this notice");
  await expect(now, "the fee").toContainText("86.40");
  await expect(dialog.getByRole("table", { name: "If you cancel later" })).toContainText("50 %");
  await expectAccessible(page);
  await expectFitsPhone(page);
  await dialog.getByLabel("Reason").fill("The data is late");
  await dialog.getByRole("button", { name: "Cancel it, 259.20 credits come back" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("main").getByText("Cancelled").first()).toBeVisible();
  await expect(page.getByRole("list", { name: "History" })).toContainText("The data is late");
  await expect(page.getByRole("button", { name: "Move or change" })).toHaveCount(0);

  await page.goto("/app/credits");
  const ledger = page.getByRole("table", { name: "Ledger, newest first" });
  await expect(ledger).toContainText("Released");
  await expect(ledger).toContainText("259.20");
  await expect(ledger).toContainText("86.40");
});

test("a reservation is moved, extended and made smaller by the form", async ({ page, owner, project }) => {
  const from = inHours(200);
  const { id } = await bookGpus(owner, project, { pool, from, hours: 24, gpus: 4, title: "Movable" });
  await page.goto(`/app/reservations/${id}`);
  const open = async () => {
    await page.getByRole("button", { name: "Move or change" }).click();
    const dialog = page.getByRole("dialog", { name: "Change reservation" });
    await expect(dialog.getByText("Nothing is different yet.")).toBeVisible();
    return dialog;
  };
  await test.step("extended: the rest is charged", async () => {
    const dialog = await open();
    await dialog.getByLabel("End date").fill(dateOf(from + 48 * HOUR));
    await expect(dialog.getByText("Charged in addition")).toBeVisible();
    await expectAccessible(page);
    await dialog.getByRole("button", { name: /^Change for .* credits$/ }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByText("48 h (2 days)").first()).toBeVisible();
    await expect(page.getByRole("list", { name: "History" })).toContainText("Extended");
  });
  await test.step("made smaller: a part comes back", async () => {
    const dialog = await open();
    await dialog.getByRole("spinbutton", { name: "GPUs" }).fill("2");
    await expect(dialog.getByText("Comes back")).toBeVisible();
    await dialog.getByRole("button", { name: /come back$/ }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByText("2 × H100").first()).toBeVisible();
  });
  await test.step("what is wrong is said beside its field", async () => {
    const dialog = await open();
    await dialog.getByLabel("End date").fill(dateOf(from - 48 * HOUR));
    await expect(dialog.getByRole("group", { name: "End", exact: true })).toContainText("Give a later end");
    await expect(dialog.getByRole("button", { name: "Change", exact: true })).toBeDisabled();
    await page.keyboard.press("Escape");
  });
  await test.step("a change by somebody else is not overwritten", async () => {
    const dialog = await open();
    const params = { project_id: project.id, reservation_id: id };
    const [current] = await reservationsOf(owner, project);
    await call(owner, updateReservation, { params, body: { version: current?.version ?? 0, title: "Renamed" } });
    await expect(dialog.getByText("Somebody changed this reservation meanwhile")).toBeVisible();
    await expect(dialog.getByText("Renamed", { exact: true })).toBeVisible();
    await dialog.getByRole("button", { name: "Load the new one" }).click();
    await expect(dialog.getByLabel("Title")).toHaveValue("Renamed");
    await page.keyboard.press("Escape");
  });
});

test("a part is given back", async ({ page, owner, project }) => {
  const from = inHours(100);
  const { id } = await bookGpus(owner, project, { pool, from, hours: 48, title: "Too much" });
  await page.goto(`/app/reservations/${id}`);
  await page.getByRole("button", { name: "Release a part" }).click();
  const dialog = page.getByRole("dialog", { name: "Release a part" });
  await dialog.getByRole("spinbutton", { name: "GPUs to give back" }).fill("9");
  await expect(dialog.getByText("It has 8 GPUs then")).toBeVisible();
  await dialog.getByRole("spinbutton", { name: "GPUs to give back" }).fill("3");
  await dialog.getByLabel("From date").fill(dateOf(from + 24 * HOUR));
  await dialog.getByLabel("From time").fill(timeOf(from + 24 * HOUR));
  await expect(dialog.getByRole("figure")).toContainText("3 GPUs");
  await expect(dialog.getByText("100 % at this notice")).toBeVisible();
  await expectAccessible(page);
  await expectFitsPhone(page);
  await dialog.getByRole("button", { name: /^Give it back, .* come back$/ }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("5 GPUs,").first()).toBeVisible();
  const [left] = await reservationsOf(owner, project);
  expect(left?.segments.map(({ gpu_count }) => gpu_count)).toEqual([8, 5]);
});

test("the list is narrowed by filters that stay in the address", async ({ page, owner, project }) => {
  await bookGpus(owner, project, { pool, from: inHours(30), hours: 5, title: "Alpha" });
  await bookGpus(owner, project, { pool, from: inHours(90), hours: 5, title: "Beta" });
  await page.goto("/app/reservations?view=list");
  const table = page.getByRole("table", { name: "Reservations, newest first" });
  await expect(table.getByRole("link")).toHaveText(["Beta", "Alpha"]);
  await page.getByRole("searchbox", { name: "Search by title or id" }).fill("alph");
  await expect(table.getByRole("link")).toHaveText(["Alpha"]);
  await expect(page).toHaveURL(/q=alph/);
  await page.reload();
  await expect(table.getByRole("link")).toHaveText(["Alpha"]);
  await page.getByRole("button", { name: "Status" }).click();
  await page.getByRole("option", { name: /^Cancelled/ }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByText("No reservation matches these filters")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Clear filters" }).first().click();
  await expect(table.getByRole("link")).toHaveText(["Beta", "Alpha"]);
  await bookGpus(owner, project, { pool, from: inHours(60), hours: 5, title: "Gamma" });
  await expect(table.getByRole("link"), "without a reload").toHaveText(["Gamma", "Beta", "Alpha"]);
});

test("a viewer sees everything and can change nothing", async ({ owner, project, another }) => {
  const { id } = await bookGpus(owner, project, { pool, from: inHours(24), hours: 24, title: "Look" });
  const { link } = await call(owner, createInvitation, {
    params: { project_id: project.id },
    body: { email: `vera-${id.toLowerCase()}@dumont.test`, role: "viewer" },
  });
  const viewer = await another();
  await viewer.goto(link);
  await viewer.getByLabel("Your name").fill("Vera Viewer");
  await viewer.getByLabel("Choose a password").fill("only looking around");
  await viewer.getByRole("button", { name: "Create account and join" }).click();
  await expect(viewer).toHaveURL("/app");
  await viewer.goto(`/app/reservations/${id}`);
  await expect(
    viewer.getByText("Your role can look at reservations but not book or change them.").first(),
  ).toBeVisible();
  for (const name of ["Move or change", "Release a part", "Cancel"]) {
    await expect(viewer.getByRole("button", { name, exact: true })).toHaveAttribute("aria-disabled", "true");
  }
  await viewer.goto("/app/reservations?view=list");
  await expect(viewer.getByRole("link", { name: "Look" })).toBeVisible();
  await expect(viewer.getByRole("button", { name: "Book GPUs" }).first()).toHaveAttribute("aria-disabled", "true");
});

test("a reservation of another project is not here", async ({ page, owner, project }) => {
  const other = await newProject(owner, "Other");
  await makePremium(owner, other);
  const { id } = await bookGpus(owner, other, { pool, from: inHours(24), hours: 24 });
  expect(project.id).not.toBe(other.id);
  await page.goto(`/app/reservations/${id}`);
  await expect(page.getByText("This reservation is not here")).toBeVisible();
});
