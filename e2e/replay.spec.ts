import { expectAccessible, expectFitsPhone } from "./support/accessible";
import { expect, test } from "./support/test";

const NEW = "/app/replays/new";
/** At one a second there is time to steer. */
const TOTAL = 60;

test("what failed is counted, sent again and arrives, without a reload", async ({ page, api }) => {
  await api.webhook({ description: "Orders", event_types: ["instance.*"], retry: { delays_s: [] } });
  await api.answer({ status: 500 });
  for (let number = 0; number < 6; number += 1) await api.emit("instance.started");
  await api.settled();
  await api.answer({ status: 200 });

  await page.goto("/app/replays");
  await expect(page.getByText("No replays yet")).toBeVisible();
  await page.getByRole("link", { name: "New replay" }).first().click();
  await expect(page.getByRole("radio", { name: /Failed deliveries/ })).toBeChecked();
  await expect(page.getByText("Failed deliveries 6"), "each kind has its own count").toBeVisible();
  await expect(page.getByText("Missing events 0")).toBeVisible();
  await expect(page.getByText("While disabled 0")).toBeVisible();
  await expect(page.getByText("6 repeats are possible")).toBeVisible();

  await page.getByRole("radio", { name: /Missing events/ }).press("Space");
  await expect(page.getByText("There is nothing to send in this range.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Replay", exact: true }), "0 disables the button").toBeDisabled();
  await page.getByRole("radio", { name: /Failed deliveries/ }).press("Space");
  await expectAccessible(page);
  await expectFitsPhone(page);

  await page.getByRole("button", { name: "Replay 6" }).click();
  await expect(page.getByRole("heading", { name: "Replay of failed deliveries" })).toBeVisible();
  await expect(page.getByText("Queued 6 of 6. Everything has ended.")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("progressbar", { name: "Progress of the replay" })).toHaveAttribute(
    "aria-valuetext",
    "Delivered 6",
  );
  await expect(page.getByRole("button", { name: "Pause" })).toHaveCount(0);
  await expectAccessible(page);
  await expectFitsPhone(page);
  const deliveries = await api.deliveries();
  expect(deliveries.map(({ status, attempt_count }) => [status, attempt_count])).toEqual(
    Array.from({ length: 6 }, () => ["delivered", 2]),
  );

  await page.getByRole("link", { name: "Replays" }).first().click();
  const row = page
    .getByRole("table", { name: "Replays, newest first" })
    .getByRole("row", { name: /Failed deliveries/ });
  await expect(row).toContainText("6 of 6");
  await expectAccessible(page);
  await expectFitsPhone(page);
});

test("a replay is paused, resumed and cancelled, and says what it did", async ({ page, api }) => {
  for (let number = 0; number < TOTAL; number += 1) await api.emit("instance.started");
  const webhook = await api.webhook({ description: "Late comer" });

  await page.goto(`${NEW}?kind=missing&webhook_ids=${webhook.id}&range=1h&rate=2`);
  await expect(page.getByRole("button", { name: `Replay ${TOTAL}` })).toBeEnabled();
  await expect(page.getByText("deliveries, about 30 s at 2/s")).toBeVisible();
  await page.getByLabel("Deliveries per second").fill("0");
  await expect(page.getByText("Enter a whole number from 1 to 1,000.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Replay", exact: true })).toBeDisabled();
  await page.getByLabel("Deliveries per second").fill("1");
  await page.getByRole("button", { name: `Replay ${TOTAL}` }).click();

  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByText(/^Queued \d+ of 60\. Paused/)).toBeVisible();
  await page.getByRole("button", { name: "Resume" }).click();
  await expect(page.getByText(/at up to 1\/s, about .* to go/)).toBeVisible();
  await page.getByRole("button", { name: "Change rate" }).click();
  await page.getByRole("dialog", { name: "Change rate" }).getByLabel("Deliveries per second").fill("2");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText(/at up to 2\/s, about .* to go/)).toBeVisible();
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByText(/^Queued \d+ of 60\. Paused/)).toBeVisible();

  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  const dialog = page.getByRole("alertdialog", { name: "Cancel this replay?" });
  await expect(dialog).toContainText("will not be sent");
  await dialog.getByRole("button", { name: "Cancel replay" }).click();
  await expect(page.getByText(/^Queued \d+ of 60, then cancelled\. The other \d+ are not sent\./)).toBeVisible();
  await api.settled();
  const sent = (await api.deliveries({ limit: 200 })).length;
  expect(sent).toBeLessThan(TOTAL);
  await expect(page.getByText(`Queued ${sent} of ${TOTAL}, then cancelled.`)).toBeVisible();
});

test("what passed a disabled webhook by cannot be sent until it is enabled", async ({ page, api }) => {
  const webhook = await api.webhook({ description: "Asleep", enabled: false });
  await api.emit("instance.started");
  await page.goto(`${NEW}?kind=while_disabled&webhook_ids=${webhook.id}`);
  await expect(page.getByText("Asleep: 1 skipped: the webhook is disabled")).toBeVisible();
  await expect(page.getByRole("button", { name: "Replay", exact: true })).toBeDisabled();
});
