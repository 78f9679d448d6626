import { readFileSync } from "node:fs";
import type { APIRequestContext, Page } from "@playwright/test";
import { changePlan } from "@/lib/contracts/admin-projects";
import { createGrant, listGrants } from "@/lib/contracts/credits";
import { expectAccessible, expectFitsPhone } from "./support/accessible";
import { call } from "./support/api";
import type { Project } from "./support/project";
import { expect, test } from "./support/test";

const DAY_MS = 86_400_000;
const CREDIT = 1_000_000;
const midnight = (days: number) => new Date((Math.floor(Date.now() / DAY_MS) + days) * DAY_MS).toISOString();

type GrantBody = { source: "purchase" | "promo"; amount_micros: number; expires_at?: string; note?: string };

function give(owner: APIRequestContext, project: Project, body: GrantBody) {
  return call(owner, createGrant, { params: { project_id: project.id }, body });
}

function ledgerOf(page: Page) {
  return page.getByRole("table", { name: "Ledger, newest first" });
}

/** What fades away has no contrast that could be judged. */
async function untilToldAll(page: Page): Promise<void> {
  await expect(page.locator("[data-sonner-toast]")).toHaveCount(0);
}

test("an admin grants credits; the project's page shows them without a reload", async ({
  page,
  context,
  owner,
  project,
}) => {
  await page.goto("/app");
  await page.getByRole("link", { name: "Credits", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Credits", level: 1 })).toBeVisible();
  await expect(page.getByText("No movements yet")).toBeVisible();
  await expect(page.getByText("Nothing runs out")).toBeVisible();
  await expect(page.getByText("Booking GPUs belongs to the premium plan")).toBeVisible();
  await expectAccessible(page);
  await expectFitsPhone(page);

  await call(owner, changePlan, { params: { project_id: project.id }, body: { plan: "premium" } });
  await page.reload();
  await expect(page.getByText("No movements yet")).toBeVisible();

  const admin = await context.newPage();
  await admin.goto("/app");
  await admin.getByRole("link", { name: "Project credits" }).click();
  await admin.getByRole("searchbox", { name: "Project name or id" }).fill(project.name);
  const row = admin.getByRole("table", { name: "Projects with their credits, newest first" }).getByRole("row", {
    name: project.name,
  });
  await expect(row).toContainText("0.00");
  await expect(admin.getByText("Showing 1 project")).toBeVisible();
  await row.getByRole("button", { name: `Grant credits to ${project.name}` }).click();
  const dialog = admin.getByRole("dialog", { name: `Grant credits to ${project.name}` });
  await dialog.getByRole("textbox", { name: "Credits" }).fill("ten");
  await dialog.getByRole("textbox", { name: "Priority" }).fill("101");
  await dialog.getByLabel("Good until").fill("2020-01-01");
  await dialog.getByRole("button", { name: "Review" }).click();
  await expect(dialog.getByText("Enter more than 0 as a number such as 500 or 12.5.")).toBeVisible();
  await expect(dialog.getByText("Choose a day that has not begun yet, by UTC.")).toBeVisible();
  await expect(dialog.getByText("Enter a whole number from 0 to 100.")).toBeVisible();
  await expectAccessible(admin);
  await dialog.getByRole("textbox", { name: "Credits" }).fill("1,234.50");
  await dialog.getByRole("textbox", { name: "Priority" }).fill("20");
  await dialog.getByLabel("Good until").fill(midnight(20).slice(0, 10));
  await dialog.getByLabel("Note").fill("Welcome");
  await dialog.getByRole("button", { name: "Review" }).click();
  await expect(dialog).toContainText("1,234.50 credits");
  await expectAccessible(admin);
  await dialog.getByRole("button", { name: "Grant 1,234.50 credits" }).click();
  await expect(dialog).toBeHidden();
  await expect(row).toContainText("1,234.50");
  await untilToldAll(admin);
  await expectAccessible(admin);
  await expectFitsPhone(admin);

  const line = ledgerOf(page).getByRole("row", { name: /Granted/ });
  await expect(line).toContainText("+1,234.50");
  await expect(line).toContainText("Welcome");
  await expect(page.getByText(/1,234\.50 credits run out on/)).toBeVisible();
  await expect(page.getByRole("link", { name: "Find GPUs to use them" })).toHaveAttribute(
    "href",
    `/app/reservations?new=1&until=${encodeURIComponent(midnight(20))}`,
  );
  await expect(page.getByRole("slider", { name: "Credits over time" })).toHaveAttribute("aria-valuetext", /available/);
  await line.getByRole("button", { name: /^Entries of line/ }).click();
  await expect(ledgerOf(page).getByText("Where credits come from")).toBeVisible();
  await expectAccessible(page);
  await expectFitsPhone(page);
  await page.getByRole("button", { name: "Show as table" }).click();
  await expect(page.getByRole("table", { name: "Forecast, by day" })).toContainText(midnight(20).slice(0, 10));
  await expectAccessible(page);
});

test("the ledger is filtered by its address, opened from a grant, and downloaded", async ({ page, owner, project }) => {
  const welcome = await give(owner, project, { source: "promo", amount_micros: 5 * CREDIT, note: "=cmd" });
  await give(owner, project, { source: "purchase", amount_micros: 100 * CREDIT });
  await page.goto("/app/credits?kind=grant");
  await expect(ledgerOf(page).getByRole("row")).toHaveCount(3);
  await page.getByRole("table", { name: "Grants, newest first" }).getByRole("link", { name: "Promotion" }).click();
  await expect(page).toHaveURL(new RegExp(`grant_id=${welcome.id}`));
  await expect(ledgerOf(page).getByRole("row")).toHaveCount(2);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download these as CSV" }).click(),
  ]);
  const lines = readFileSync(await download.path(), "utf8")
    .trimEnd()
    .split("\r\n");
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain(",grant,5,5000000,0,0,5,5000000,0,0,");
  expect(lines[1], "no formula").toContain(",'=cmd,");

  await page.getByRole("button", { name: "Kind", exact: true }).click();
  await page.getByRole("option", { name: /^Expired/ }).click();
  await expect(page.getByText("No line matches these filters")).toBeVisible();
  await expect(page).toHaveURL(/kind=expire/);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Clear filters" }).first().click();
  await expect(ledgerOf(page).getByRole("row")).toHaveCount(3);
  await page.goBack();
  await expect(page.getByText("No line matches these filters")).toBeVisible();
});

test("what is left of a grant is taken back, in part and then wholly", async ({ page, owner, project }) => {
  const grant = await give(owner, project, { source: "purchase", amount_micros: 100 * CREDIT });
  await page.goto(`/app/admin/credits?q=${project.id}`);
  await page.getByRole("button", { name: `Grants of ${project.name}` }).click();
  const dialog = page.getByRole("dialog", { name: `Grants of ${project.name}` });
  const takeBack = async (amount: string, label: string) => {
    await dialog.getByRole("button", { name: "Take back" }).click();
    const question = page.getByRole("alertdialog", { name: "Take back this grant?" });
    await question.getByLabel("Only so many credits").fill(amount);
    await question.getByRole("button", { name: label }).click();
    return question;
  };
  const question = await takeBack("100.5", "Take back a part");
  await expect(question).toContainText("Only 100 credits of this grant are left to take back.");
  await expectAccessible(page);
  await question.getByLabel("Only so many credits").fill("30");
  await question.getByRole("button", { name: "Take back a part" }).click();
  await expect(dialog.getByRole("row", { name: /Purchase/ })).toContainText("70.00");
  await takeBack("", "Take back all of it");
  await expect(dialog.getByRole("button", { name: "Take back" })).toHaveCount(0);
  await untilToldAll(page);
  await expectAccessible(page);
  await expectFitsPhone(page);
  const { data } = await call(owner, listGrants, { params: { project_id: project.id } });
  expect(data).toMatchObject([{ id: grant.id, available_micros: 0 }]);
  await page.goto("/app/credits");
  await expect(ledgerOf(page).getByRole("row", { name: /Corrected/ })).toContainText("−30.00");
  await expect(ledgerOf(page).getByRole("row", { name: /Taken back/ })).toContainText("−70.00");
});

test.describe("when an answer is lost", () => {
  test.use({ expectedErrors: [/net::ERR_FAILED/] });

  test("what is granted again is granted once", async ({ page, owner, project }) => {
    await page.goto(`/app/admin/credits?q=${project.id}`);
    await page.getByRole("button", { name: `Grant credits to ${project.name}` }).click();
    const dialog = page.getByRole("dialog", { name: `Grant credits to ${project.name}` });
    await dialog.getByRole("textbox", { name: "Credits" }).fill("5");
    await dialog.getByRole("button", { name: "Review" }).click();
    const grants = /\/admin\/projects\/[^/]+\/credits\/grants$/;
    await page.route(
      grants,
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    await dialog.getByRole("button", { name: "Grant 5.00 credits" }).click();
    await expect(dialog.getByText("The server does not answer")).toBeVisible();
    await dialog.getByRole("button", { name: "Grant 5.00 credits" }).click();
    await expect(dialog).toBeHidden();
    const { data } = await call(owner, listGrants, { params: { project_id: project.id } });
    expect(data).toMatchObject([{ amount_micros: 5 * CREDIT }]);
  });
});

test.describe("when the API fails", () => {
  test.use({ expectedErrors: [/^Failed to load resource: the server responded with a status of 500/] });

  test("each part says so, with the request id and a way to try again", async ({ page, owner, project }) => {
    await give(owner, project, { source: "purchase", amount_micros: CREDIT });
    const calls = /\/credits(\/ledger|\/grants)?(\?|$)/;
    await page.route(/\/api\/v1\/.*/, (route) =>
      calls.test(route.request().url())
        ? route.fulfill({
            status: 500,
            contentType: "application/problem+json",
            body: JSON.stringify({
              type: "about:blank",
              title: "Something went wrong on our side",
              status: 500,
              detail: "It did not work.",
              code: "internal",
              request_id: "req_credits",
              errors: [],
            }),
          })
        : route.fallback(),
    );
    await page.goto("/app/credits");
    await expect(page.getByRole("alert").getByText("req_credits")).toHaveCount(3);
    await expect(page.getByText("No movements yet")).toHaveCount(0);
    await expectAccessible(page);
    await page.unroute(/\/api\/v1\/.*/);
    await expect(async () => {
      const again = page.getByRole("button", { name: "Try again" });
      // What is read in passing takes its button away as well.
      if ((await again.count()) > 0) await again.first().click({ timeout: 1000 });
      await expect(again).toHaveCount(0, { timeout: 1000 });
    }).toPass();
    await expect(ledgerOf(page).getByRole("row", { name: /Granted/ })).toContainText("+1.00");
  });
});
