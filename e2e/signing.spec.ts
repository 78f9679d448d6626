import type { Page } from "@playwright/test";
import { Webhook } from "standardwebhooks";
import { jwksSchema } from "@/lib/contracts/webhook-secrets";
import { expectAccessible, expectFitsPhone } from "./support/accessible";
import { readRequest, textOf } from "./support/exchange";
import { rowsOf } from "./support/log";
import type { ProjectApi } from "./support/project";
import { expect, test } from "./support/test";

const WEBHOOKS = "/app/settings/webhooks";

test("rotation: the overlap is asked, both secrets sign, and the old one can be revoked", async ({ page, api }) => {
  const { id, secret: old } = await api.webhook({ description: "Billing" });
  await page.goto(`${WEBHOOKS}/${id}`);
  await openRotation(page);
  const dialog = page.getByRole("alertdialog");
  await expect(dialog.getByRole("radio", { name: "24 hours" })).toBeChecked();
  await dialog.getByRole("radio", { name: "None" }).check();
  await expect(dialog.getByText("The old secret stops signing at once")).toBeVisible();
  await dialog.getByRole("radio", { name: "1 hour" }).check();
  await expect(dialog.getByText("for 1 hour the old one beside it")).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Regenerate secret" }).click();
  const secret = await storeSecret(page);

  const both = await emitted(page, api, id);
  for (const each of [secret, old ?? ""]) expect(() => new Webhook(each).verify(both.body, both.headers)).not.toThrow();

  await page.goto(`${WEBHOOKS}/${id}`);
  const replaced = page.getByRole("list", { name: "Replaced secrets" });
  await expect(replaced.getByText(/Ends in (1 h|5\d min)/)).toBeVisible();
  await expectAccessible(page);
  await expectFitsPhone(page);
  await replaced.getByRole("button", { name: "Revoke now" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke now" }).click();
  await expect(replaced).toBeHidden();
  const after = await emitted(page, api, id);
  expect(() => new Webhook(secret).verify(after.body, after.headers)).not.toThrow();
  expect(() => new Webhook(old ?? "").verify(after.body, after.headers)).toThrow();
});

test("Ed25519: chosen in the form, verified by the published keys and by the test receiver", async ({
  page,
  request,
}) => {
  await page.goto(`${WEBHOOKS}/new?receiver=1`);
  await expect(page.getByLabel("URL", { exact: true })).toHaveValue(/\/receiver\//);
  await page.getByRole("radio", { name: "Ed25519, public key" }).check();
  await page.getByRole("button", { name: "Create webhook" }).click();
  const dialog = page.getByRole("dialog", { name: "New Ed25519 key" });
  await expect(dialog.getByText(/^whpk_/)).toBeVisible();
  await expect(dialog.getByText(/whsk_/)).toBeHidden();
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText("Signed with Ed25519")).toBeVisible();
  const id = /webhooks\/(wh_\w+)/.exec(page.url())?.[1] ?? "";
  const jwks = await request.get(`/api/v1/webhooks/${id}/jwks.json`);
  expect(jwksSchema.parse(await jwks.json()).keys).toHaveLength(1);

  await page.getByRole("button", { name: "Send test" }).click();
  await expect(page.getByText("Delivered at the first attempt")).toBeVisible();
  await page.goto("/app/receiver");
  await page.getByRole("link", { name: "webhook.test, signature valid" }).click();
  await expect(page.getByText("Ed25519) matches the body")).toBeVisible();
});

test("a forged test: a receiver that refuses it is praised, one that accepts it is named", async ({ page, api }) => {
  const { id } = await api.webhook({ description: "Billing" });
  await page.goto(`${WEBHOOKS}/${id}`);
  await page.getByRole("button", { name: "Send test" }).click();
  const panel = page.getByRole("region", { name: "Test", exact: true });
  await expect(panel.getByText("Delivered at the first attempt")).toBeVisible();
  await panel.getByRole("button", { name: "Send forged test" }).click();
  await expect(panel.getByText("Your receiver refused the forged signature")).toBeVisible();
  await expect(panel.getByText("HTTP 401")).toBeVisible();
  await expectAccessible(page);
  await page.goto("/app/receiver");
  await expect(page.getByRole("link", { name: "webhook.test, signature invalid" })).toBeVisible();

  await api.emit("instance.started");
  await api.settled();
  await page.goto("/app/deliveries");
  const tag = (row: string) => rowsOf(page).filter({ hasText: row }).getByText("test", { exact: true });
  await expect(tag("webhook.test"), "both tests are tagged in the log").toHaveCount(2);
  await expect(tag("instance.started")).toHaveCount(0);
});

test("the debugger names the fault of a request that the test receiver got", async ({ page, api }) => {
  const { id, secret } = await api.webhook({ description: "Billing" });
  await api.emit("instance.started");
  await api.settled();
  await page.goto("/app/receiver");
  await page.getByRole("link", { name: "instance.started, signature valid" }).click();
  await page.getByRole("link", { name: "Open in the signature debugger" }).click();
  const find = page.getByRole("button", { name: "Find the fault" });
  const diagnosis = page.getByRole("region", { name: "Diagnosis" });
  await find.click();
  await expect(diagnosis.getByText("The signature is valid")).toBeVisible();
  expect(page.url()).not.toContain("whsec");

  const body = page.getByLabel("Request body");
  const sent = await body.inputValue();
  await body.fill(JSON.stringify(JSON.parse(sent), null, 2));
  await find.click();
  await expect(diagnosis.getByText("The body was parsed and written again")).toBeVisible();
  await body.fill(sent);
  await page.getByLabel("Your receiver's secret").fill((secret ?? "").replace("whsec_", ""));
  await find.click();
  await expect(diagnosis.getByText("The secret lacks its prefix")).toBeVisible();
  await expect(diagnosis.getByText(secret ?? "?")).toBeHidden();
  await expectAccessible(page);
  await expectFitsPhone(page);

  await page.goto(`${WEBHOOKS}/${id}`);
  await page.getByRole("link", { name: "signature debugger" }).click();
  await expect(page.getByLabel("Webhook", { exact: true })).toHaveText("Billing");
  await expect(page.getByLabel("Request headers")).toHaveValue("");
});

test("the receivers of the verify guide can be downloaded", async ({ page, api }) => {
  const { id } = await api.webhook();
  await page.goto(`${WEBHOOKS}/${id}`);
  for (const [language, file] of [
    ["Node", "receiver.mjs"],
    ["Python", "receiver.py"],
    ["Go", "receiver.go"],
  ] as const) {
    await page.getByRole("tab", { name: language }).click();
    const downloading = page.waitForEvent("download");
    await page.getByRole("link", { name: `Download ${file}` }).click();
    expect((await downloading).suggestedFilename()).toBe(file);
  }
});

async function openRotation(page: Page): Promise<void> {
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Regenerate secret…" }).click();
}

async function storeSecret(page: Page): Promise<string> {
  const dialog = page.getByRole("dialog");
  const secret = await textOf(dialog.getByRole("region", { name: "Signing secret" }));
  await dialog.getByRole("button", { name: "I have stored it" }).click();
  return secret;
}

/** An event that this webhook got, as its delivery's page shows it. */
async function emitted(page: Page, api: ProjectApi, webhookId: string) {
  const { deliveries } = await api.emit("instance.started");
  const delivery = deliveries.find(({ webhook_id }) => webhook_id === webhookId);
  await api.settled();
  await page.goto(`/app/deliveries/${delivery?.id ?? ""}`);
  return readRequest(page);
}
