import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { Locator, Page } from "@playwright/test";
import { listReceiverRequests } from "@/lib/contracts/receiver";
import { expectAccessible, expectFitsPhone } from "./support/accessible";
import { call } from "./support/api";
import { PROVISIONER_PORT } from "./support/installation";
import { rowsOf } from "./support/log";
import { expect, test } from "./support/test";

const attempts = (page: Page) => page.getByRole("list", { name: "Attempts", exact: true });

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

test("an attempt tells where its time went, in figures and in patterns", async ({ page, api }) => {
  await api.webhook({ description: "Orders", retry: { delays_s: [600] } });
  const first = await api.emit("instance.started");
  await api.settled();
  await page.goto(`/app/deliveries/${first.deliveries[0]?.id}`);
  const table = page.getByRole("table", { name: "Where the time of attempt 1 went" });
  await expect(table.getByRole("row", { name: /^First byte/ })).toContainText(/ms/);
  // Which of the two it is depends on what was sent to the same receiver a moment before.
  const keptAlive = await page.getByText("Kept-alive connection").count();
  await expect(table.getByRole("rowheader", { name: "Connect" })).toHaveCount(keptAlive === 0 ? 1 : 0);
  await expect(table.getByRole("row", { name: /^Total/ })).toContainText(/\d+ ms/);
  await expect(page.getByText(/Sent to (127\.0\.0\.1|\[::1\]):\d+$/)).toBeVisible();
  const patterns = await table
    .locator("th span[aria-hidden]")
    .evaluateAll((marks) =>
      marks.map((mark) => getComputedStyle(mark).backgroundImage + getComputedStyle(mark).backgroundColor),
    );
  expect(new Set(patterns).size, "no two parts have the same pattern").toBe(patterns.length);
  await expectAccessible(page);
});

test("a failed delivery: explained, compared with the last success, retried in place", async ({ page, api }) => {
  await api.webhook({ description: "Orders", retry: { delays_s: [600] } });
  await api.emit("instance.started");
  await api.settled();
  await api.answer({ status: 503 });
  const event = await api.emit("instance.started");
  await api.settled();

  await test.step("the log says when it is tried again", async () => {
    await page.goto("/app/deliveries");
    const [failed, delivered] = [rowsOf(page).filter({ hasText: "503" }), rowsOf(page).filter({ hasText: "200" })];
    await expect(await cellUnder(page, "Next attempt", failed)).toHaveText(/^in (9 min( \d+ s)?|10 min)$/);
    await expect(await cellUnder(page, "Next attempt", delivered)).toHaveText("–");
    await page.goto(`/app/deliveries/${event.deliveries[0]?.id}`);
  });

  await test.step("what it means and what to do", async () => {
    const panel = page.getByRole("tabpanel", { name: "Response" });
    await expect(panel).toContainText("The receiver had an error of its own");
    await expect(panel).toContainText("What to do:");
  });

  await test.step("the next attempt counts down", async () => {
    await expect(attempts(page).getByText(/Attempt 2 of 2 next in (9|10) min/)).toBeVisible();
    await expect(page.getByRole("list", { name: "Attempts on one axis of time" })).toContainText(
      "Attempt 2 is planned",
    );
  });

  await test.step("what is different from the last success", async () => {
    await page.getByRole("tab", { name: "Compare with last success" }).click();
    await expect(page).toHaveURL(/part=compare/);
    const response = page.getByRole("table", { name: "Response, differences" });
    await expect(response.getByRole("row", { name: /Changed: status/ })).toContainText(/200.*503/);
    const expected = page.getByRole("table", { name: "Request, expected differences" });
    await expect(expected).toBeHidden();
    await page.getByRole("button", { name: /expected differences/ }).click();
    await expect(expected).toContainText("header webhook-id");
    await expectAccessible(page);
    await expectFitsPhone(page);
  });

  await test.step("a retry is queued, and its attempt appears in place", async () => {
    await api.answer({ status: 200, delay_ms: 1500 });
    await page.getByRole("button", { name: "Retry now" }).click();
    await expect(page.getByText("Queued").first()).toBeVisible();
    await expect(page.getByText(/successful/i)).toHaveCount(0);
    await expect(attempts(page).getByRole("button", { name: "Attempt 2" })).toBeVisible();
    await expect(attempts(page)).toContainText("Delivered after 2 attempts");
    await expect(page.getByRole("button", { name: /Open attempt 2.*delivered/ })).toBeVisible();
  });
});

test("the request as sent, freshly signed, and downloaded", async ({ page, api, owner }) => {
  await api.webhook({ headers: { Authorization: "Bearer canary-token", "X-Team": "gpu" } });
  const note = 'it\'s "$(id)" `id` \\ grüße\n😀';
  const event = await api.emit("instance.started", { data: { note } });
  await api.settled();
  const id = event.deliveries[0]?.id ?? "";
  await page.goto(`/app/deliveries/${id}?part=request`);
  const panel = page.getByRole("tabpanel", { name: "Request" });
  await expect(panel.getByRole("row", { name: /Authorization/ })).toContainText("Masked");
  await expect(panel.getByRole("row", { name: /X-Team/i })).toContainText("gpu");

  await test.step("a fresh signature is accepted", async () => {
    await panel.getByRole("button", { name: "Copy freshly signed cURL" }).click();
    const command = panel.getByRole("region", { name: /Freshly signed cURL, valid for 5 minutes/ });
    await expect(command).toContainText("<Authorization>");
    await expect(panel).toContainText("Fill in <Authorization>");
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(await command.textContent());
    expect(copied).not.toContain("canary");
    const received = async () =>
      (await call(owner, listReceiverRequests, { params: { project_id: api.project.id } })).data;
    const before = (await received()).length;
    execFileSync("/bin/sh", ["-es"], { input: `${copied}\n` });
    await expect.poll(async () => (await received()).length).toBe(before + 1);
    expect((await received())[0]).toMatchObject({ signature: "valid" });
    await expectAccessible(page);
    await expectFitsPhone(page);
  });

  await test.step("search in the tree, and the body as a file", async () => {
    await panel.getByRole("searchbox", { name: "Search Request body" }).fill("note");
    await expect(panel.getByRole("status").filter({ hasText: /^1$/ })).toHaveCount(1);
    await panel.getByRole("searchbox", { name: "Search Request body" }).fill("nothing like it");
    await expect(panel.getByRole("status").filter({ hasText: /^No match$/ })).toHaveCount(1);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      panel.getByRole("link", { name: "Download request body" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`${id}-attempt-1-request.json`);
    expect(JSON.parse(readFileSync(await download.path(), "utf8")).data.note).toBe(note);
  });
});

test("of a long answer it says how much is shown of how much, and gives that as a file", async ({ page, api }) => {
  const answer = "z".repeat(100 * 1024);
  const receiver = createServer((request, response) => request.resume().on("end", () => response.end(answer)));
  receiver.listen(PROVISIONER_PORT, "localhost");
  await once(receiver, "listening");
  try {
    await api.webhook({ url: `http://localhost:${PROVISIONER_PORT}/`, secret: null });
    const event = await api.emit("instance.started");
    await api.settled();
    await page.goto(`/app/deliveries/${event.deliveries[0]?.id}`);
  } finally {
    receiver.close();
    receiver.closeAllConnections();
  }
  const panel = page.getByRole("tabpanel", { name: "Response" });
  await expect(panel.getByText("Shown: 64 KiB of 100 KiB", { exact: true })).toBeVisible();
  await expect(panel.getByText("body of 100 KiB", { exact: true })).toBeVisible();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    panel.getByRole("link", { name: "Download response body" }).click(),
  ]);
  expect(readFileSync(await download.path(), "utf8")).toBe("z".repeat(64 * 1024));
});

test("a delivery of a strict order says what it waits behind", async ({ page, api }) => {
  await api.webhook({ ordering: "strict", retry: { delays_s: [600] } });
  await api.answer({ status: 500 });
  const head = await api.emit("instance.started");
  const behind = await api.emit("instance.stopped");
  await expect.poll(async () => (await api.delivery(head.deliveries[0]?.id ?? "")).attempt_count).toBe(1);
  await page.goto(`/app/deliveries/${behind.deliveries[0]?.id}`);
  const link = page.getByRole("link", { name: "an earlier delivery" });
  await expect(link).toHaveAttribute("href", `/app/deliveries/${head.deliveries[0]?.id}`);
});

/** The cell of a row in the column of this name. */
async function cellUnder(page: Page, name: string, row: Locator): Promise<Locator> {
  const heads = page.getByRole("table", { name: "Deliveries, newest first" }).getByRole("columnheader");
  await expect(heads.filter({ hasText: name })).toBeVisible();
  return row.getByRole("cell").nth((await heads.allTextContents()).indexOf(name));
}
