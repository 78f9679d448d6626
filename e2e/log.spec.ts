import { randomUUID } from "node:crypto";
import type { APIRequestContext, Locator, Page } from "@playwright/test";
import { createInvitation } from "@/lib/contracts/accounts";
import { expectAccessible } from "./support/accessible";
import { call } from "./support/api";
import { rowsOf } from "./support/log";
import { insertDeliveries } from "./support/many";
import { newProject, newProjectApi, type Project, type ProjectApi, showProject } from "./support/project";
import { expect, test } from "./support/test";

const LOG = "/app/deliveries";
const MANY = 100_000;
const FAILED = MANY / 20;
/** Rows that the log loads at once. */
const PAGE = 100;

const chart = (page: Page): Locator => page.getByRole("slider", { name: /^Deliveries over time/ });
const legend = (page: Page): Locator => page.getByRole("list", { name: "Deliveries of these filters" });
const chips = (page: Page): Locator => page.getByRole("list", { name: "Active filters" }).getByRole("button");
const bulk = (page: Page): Locator => page.getByRole("region", { name: "Selected deliveries" });
const box = (row: Locator): Locator => row.getByRole("checkbox");

test.describe("a hundred thousand deliveries", () => {
  let log: ProjectApi;

  test.beforeAll(async ({ owner, openClient }) => {
    log = await newProjectApi(owner, await newProject(owner, "Many"), openClient);
    const webhook = await log.webhook({ description: "Orders" });
    await insertDeliveries(log.project.id, webhook.id, MANY);
  });
  test.beforeEach(({ context }) => showProject(context, log.project));

  test("scroll without a blank screen, with few rows drawn and all of them counted", async ({ page }) => {
    await page.goto(LOG);
    await expect(rowsOf(page).first()).toBeVisible();
    await expect(page.getByText("100 of 100,000 loaded")).toBeVisible();
    await expect(legend(page)).toHaveText(/Failed 5,000/);
    await expect(legend(page)).toHaveText(/Delivered 95,000/);
    const seen = await scrollDown(page, 4000);
    expect(seen.rows, "it went on loading").toBeGreaterThan(1000);
    expect(seen.mostNodes).toBeLessThanOrEqual(120);
    expect(seen.longestBlank, "frames without a row under the middle, one after the other").toBeLessThanOrEqual(6);
  });

  test("rare ones are found however far back they are", async ({ page }) => {
    await page.goto(`${LOG}?trigger=test`);
    await expect(page.getByText("No delivery matches these filters")).toBeVisible();
    await page.goto(`${LOG}?min_attempts=2&http=2xx`);
    await expect(rowsOf(page).first()).toContainText("2/4");
    await expect(chips(page)).toHaveText(["HTTP codeis2xx", "Attemptsmore than1"]);
  });

  test("j and k go on past the end of what is loaded; the split is moved and stays", async ({ page }) => {
    const [last, next] = (await log.deliveries({ limit: PAGE + 1 })).slice(PAGE - 1);
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route("**/deliveries?**cursor=**", async (route) => {
      await held;
      await route.fallback();
    });
    await page.goto(`${LOG}?delivery=${last?.id}`);
    await expect(page.getByText(`${PAGE} of 100,000 loaded`)).toBeVisible();
    await page.keyboard.press("j");
    await expect(page, "the next one is not there yet").toHaveURL(new RegExp(`delivery=${last?.id}`));
    release();
    await expect(page).toHaveURL(new RegExp(`delivery=${next?.id}`));
    const open = page.getByRole("region", { name: "Open delivery" });
    await expect(open).toContainText("instance.started");
    await page.keyboard.press("k");
    await expect(page).toHaveURL(new RegExp(`delivery=${last?.id}`));

    const split = page.getByRole("separator", { name: "Resize the open delivery" });
    const widthOf = async () => Number(await split.getAttribute("aria-valuenow"));
    const before = await widthOf();
    const drawn = async () => Math.round((await open.boundingBox())?.width ?? 0);
    const border = before - (await drawn());
    await split.press("ArrowLeft");
    await expect.poll(widthOf).toBe(before + 24);
    const line = await split.boundingBox();
    if (line === null) throw new Error("There is no line between the list and the delivery.");
    await page.mouse.move(line.x + line.width / 2, line.y + line.height / 2);
    await page.mouse.down();
    await page.mouse.move(line.x + line.width / 2 + 120, line.y + line.height / 2, { steps: 4 });
    await page.mouse.up();
    await expect.poll(widthOf).toBeLessThan(before - 80);
    const after = await widthOf();
    expect(await drawn(), "what is drawn is what is said").toBe(after - border);
    await page.reload();
    await expect.poll(widthOf).toBe(after);
  });

  test("“all that match” names the exact number", async ({ page }) => {
    await page.goto(`${LOG}?status=failed`);
    await expect(rowsOf(page).first()).toBeVisible();
    await page.getByRole("checkbox", { name: "Select all loaded deliveries" }).click();
    await expect(bulk(page)).toContainText("100 deliveries selected");
    await bulk(page)
      .getByRole("button", { name: `Select all ${FAILED.toLocaleString("en")} deliveries` })
      .click();
    await expect(bulk(page)).toContainText("All 5,000 deliveries that match: Status is Failed");
    await page.keyboard.press("r");
    const dialog = page.getByRole("dialog", { name: "Retry 5,000 deliveries?" });
    await expect(dialog).toContainText("All 5,000 deliveries that match: Status is Failed");
    await expect(dialog.getByRole("link", { name: "Prepare a replay" })).toHaveAttribute(
      "href",
      /^\/app\/replays\/new\?kind=failed&from=.+&to=.+/,
    );
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await expect(bulk(page)).toHaveCount(0);
  });
});

test.describe("a small log", () => {
  let log: ProjectApi;

  test.beforeAll(async ({ owner, openClient }) => {
    log = await newProjectApi(owner, await newProject(owner, "Chosen"), openClient);
    await log.webhook({ description: "Orders", event_types: ["instance.*", "snapshot.*"], retry: { delays_s: [] } });
    await log.webhook({ description: "Billing", event_types: ["instance.stopped"], retry: { delays_s: [] } });
    for (let number = 0; number < 6; number += 1) await log.emit("instance.started");
    await log.emit("instance.stopped");
    await log.settled();
    await log.answer({ status: 503 });
    for (let number = 0; number < 4; number += 1) await log.emit("snapshot.completed");
    await log.settled();
  });
  test.beforeEach(({ context }) => showProject(context, log.project));

  test("several values of a filter, from one list that a key opens", async ({ page }) => {
    await page.goto(LOG);
    await expect(rowsOf(page)).toHaveCount(12);
    await page.getByRole("button", { name: "Webhook" }).click();
    await page.getByRole("option", { name: /^Orders/ }).click();
    await page.getByRole("option", { name: /^Billing/ }).click();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await page.keyboard.press("f");
    await page.getByRole("combobox", { name: "Search more filters" }).fill("5xx");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    await expect(chips(page)).toHaveText([/^Webhookis any of(Orders, Billing|Billing, Orders)$/, "HTTP codeis5xx"]);
    await expect(rowsOf(page)).toHaveCount(4);
    await expect(legend(page)).toHaveText(/Failed 4/);
    await expectAccessible(page);
  });

  test("the chart and the list agree, and its keyboard and a drag narrow both", async ({ page }) => {
    await page.goto(LOG);
    await expect(rowsOf(page)).toHaveCount(12);
    await expect(legend(page)).toHaveText(/Delivered 8.*Failed 4/s);
    await chart(page).focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("Shift+End");
    await expect(chart(page)).toHaveAttribute("aria-valuetext", /: 8 delivered, 4 failed$/);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/from=.*&to=|to=.*&from=/);
    await expect(rowsOf(page)).toHaveCount(12);
    await expect(chips(page)).toHaveText([/^Createdis/]);

    await page.goto(`${LOG}?status=failed`);
    await expect(rowsOf(page)).toHaveCount(4);
    const area = await chart(page).boundingBox();
    if (area === null) throw new Error("The chart is not there.");
    await page.mouse.move(area.x + 2, area.y + area.height / 2);
    await page.mouse.down();
    await page.mouse.move(area.x + area.width - 2, area.y + area.height / 2, { steps: 5 });
    await page.mouse.up();
    await expect(page).toHaveURL(/from=.*to=|to=.*from=/);
    await expect(rowsOf(page)).toHaveCount(4);
    await expect(legend(page)).toHaveText(/Failed 4/);
  });

  test("rows are chosen one by one, by range and all, and retried together", async ({ page }) => {
    await page.goto(`${LOG}?status=failed`);
    await expect(rowsOf(page)).toHaveCount(4);
    const head = page.getByRole("checkbox", { name: "Select all loaded deliveries" });
    await box(rowsOf(page).nth(0)).click();
    await expect(head).toHaveAttribute("aria-checked", "mixed");
    await box(rowsOf(page).nth(2)).click({ modifiers: ["Shift"] });
    await expect(bulk(page)).toContainText("3 deliveries selected");
    await expectAccessible(page);
    await head.click();
    await expect(bulk(page)).toContainText("4 deliveries selected");
    await head.click();
    await expect(bulk(page)).toHaveCount(0);

    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await page.keyboard.press("Shift+J");
    await expect(bulk(page)).toContainText("2 deliveries selected");
    await log.answer({ status: 200 });
    await bulk(page).getByRole("button", { name: "Retry…" }).click();
    const dialog = page.getByRole("dialog");
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Queue 2 deliveries" }).click();
    await expect(dialog.getByRole("status")).toContainText("2 queued.");
    await expect(dialog).not.toContainText(/success/i);
    await dialog.getByRole("button", { name: "Close" }).last().click();
    await expect(rowsOf(page).filter({ hasText: "Delivered" }), "in place, without a reload").toHaveCount(2);
    await expect(legend(page)).toHaveText(/Failed 2/);
  });

  test("a view is kept for every member, and opened by its address", async ({ page, another, owner }) => {
    const name = `Stopped ${randomUUID().slice(0, 6)}`;
    await page.goto(`${LOG}?event_type=instance.stopped&range=24h`);
    await expect(rowsOf(page)).toHaveCount(2);
    await page.getByRole("button", { name: "Saved views" }).click();
    await page.getByRole("menuitem", { name: "Save as a view…" }).click();
    const dialog = page.getByRole("dialog", { name: "Save as a view" });
    await dialog.getByRole("button", { name: "Save view" }).click();
    await expect(dialog.getByLabel("Name")).toHaveAccessibleDescription("Give the view a name.");
    await dialog.getByLabel("Name").fill(name);
    await dialog.getByRole("button", { name: "Save view" }).click();
    await expect(page).toHaveURL(/view=view_/);
    const id = new URL(page.url()).searchParams.get("view");

    const elsewhere = await another();
    await joinAsMember(elsewhere, owner, log.project);
    await elsewhere.goto(`${LOG}?view=${id}`);
    await expect(elsewhere.getByRole("button", { name })).toBeVisible();
    await expect(rowsOf(elsewhere)).toHaveCount(2);
    await expect(elsewhere).toHaveURL(/event_type=instance\.stopped/);
    await chips(elsewhere).first().press("Backspace");
    await expect(elsewhere.getByRole("button", { name: `${name} changed` })).toBeVisible();
    await expect(rowsOf(elsewhere)).toHaveCount(12);

    await page.getByRole("button", { name }).click();
    await page.getByRole("menuitem", { name: "Delete…" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete view" }).click();
    await expect(page.getByRole("button", { name: "Saved views" })).toBeVisible();
    await elsewhere.goto(`${LOG}?view=${id}`);
    await expect(elsewhere.getByText("The saved view of this link is not there any more.")).toBeVisible();
    await expect(rowsOf(elsewhere)).toHaveCount(12);
  });

  test.describe("five hours east of UTC", () => {
    test.use({ timezoneId: "Asia/Karachi", permissions: ["clipboard-read", "clipboard-write"] });

    test("times are local or UTC everywhere, as one switch says", async ({ page }) => {
      await page.goto(LOG);
      const time = rowsOf(page).first().locator("time").last();
      const local = await time.textContent();
      const utc = (await time.getAttribute("datetime"))?.slice(11, 19) ?? "";
      expect(local).not.toContain(utc);
      await page.keyboard.press("t");
      const picker = page.getByRole("dialog", { name: "Time range" });
      await picker.getByRole("button", { name: "UTC", exact: true }).click();
      await expect(time).toContainText(utc);
      await picker.getByLabel("From").fill("2026-01-01T10:00:00");
      await picker.getByRole("button", { name: "Apply" }).last().click();
      await expect(page).toHaveURL(/from=2026-01-01T10(:|%3A)00(:|%3A)00\.000Z/);
      await expect(page.getByRole("button", { name: /since 1 Jan.*10:00:00\s*UTC$/i })).toBeVisible();
      await page.reload();
      await expect(time, "the choice stays").toContainText(utc);
      await time.hover();
      const forms = page.getByRole("dialog", { name: "Time in other forms" });
      await expect(forms).toContainText(/UTC.*Local.*\+05:00.*Relative.*Unix/s);
      await page.mouse.move(0, 0);
      await expect(forms).toHaveCount(0);
    });

    test("a time shows its other forms to the keyboard too, and each is copied", async ({ page }) => {
      await page.goto(LOG);
      const row = rowsOf(page).first();
      const at = (await row.locator("time").last().getAttribute("datetime")) ?? "";
      await row.getByRole("link").focus();
      const forms = page.getByRole("dialog", { name: "Time in other forms" });
      await expect(async () => {
        await page.keyboard.press("Tab");
        await expect(forms).toBeVisible({ timeout: 500 });
      }).toPass();
      await page.keyboard.press("Enter");
      const wall = new Date(Date.parse(at) + 5 * 3600 * 1000).toISOString().slice(0, 19).replace("T", " ");
      for (const [name, copied] of [
        ["UTC", at],
        ["local", new RegExp(`^${wall}(\\.\\d+)? \\+05:00$`)],
        ["relative", /^(just now|\d+ \w+ ago)/],
        ["unix", new RegExp(`^${Math.floor(Date.parse(at) / 1000)}(\\.\\d{3})?$`)],
      ] as const) {
        const copy = forms.getByRole("button", { name: `Copy ${name} time` });
        await expect(copy).toBeFocused();
        await page.keyboard.press("Enter");
        await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(copied);
        await page.keyboard.press("Tab");
      }
    });
  });
});

/** Makes somebody else a member of the project, signed in on this page. */
async function joinAsMember(page: Page, owner: APIRequestContext, project: Project): Promise<void> {
  const email = `mia-${randomUUID().slice(0, 6)}@dumont.test`;
  const params = { project_id: project.id };
  const { link } = await call(owner, createInvitation, { params, body: { email, role: "viewer" } });
  await page.goto(link);
  await page.getByLabel("Your name").fill("Mia Member");
  await page.getByLabel("Choose a password").fill("only looking around");
  await page.getByRole("button", { name: "Create account and join" }).click();
  await expect(page).toHaveURL("/app");
  await expect(page.getByRole("button", { name: `Account: ${email}` })).toBeVisible();
}

type Scrolled = { rows: number; mostNodes: number; longestBlank: number };

/**
 * Scrolls the list down like a wheel that is turned on and on, and watches each frame.
 * @param lengths how far in all, in rows of 28 px
 */
async function scrollDown(page: Page, lengths: number): Promise<Scrolled> {
  return page.evaluate(async (rowsToGo) => {
    const table = document.querySelector('table[aria-label="Deliveries, newest first"]');
    const scroller = table?.parentElement?.parentElement;
    if (!table || !scroller) throw new Error("There is no list.");
    const found = { rows: 0, mostNodes: 0, longestBlank: 0 };
    let blank = 0;
    let gone = 0;
    let stuck = 0;
    while (gone < rowsToGo * 28 && stuck < 600) {
      const before = scroller.scrollTop;
      scroller.scrollTop += 240;
      await new Promise(requestAnimationFrame);
      const moved = scroller.scrollTop - before;
      gone += moved;
      // At the end of what is loaded: the next page is on its way.
      stuck = moved === 0 ? stuck + 1 : 0;
      const area = scroller.getBoundingClientRect();
      const middle = document.elementFromPoint(area.left + area.width / 2, area.top + area.height / 2);
      blank = middle?.closest("tr[data-delivery]") ? 0 : blank + 1;
      found.longestBlank = Math.max(found.longestBlank, blank);
      const rows = [...table.querySelectorAll("tr[data-delivery]")];
      found.mostNodes = Math.max(found.mostNodes, rows.length);
      found.rows = Math.max(found.rows, Number(rows.at(-1)?.getAttribute("aria-rowindex") ?? 0));
    }
    return found;
  }, lengths);
}
