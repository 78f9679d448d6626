import type { Page, Request } from "@playwright/test";
import { OWNER_SESSION } from "./support/installation";
import { newButton, reveal, rowsOf } from "./support/log";
import { newProject, newProjectApi, type ProjectApi, showProject } from "./support/project";
import { expect, test } from "./support/test";

const LOG = "/app/deliveries";
const DELIVERED = 45;
const FAILED = 15;

/** A log of 60 deliveries that no test changes. */
let log: ProjectApi;

test.beforeAll(async ({ owner, openClient }) => {
  log = await newProjectApi(owner, await newProject(owner, "Log"), openClient);
  await log.webhook({ description: "Orders", event_types: ["instance.*", "snapshot.*"], retry: { delays_s: [] } });
  for (let number = 0; number < DELIVERED; number += 1) {
    await log.emit(number % 3 === 0 ? "instance.stopped" : "instance.started");
  }
  await log.settled();
  await log.answer({ status: 500 });
  for (let number = 0; number < FAILED; number += 1) await log.emit("snapshot.completed");
  await log.settled();
});

test.describe("a log of sixty deliveries", () => {
  test.beforeEach(({ context }) => showProject(context, log.project));

  test("shows at least 22 rows at 1440 × 900; the density survives a reload", async ({ page }) => {
    await page.goto(LOG);
    const row = rowsOf(page).nth(21);
    await expect(row).toBeInViewport({ ratio: 1 });
    await expect(rowsOf(page).first()).toContainText(
      /Failed.*500.*snapshot\.completed.*Orders.*1\/1.*\d+ ms.*\d\d:\d\d:\d\d/,
    );
    expect((await row.boundingBox())?.height).toBe(28);

    await page.getByRole("button", { name: "Taller rows" }).click();
    await expect(page.getByRole("button", { name: "Compact rows" })).toBeVisible();
    await expect.poll(async () => (await row.boundingBox())?.height).toBe(36);
    await page.reload();
    await expect.poll(async () => (await row.boundingBox())?.height).toBe(36);
  });

  test("filters stand in the URL, which shows the same rows in another browser", async ({ page, another }) => {
    await page.goto(LOG);
    await expect(rowsOf(page).first()).toBeVisible();
    await page.getByRole("button", { name: "Status" }).click();
    await page.getByRole("option", { name: /^Delivered/ }).click();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Event type" }).click();
    await page.getByRole("combobox", { name: "Search event type" }).fill("stopped");
    await page.getByRole("option", { name: /instance\.stopped/ }).click();
    await page.getByRole("button", { name: /^any time/i }).click();
    await page.getByRole("button", { name: "last 24 hours" }).click();
    await expect(page).toHaveURL(/event_type=instance\.stopped/);
    await expect(page).toHaveURL(/status=delivered/);
    await expect(page).toHaveURL(/range=24h/);
    await expect(rowsOf(page)).toHaveCount(DELIVERED / 3);
    await rowsOf(page).nth(4).getByRole("link").click();
    await expect(page.getByRole("region", { name: "Open delivery" })).toBeVisible();

    const elsewhere = await another({ session: OWNER_SESSION, project: log.project });
    await elsewhere.goto(page.url());
    await expect(elsewhere.getByRole("region", { name: "Open delivery" })).toBeVisible();
    await expect(rowsOf(elsewhere)).toHaveCount(DELIVERED / 3);
    expect(await hrefs(elsewhere)).toEqual(await hrefs(page));
    expect(await selected(elsewhere)).toEqual(await selected(page));

    await page.goBack();
    await page.goBack();
    await expect(page, "each choice is a step back").not.toHaveURL(/range=24h/);
    await expect(page).toHaveURL(/event_type=instance\.stopped/);
  });

  test("chips name field, operator and value, and go by keyboard", async ({ page }) => {
    await page.goto(`${LOG}?status=pending,failed&event_type=snapshot.completed&range=90m`);
    await expect(rowsOf(page)).toHaveCount(FAILED);
    const chips = page.getByRole("list", { name: "Active filters" }).getByRole("button");
    await expect(chips).toHaveText([
      "Event typeissnapshot.completed",
      "Statusis any ofPending, Failed",
      "Createdin thelast 90 minutes",
    ]);
    await chips.first().focus();
    await page.keyboard.press("Backspace");
    await expect(chips).toHaveCount(2);
    await expect(page).not.toHaveURL(/event_type/);
    await expect(chips.first(), "the neighbour gets the focus").toBeFocused();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Delete");
    await expect(chips).toHaveText(["Statusis any ofPending, Failed"]);
    await page.getByRole("button", { name: "Clear all" }).click();
    await expect(page).toHaveURL(LOG);
    await expect(page.getByRole("button", { name: "Clear all" })).toHaveCount(0);
  });

  test("ids are found by their beginning", async ({ page }) => {
    const [newest] = await log.deliveries({ limit: 1 });
    await page.goto(LOG);
    await expect(rowsOf(page).first()).toBeVisible();
    await page.keyboard.press("/");
    const search = page.getByRole("searchbox", { name: /^Search by delivery/ });
    await expect(search).toBeFocused();
    await search.fill(newest?.id ?? "");
    await expect(rowsOf(page)).toHaveCount(1);
    await expect(page).toHaveURL(`${LOG}?q=${newest?.id}`);
  });

  test("j, k, Enter and Escape walk the list; none fires in a field", async ({ page }) => {
    await page.goto(LOG);
    const links = rowsOf(page).getByRole("link");
    await expect(links.first()).toBeVisible();
    await page.keyboard.press("j");
    await expect(links.nth(0)).toBeFocused();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await expect(links.nth(2)).toBeFocused();
    await page.keyboard.press("k");
    await expect(links.nth(1)).toBeFocused();
    await page.keyboard.press("Enter");
    const open = page.getByRole("region", { name: "Open delivery" });
    await expect(open).toBeVisible();
    const [, second, third] = await log.deliveries({ limit: 3 });
    await expect(page).toHaveURL(`${LOG}?delivery=${second?.id}`);

    await page.getByRole("tab", { name: "Request" }).click();
    await page.keyboard.press("j");
    await expect(page).toHaveURL(new RegExp(`delivery=${third?.id}`));
    await expect(open.getByRole("tab", { name: "Request" }), "the tab stays").toHaveAttribute("aria-selected", "true");
    await page.keyboard.press("Escape");
    await expect(open).toBeHidden();
    await expect(links.nth(2), "the focus is back in the list").toBeFocused();

    await page.getByRole("searchbox", { name: /^Search by delivery/ }).focus();
    await page.keyboard.type("jkr?");
    await expect(page.getByRole("searchbox", { name: /^Search by delivery/ })).toHaveValue("jkr?");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  });

  test("loading, failed and nothing found are three different things", async ({ page }) => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const lists = "**/api/v1/projects/*/deliveries?**";
    await page.route(lists, async (route) => {
      await held;
      await route.fallback();
    });
    await page.goto(LOG);
    await expect(page.getByText("Loading deliveries")).toBeAttached();
    release();
    await expect(rowsOf(page).first()).toBeVisible();
    await page.unroute(lists);

    let refused = 0;
    await page.route(lists, (route) => {
      refused += 1;
      return route.fulfill({ status: 500, contentType: "application/problem+json", json: PROBLEM });
    });
    await page.goto(`${LOG}?status=failed`);
    const error = page.getByRole("main").getByRole("alert");
    await expect(error).toContainText("Something went wrong on our side");
    await expect(error).toContainText(PROBLEM.request_id);
    await expect(page.getByText(/No delivery matches|No deliveries yet/)).toHaveCount(0);
    const before = refused;
    const again = error.getByRole("button", { name: "Try again" });
    await again.click();
    await expect.poll(() => refused).toBeGreaterThan(before);
    await page.unroute(lists);
    await expect(async () => {
      // The live connection may have been quicker.
      if (await again.isVisible()) await again.click({ timeout: 1000 });
      await expect(rowsOf(page)).toHaveCount(FAILED, { timeout: 2000 });
    }).toPass();

    await page.goto(`${LOG}?status=cancelled`);
    await expect(page.getByText("No delivery matches these filters")).toBeVisible();
    await page.getByRole("button", { name: "Clear all filters" }).click();
    await expect(rowsOf(page).first()).toBeVisible();
  });
  test.use({ expectedErrors: [/^Failed to load resource: the server responded with a status of 500/] });
});

const PROBLEM = {
  type: "about:blank",
  title: "Something went wrong on our side",
  status: 500,
  detail: "Try again.",
  code: "internal",
  request_id: "req_01m80ffbx2e078m2w3mf4he0ry",
  errors: [],
};

test("an empty log says what is missing", async ({ page, project, owner, openClient }) => {
  await page.goto(LOG);
  await expect(page.getByText("No deliveries yet")).toBeVisible();
  await expect(page.getByRole("link", { name: "Create a webhook" })).toBeVisible();
  await (await newProjectApi(owner, project, openClient)).webhook();
  await expect(page.getByText("A webhook is ready."), "without a reload").toBeVisible();
});

test("new rows wait behind “N new” and move nothing", async ({ page, api }) => {
  await api.webhook({ description: "Orders" });
  await api.emit("instance.started");
  await api.settled();
  await page.goto(LOG);
  const known = rowsOf(page).filter({ hasText: "instance.started" });
  await expect(known).toContainText("Delivered");
  await known.hover();
  await expect(async () => {
    // Once more where a page that has just connected read its list again, with the new row in it.
    const listed = await rowsOf(page).count();
    const place = await known.boundingBox();
    await api.emit("snapshot.completed");
    await expect(newButton(page), "within 5 s").toBeVisible({ timeout: 5000 });
    expect(await rowsOf(page).count()).toBe(listed);
    expect(await known.boundingBox()).toEqual(place);
  }).toPass();
  const { length } = await api.deliveries();
  await newButton(page).click();
  await expect(rowsOf(page)).toHaveCount(length);
  await expect(newButton(page)).toBeHidden();
});

test("a hidden tab closes its stream, and catches up when it is shown again", async ({ page, api }) => {
  await api.webhook({ description: "Orders" });
  await api.emit("instance.started");
  await api.settled();
  const connection = page.getByRole("banner").getByRole("status");
  const streams: Request[] = [];
  const isStream = (request: Request) => request.url().includes("/stream");
  page.on("request", (request) => isStream(request) && streams.push(request));
  page.on("requestfailed", (request) => isStream(request) && streams.splice(streams.indexOf(request), 1));
  await page.goto(LOG);
  await expect(connection).toHaveText("Live");
  expect(streams).toHaveLength(1);
  // What the stream brings is known to be whole once it has brought something.
  await api.emit("snapshot.completed");
  await reveal(page, rowsOf(page).filter({ hasText: "snapshot.completed" }));
  await expect(rowsOf(page).filter({ hasText: "Delivered" })).toHaveCount(2);

  await setHidden(page, true);
  await expect(connection).toHaveText("Paused");
  await expect.poll(() => streams.length, { message: "open streams" }).toBe(0);
  await api.emit("instance.stopped");
  await api.settled();
  await expect(newButton(page), "nothing comes to a hidden tab").toBeHidden();
  await expect(rowsOf(page)).toHaveCount(2);
  expect(streams).toHaveLength(0);

  await setHidden(page, false);
  await expect(connection).toHaveText("Live");
  await reveal(page, rowsOf(page).filter({ hasText: "instance.stopped" }));
  expect(streams).toHaveLength(1);
});

/** What a browser tells a page whose tab goes behind another; one without a window has no tabs. */
async function setHidden(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate((isHidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, value: isHidden });
    const visibility = { configurable: true, value: isHidden ? "hidden" : "visible" };
    Object.defineProperty(document, "visibilityState", visibility);
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
}

async function hrefs(page: Page): Promise<(string | null)[]> {
  const links = await rowsOf(page).getByRole("link").all();
  return Promise.all(links.map((link) => link.getAttribute("href")));
}

async function selected(page: Page): Promise<string | null> {
  return rowsOf(page).getByRole("link").and(page.locator("[aria-current=true]")).getAttribute("href");
}
