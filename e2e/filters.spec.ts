import { expectAccessible, expectFitsPhone } from "./support/accessible";
import { expect, test } from "./support/test";

const WEBHOOKS = "/app/settings/webhooks";

test("a payload filter: tried while it is written, then obeyed", async ({ page, api }) => {
  for (const gpu_count of [8, 4, 16]) await api.emit("instance.started", { data: { gpu_count, node: "fra-1" } });
  await api.emit("user.login");

  await page.goto(`${WEBHOOKS}/new?receiver=1`);
  await expect(page.getByLabel("URL", { exact: true })).toHaveValue(/\/receiver\//);
  await page.getByLabel("Description").fill("Large instances");
  await page.getByRole("button", { name: /^Filter/ }).click();
  const dryRun = page.getByRole("region", { name: "Dry run" });
  await expect(dryRun).toContainText("All of the last 4 events would have come.");

  const payload = page.getByLabel("Only events with this payload");
  await page.getByRole("button", { name: "Insert an example" }).click();
  await page.getByRole("menuitem", { name: "At least 8 GPUs" }).click();
  await expect(payload).toBeFocused();
  await expect(payload).toHaveValue(/"data\.gpu_count": \{\s+"\$gte": 8/);
  await expect(dryRun).toContainText("2 of the last 4 events would have come.");
  await expect(dryRun.getByRole("tabpanel").getByRole("link", { name: /^instance\.started/ })).toHaveCount(2);
  await dryRun.getByRole("tab", { name: "Would not (2)" }).click();
  await expect(dryRun).toContainText("data.gpu_count $gte 8: it is 4");
  await expect(dryRun).toContainText("data.gpu_count $gte 8: it is absent");
  await expectAccessible(page);
  await expectFitsPhone(page);

  await api.emit("instance.started", { data: { gpu_count: 32 } });
  await dryRun.getByRole("button", { name: "Update" }).click();
  await expect(dryRun).toContainText("3 of the last 5 events would have come.");

  await page.getByRole("button", { name: "Create webhook" }).click();
  await page.getByRole("button", { name: "I have stored it" }).click();
  await expect(page.getByRole("heading", { name: "Large instances" })).toBeVisible();
  await expect(page.getByText("Payload: data.gpu_count $gte 8")).toBeVisible();

  expect((await api.emit("instance.started", { data: { gpu_count: 7 } })).deliveries).toEqual([]);
  const { id, deliveries } = await api.emit("instance.started", { data: { gpu_count: 8 } });
  expect(deliveries).toHaveLength(1);
  await expect.poll(async () => (await api.delivery(deliveries[0]?.id ?? "")).status).toBe("delivered");
  expect((await api.deliveries()).map(({ event_id }) => event_id)).toEqual([id]);
});

test("what a filter cannot be is refused at its place, with the mend", async ({ page, api }) => {
  const webhook = await api.webhook({ filter: { payload: { "data.gpu_count": { $gte: 8 } } } });
  await page.goto(`${WEBHOOKS}/${webhook.id}/edit`);
  const payload = page.getByLabel("Only events with this payload");
  const save = page.getByRole("button", { name: "Save changes" });

  await payload.fill('{\n  "data.gpu_count": 8,\n  "data.node": { "$regex": "^fra-" }\n}');
  await save.click();
  await expect(payload).toBeFocused();
  await expect(payload).toHaveAccessibleDescription(/Line 3, data\.node\.\$regex: .*"\$startsWith"/);
  await expect(page.getByRole("region", { name: "Dry run" })).toContainText("Waiting until the filter above is right.");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Go there" }).click();
  // The mistake is selected: typing replaces it.
  await page.keyboard.insertText('"$startsWith": "fra-"');
  await expect(payload).toHaveValue(/\{ "\$startsWith": "fra-" \}/);
  await expect(payload).not.toHaveAttribute("aria-invalid");

  await payload.fill('{"data.gpu_count": 8,}');
  await expect(payload).toHaveAccessibleDescription(/Line 1: This comma is one too many/);
  await payload.fill('{"data.gpu_count": {"$in": [8, 16]}}');
  await save.click();
  await expect(page.getByText("Webhook saved")).toBeVisible();
  expect((await api.emit("instance.started", { data: { gpu_count: 16 } })).deliveries).toHaveLength(1);
  expect((await api.emit("instance.started", { data: { gpu_count: 9 } })).deliveries).toEqual([]);
});

test("limits: refused when they are none, kept when they are", async ({ page, api }) => {
  const webhook = await api.webhook({ description: "Billing" });
  await page.goto(`${WEBHOOKS}/${webhook.id}`);
  await expect(page.getByText("As the installation sets")).toBeVisible();
  await page.goto(`${WEBHOOKS}/${webhook.id}/edit`);
  await page.getByRole("button", { name: /^Advanced/ }).click();
  await page.getByLabel("Requests at once").fill("4");
  await page.getByLabel("Requests per second").fill("1001");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByLabel("Requests per second")).toHaveAccessibleDescription(/At most 1000 requests a second/);
  await page.getByLabel("Requests per second").fill("10");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Webhook saved")).toBeVisible();

  await page.goto(`${WEBHOOKS}/${webhook.id}`);
  await expect(page.getByText("At most 4 requests at once")).toBeVisible();
  await expect(page.getByText("At most 10 requests a second")).toBeVisible();
});
