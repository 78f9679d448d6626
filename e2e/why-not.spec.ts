import type { Page } from "@playwright/test";
import { updateWebhook } from "@/lib/contracts/webhooks";
import { expectAccessible, expectFitsPhone } from "./support/accessible";
import { call } from "./support/api";
import { newButton } from "./support/log";
import { expect, test } from "./support/test";

test.describe("the page of an event", () => {
  test("tells each webhook's verdict and its clause, and sends the event anyway", async ({ page, api }) => {
    const got = await api.webhook({ description: "Orders" });
    const typed = await api.webhook({ description: "Snapshots", event_types: ["snapshot.*"] });
    const labelled = await api.webhook({ description: "Web team", filter: { labels: { team: "web" } } });
    const off = await api.webhook({ description: "Paused", enabled: false });
    const { id } = await api.emit("instance.started", { labels: { team: "ml" } });
    await api.settled();
    await page.goto(`/app/events/${id}`);

    await expect(row(page, got.id)).toContainText("Delivered");
    await expect(row(page, got.id)).toContainText("Answered 200 to attempt 1.");
    await expect(row(page, typed.id)).toContainText("Not subscribed");
    await expect(row(page, typed.id)).toContainText("It asked for snapshot.*; the event is instance.started.");
    await expect(row(page, labelled.id)).toContainText("Other labels");
    await expect(row(page, labelled.id)).toContainText("It asked for label team web; the event has label team ml.");
    await expect(row(page, off.id)).toContainText(/Disabled.*It was created disabled by the API key “Tests”\./);
    await expect(row(page, off.id).getByRole("button", { name: /^Send anyway/ })).toHaveAttribute(
      "aria-disabled",
      "true",
    );
    await expectAccessible(page);
    await expectFitsPhone(page);

    await row(page, typed.id)
      .getByRole("button", { name: /^Send anyway/ })
      .click();
    const dialog = page.getByRole("alertdialog");
    await expect(dialog).toContainText("It gets a delivery of its own");
    await expect(dialog).not.toContainText("second time");
    await dialog.getByRole("button", { name: "Send anyway" }).click();
    await expect(page.getByText("Queued", { exact: true })).toBeVisible();
    // By itself: nobody reloads.
    await expect(row(page, typed.id)).toContainText("Delivered");
    const [sent] = await api.deliveries({ webhook_id: typed.id });
    expect(sent).toMatchObject({ event_id: id, status: "delivered" });
    await row(page, typed.id)
      .getByRole("link", { name: /^Delivery to/ })
      .click();
    await expect(page).toHaveURL(`/app/deliveries/${sent?.id}`);
  });

  test("sends to several at once, and says who may see it twice", async ({ page, api }) => {
    const got = await api.webhook({ description: "Orders" });
    const typed = await api.webhook({ description: "Snapshots", event_types: ["snapshot.*"] });
    const { id } = await api.emit("instance.started");
    await api.settled();
    await page.goto(`/app/events/${id}`);
    await page.getByRole("checkbox", { name: "Select all that can be sent to" }).click();
    await page.getByRole("button", { name: "Send to 2 selected" }).click();
    const dialog = page.getByRole("alertdialog");
    await expect(dialog).toContainText("1 webhook gets a delivery of its own");
    await expect(dialog).toContainText("may see it a second time, with the same delivery id");
    await dialog.getByRole("button", { name: "Send to 2" }).click();
    await expect(row(page, typed.id)).toContainText("Answered 200 to attempt 1.");
    await expect(row(page, got.id)).toContainText("Answered 200 to attempt 2.");
    await expect(page.getByRole("button", { name: /^Send to/ })).toHaveCount(0);
  });

  test("follows a delivery that waits, and what becomes of its webhook", async ({ page, api, owner, project }) => {
    await api.answer({ status: 503 });
    const webhook = await api.webhook({ description: "Orders", retry: { delays_s: [3600] } });
    const { id } = await api.emit("instance.started");
    await api.settled();
    await page.goto(`/app/events/${id}`);
    await expect(row(page, webhook.id)).toContainText("Pending");
    await expect(row(page, webhook.id)).toContainText(/Attempt 2 of 2 follows\. Attempt 1 failed: .*503/);
    const params = { project_id: project.id, webhook_id: webhook.id };
    await call(owner, updateWebhook, { params, body: { enabled: false } });
    await expect(row(page, webhook.id)).toContainText("sent when the webhook is enabled");
    await api.answer({ status: 200 });
    await call(owner, updateWebhook, { params, body: { enabled: true } });
    await expect(row(page, webhook.id)).toContainText("Delivered");
  });
});

test.describe("the list of events", () => {
  test("counts what is new, shows what became of each, and finds those that nobody wanted", async ({ page, api }) => {
    await api.webhook({ event_types: ["instance.*"] });
    await api.emit("instance.started", { correlation_id: "deploy-7" });
    await api.settled();
    await page.goto("/app/events");
    // The engine tells on its own of what was given up; when that comes is not what is looked at here.
    const rows = page.locator("[data-event]").filter({ hasNotText: "delivery.exhausted" });
    await expect(rows).toHaveCount(1);
    await expect(rows.first()).toContainText("1 delivered");

    await api.emit("user.login");
    await expect(newButton(page)).toHaveText("1 new");
    await expect(rows, "no row comes by itself").toHaveCount(1);
    await newButton(page).click();
    await expect(rows).toHaveCount(2);
    await expect(rows.first()).toContainText("Filtered");

    await api.answer({ status: 500 });
    await api.emit("instance.stopped");
    await expect(newButton(page)).toHaveText(/^\d new$/);
    await newButton(page).click();
    await expect(rows.first()).toContainText("1 pending");
    await expect(rows.first(), "its count changes in place").toContainText("1 failed", { timeout: 30_000 });

    await page.getByRole("button", { name: "Outcome" }).click();
    await page.getByRole("option", { name: /^Filtered/ }).click();
    await expect(page).toHaveURL(/outcome=filtered/);
    await expect(rows).toHaveCount(1);
    await expect(rows).toContainText("user.login");
    await expectAccessible(page);
    await expectFitsPhone(page);

    await page.goto("/app/events");
    await rows.filter({ hasText: "deploy-7" }).getByTitle("Only events with this correlation id").click();
    await expect(page).toHaveURL(/correlation_id=deploy-7/);
    await expect(rows).toHaveCount(1);
    await page.getByRole("searchbox", { name: "Correlation id" }).fill("deploy-8");
    await expect(page.getByText("No event matches these filters")).toBeVisible();
    await page.getByRole("button", { name: "Clear all filters" }).click();
    await expect(rows).toHaveCount(3);
  });

  test("explains what filtered means while nothing is", async ({ page, api }) => {
    await api.webhook();
    await api.emit("instance.started");
    await page.goto("/app/events?outcome=filtered");
    await expect(page.getByText("No event was filtered")).toBeVisible();
    await expectAccessible(page);
  });
});

test("the overview adds events and deliveries up, and leads to those that nobody wanted", async ({ page, api }) => {
  await api.webhook({ event_types: ["instance.*"] });
  await api.emit("instance.started");
  await api.emit("user.login");
  await api.settled();
  await page.goto("/app");
  await expect(
    page.getByRole("heading", { name: "Nothing lost: 1 delivery of 2 events accounted for, 0 unaccounted" }),
  ).toBeVisible();
  await page
    .locator("div")
    .filter({ hasText: /^Filtered: nobody asked1$/ })
    .getByRole("link")
    .click();
  await expect(page).toHaveURL("/app/events?outcome=filtered");
  await expect(page.locator("[data-event]")).toHaveText([/user\.login/]);
});

function row(page: Page, webhookId: string) {
  return page.locator(`[data-webhook="${webhookId}"]`);
}
