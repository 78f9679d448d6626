import { expectAccessible } from "./support/accessible";
import { expect, test } from "./support/test";

const WEBHOOKS = "/app/settings/webhooks";

test("what was sent is drawn, read out by the keyboard, and listed", async ({ page, api }) => {
  const webhook = await api.webhook({ description: "Orchestrator", retry: { delays_s: [1] } });
  await page.goto(`${WEBHOOKS}/${webhook.id}/statistics`);
  await expect(page.getByText("No attempts in the last 24 hours")).toBeVisible();
  for (let sent = 0; sent < 3; sent += 1) await api.emit("instance.started");
  await api.settled();
  await api.answer({ status: 503 });
  const failed = await api.emit("instance.stopped");
  const failedId = failed.deliveries[0]?.id ?? "";
  await expect.poll(async () => (await api.delivery(failedId)).status).toBe("failed");

  // The workers' counts are written within a second.
  await expect(async () => {
    await page.reload();
    await expect(page.getByText("60%, 3 of 5 attempts").first()).toBeVisible();
  }).toPass();
  const points = page.getByRole("slider", { name: "Attempts over time" });
  await points.focus();
  await points.press("End");
  await points.press("Home");
  await expect(points).toHaveAttribute("aria-valuetext", /: 0 succeeded, 0 failed$/);
  await points.press("End");
  await expect(points).toHaveAttribute("aria-valuetext", /\d\d:\d\d–\d\d:\d\d \(so far\): \d succeeded, \d failed$/);
  // One point of time in all charts: the read-out of another chart follows.
  await expect(page.getByText(/\(so far\):/)).toHaveCount(4);
  await points.press("Escape");
  await expect(page.getByText(/\(so far\):/)).toHaveCount(0);

  await page.getByRole("radio", { name: "Last hour" }).click();
  await expect(page).toHaveURL(/range=1h/);
  await page.getByRole("button", { name: "Show as table" }).click();
  const table = page.getByRole("table", { name: "Statistics, newest first" });
  const sums = await table
    .getByRole("row")
    .evaluateAll((rows) =>
      rows.slice(1).map((row) => [row.children[1]?.textContent, row.children[2]?.textContent].map(Number)),
    );
  expect(sums.reduce(([ok = 0, bad = 0], [more = 0, worse = 0]) => [ok + more, bad + worse], [0, 0])).toEqual([3, 2]);
  await page.reload();
  await expect(page.getByRole("radio", { name: "Last hour" })).toBeChecked();

  await page.goto(WEBHOOKS);
  const row = page.getByRole("row", { name: /Orchestrator/ });
  await expect(row).toContainText(/60%\s*p95 \d+ ms/);
  const bars = row.getByRole("img", {
    name: "Attempts to reach Orchestrator, last 24 hours: 3 succeeded, 2 failed, 60%",
  });
  await expect(bars.locator("g")).toHaveCount(24);
  const drawn = await bars
    .locator("g")
    .evaluateAll((hours) =>
      hours.map((hour) => [...hour.querySelectorAll("rect")].slice(1).map((bar) => bar.getBoundingClientRect().height)),
    );
  // At the turn of an hour they are in two of them.
  expect(Math.max(...drawn.map(([ok = 0]) => ok)), "the bar of what succeeded").toBeGreaterThanOrEqual(2);
  expect(Math.max(...drawn.map(([, failed = 0]) => failed)), "the bar of what failed").toBeGreaterThanOrEqual(2);
  expect(drawn.filter(([ok = 0, failed = 0]) => ok + failed > 0).length).toBeLessThanOrEqual(2);
});

test("a receiver that answers 410 is disabled before one's eyes; what it missed is counted and offered", async ({
  page,
  api,
}) => {
  const webhook = await api.webhook({ description: "Old CRM", event_types: ["user.*"] });
  const listed = page.waitForResponse((response) => response.url().endsWith("/webhooks"));
  await page.goto("/app/events");
  await listed;
  await api.answer({ status: 410 });
  await api.emit("user.login");
  const news = page.getByRole("alert").filter({ hasText: "Old CRM was disabled" });
  await expect(news).toContainText("It answered 410 Gone");
  await api.emit("user.created");
  await api.emit("user.login");
  await news.getByRole("link", { name: "Open webhook" }).click();

  await expect(page.getByText("This webhook was disabled")).toBeVisible();
  await expect(news).toBeHidden();
  await expect(page.getByText(/It missed 2 events since then/)).toBeVisible();
  await expectAccessible(page);
  const replay = page.getByRole("link", { name: "Replay missed" });
  await expect(replay).toHaveAttribute("href", new RegExp(`kind=while_disabled&webhook_ids=${webhook.id}&from=`));
  await page.goto("/app");
  await expect(page.getByText("A webhook needs a look")).toBeVisible();
  await page.getByRole("link", { name: "Old CRM" }).first().click();

  await api.answer({ status: 200 });
  await expect(page.getByText(/1 pending delivery waits/)).toBeVisible();
  await page.getByRole("button", { name: "Enable", exact: true }).click();
  const question = page.getByRole("alertdialog");
  await expect(question).toContainText("1 waiting delivery is sent at once");
  await question.getByRole("button", { name: "Enable webhook" }).click();
  await expect(page.getByText("It missed 2 events while it was disabled")).toBeVisible();
  await expect(page.getByText("Healthy").first()).toBeVisible();
});

test("the list is narrowed and ordered by status, as the address says", async ({ page, api }) => {
  for (const description of ["Alpha", "Beta", "Gamma", "Delta"]) await api.webhook({ description });
  await api.webhook({ description: "Omega", enabled: false });
  await page.goto(WEBHOOKS);
  const rows = page.getByRole("table", { name: "Webhooks" }).getByRole("row");
  await expect(rows).toHaveCount(6);
  await page.getByRole("button", { name: "Status" }).click();
  await page.getByRole("option", { name: "Disabled" }).click();
  await page.keyboard.press("Escape");
  await expect(rows).toHaveCount(2);
  await expect(page).toHaveURL(/status=disabled/);
  await page.reload();
  await expect(rows.nth(1)).toContainText("Omega");
  await page.goto(`${WEBHOOKS}?sort=name`);
  await expect(rows.nth(1)).toContainText("Alpha");
  await expect(rows.nth(5)).toContainText("Omega");
});
