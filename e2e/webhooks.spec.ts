import type { Page } from "@playwright/test";
import { Webhook } from "standardwebhooks";
import { readCurl } from "./support/curl";
import { readRequest, textOf } from "./support/exchange";
import type { ProjectApi } from "./support/project";
import { expect, test } from "./support/test";

const WEBHOOKS = "/app/settings/webhooks";

test("edit: what changes is what is sent from then on", async ({ page, api }) => {
  const webhook = await api.webhook({ description: "Billing", event_types: ["instance.*"] });
  await page.goto(`${WEBHOOKS}/${webhook.id}/edit`);
  const save = page.getByRole("button", { name: "Save changes" });
  await expect(save).toBeDisabled();
  await page.getByLabel("Description").fill("Invoices");
  const types = page.getByRole("tree", { name: "Event types" });
  const instance = types.getByRole("treeitem", { name: "instance", exact: true });
  await expect(instance).toBeChecked();
  await instance.press("Space");
  await expect(instance).not.toBeChecked();
  await page.getByLabel("Search event types").fill("snapshot completed");
  await types.getByRole("treeitem", { name: "snapshot.completed" }).press("Space");
  await page.getByRole("radio", { name: "My own list" }).check();
  await page.getByLabel("Seconds to wait before each retry").fill("5, soon");
  await save.click();
  await expect(page.getByLabel("Seconds to wait before each retry")).toHaveAccessibleDescription(/soon/);
  await page.getByLabel("Seconds to wait before each retry").fill("5, 60");
  await save.click();
  await expect(page.getByText("Webhook saved")).toBeVisible();

  await page.reload();
  await expect(page.getByRole("heading", { name: "Invoices" })).toBeVisible();
  await expect(page.getByLabel("Seconds to wait before each retry")).toHaveValue("5, 60");
  expect((await api.emit("instance.started")).deliveries).toEqual([]);
  const { deliveries } = await api.emit("snapshot.completed");
  expect(deliveries).toEqual([{ id: expect.any(String), webhook_id: webhook.id }]);
  expect(await api.delivery(deliveries[0]?.id ?? "")).toMatchObject({ max_attempts: 3 });
});

test("disable and enable: events pass a disabled webhook by", async ({ page, api }) => {
  const webhook = await api.webhook({ description: "Billing" });
  await page.goto(WEBHOOKS);
  const toggle = page.getByRole("switch", { name: "Billing enabled" });
  await toggle.click();
  await expect(toggle).not.toBeChecked();
  await expect(page.getByText("Billing disabled")).toBeVisible();
  expect((await api.emit("instance.started")).deliveries).toEqual([]);

  await page.getByRole("link", { name: "Billing" }).click();
  await expect(page.getByText("This webhook is disabled")).toBeVisible();
  await expect(page.getByText(/It missed 1 event since then.* No delivery is waiting\./)).toBeVisible();
  await page.getByRole("button", { name: "Enable" }).click();
  await expect(page.getByText("This webhook is disabled")).toBeHidden();
  await expect.poll(async () => (await api.emit("instance.started")).deliveries.length).toBe(1);
  await api.settled();
  await page.goto(`${WEBHOOKS}/${webhook.id}/deliveries`);
  await expect(
    page
      .getByRole("table")
      .getByRole("link", { name: /instance\.started.*Delivered/ })
      .first(),
  ).toBeVisible();
});

test("the command on a webhook's page emits an event that the webhook gets", async ({ page, api, request }) => {
  const webhook = await api.webhook({ event_types: ["cost.threshold"] });
  await page.goto(`${WEBHOOKS}/${webhook.id}`);
  const command = await textOf(page.getByRole("region", { name: "From your program or a terminal" }));
  const { method, url, headers, body } = readCurl(command, { DUMONT_API_KEY: api.key });
  const answer = await request.fetch(url, { method, headers, data: body });
  expect(answer.status()).toBe(202);
  expect(await answer.json()).toMatchObject({ type: "cost.threshold", deliveries: [{ webhook_id: webhook.id }] });

  await page.getByRole("button", { name: "Emit from here" }).click();
  await page.getByRole("link", { name: "follow its delivery" }).click();
  await expect(page.getByText("Delivered after 1 attempt")).toBeVisible();
});

test("without a secret nothing is signed; with a generated one everything is", async ({ page, api }) => {
  await page.goto(`${WEBHOOKS}/new?receiver=1`);
  await expect(page.getByLabel("URL", { exact: true })).toHaveValue(/\/receiver\//);
  await page.getByRole("radio", { name: "None" }).check();
  await expect(page.getByText("Anybody who learns the URL can send it forged events")).toBeVisible();
  await page.getByRole("button", { name: "Create webhook" }).click();
  await expect(page.getByRole("heading", { name: "Test receiver" })).toBeVisible();
  await expect(page.getByText("Unsigned")).toBeVisible();
  const unsigned = await emitAndRead(page, api);
  expect(Object.keys(unsigned.headers)).toEqual(
    expect.arrayContaining(["webhook-id", "webhook-timestamp", "x-webhook-delivery"]),
  );
  expect(unsigned.headers).not.toHaveProperty("webhook-signature");
  expect(unsigned.headers).not.toHaveProperty("x-webhook-signature");

  await page.getByRole("link", { name: "Test receiver" }).last().click();
  const secret = await replaceSecret(page, "Generate a secret…", "Generate secret");
  await expect(page.getByText("Unsigned")).toBeHidden();
  const signed = await emitAndRead(page, api);
  expect(new Webhook(secret).verify(signed.body, signed.headers)).toMatchObject({ type: "instance.started" });
});

test("regenerate the secret without overlap: asked first, then the old one signs nothing any more", async ({
  page,
  api,
}) => {
  const { id, secret: old } = await api.webhook();
  await page.goto(`${WEBHOOKS}/${id}`);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Regenerate secret…" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("alertdialog")).toBeHidden();

  const secret = await replaceSecret(page, "Regenerate secret…", "Regenerate secret", "None");
  expect(secret).not.toBe(old);
  const { headers, body } = await emitAndRead(page, api);
  expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
  expect(() => new Webhook(old ?? "").verify(body, headers)).toThrow();
});

test("custom headers arrive, and credentials among them are masked on the screen", async ({ page, api }) => {
  await page.goto(`${WEBHOOKS}/new?receiver=1`);
  await expect(page.getByLabel("URL", { exact: true })).toHaveValue(/\/receiver\//);
  await page.getByRole("button", { name: "Advanced" }).click();
  await addHeader(page, 1, "X-Team", "gpu-platform");
  await addHeader(page, 2, "Authorization", "Bearer of-the-receiver");
  await page.getByRole("button", { name: "Create webhook" }).click();
  await page.getByRole("button", { name: "I have stored it" }).click();
  await expect(page.getByText("X-Team: gpu-platform")).toBeVisible();
  await expect(page.getByText(/Authorization: •+/)).toBeVisible();

  const { headers } = await emitAndRead(page, api);
  expect(headers).toMatchObject({ "x-team": "gpu-platform", authorization: expect.stringMatching(/^•+/) });
  await page.goto("/app/receiver");
  await page.getByRole("link", { name: "instance.started, signature valid" }).click();
  const received = page.getByRole("region", { name: "Selected request" }).getByRole("region", { name: "Headers" });
  await expect(received).toContainText("gpu-platform");
  // The receiver masks credentials as well, but has to have got the header at all.
  await expect(received).toContainText(/authorization•+/);
});

test("URLs that lead inside and headers of our own are refused beside their fields", async ({ page, project }) => {
  await page.goto(`${WEBHOOKS}/new`);
  const url = page.getByLabel("URL", { exact: true });
  const create = page.getByRole("button", { name: "Create webhook" });
  await create.click();
  await expect(url).toHaveAccessibleDescription(/Enter the URL/);
  await expect(page.getByRole("group", { name: "Events" })).toContainText("Choose at least one event type");

  await page.getByRole("treeitem", { name: "All events" }).press("Space");
  for (const [address, reason] of [
    ["https://127.0.0.1/hook", "127.0.0.1 is not a public address"],
    ["https://169.254.169.254/latest/meta-data", "is not a public address"],
    ["https://[::ffff:10.0.0.1]/", "is not a public address"],
    ["https://0x7f.1/", "is not a public address"],
    ["https://postgres.internal/", "is reserved for internal use"],
    ["http://example.com/hook", "https"],
    ["ftp://example.com/hook", "https"],
    ["not a url", "URL"],
  ] as const) {
    await url.fill(address);
    await create.click();
    await expect(url, address).toHaveAttribute("aria-invalid", "true");
    await expect(url, address).toHaveAccessibleDescription(new RegExp(reason));
    await expect(url, address).toBeFocused();
  }

  await url.fill("https://example.com/hook");
  await page.getByRole("button", { name: "Advanced" }).click();
  await addHeader(page, 1, "Webhook-Signature", "v1,forged");
  await create.click();
  await expect(page.getByLabel("Name of header 1")).toHaveAccessibleDescription(/set by Dumont/);
  await page.getByRole("link", { name: "Cancel" }).click();
  await expect(page.getByText("No webhook yet"), `nothing was created in ${project.name}`).toBeVisible();
});

test("delete: asked first, then gone, and what waited is cancelled", async ({ page, api }) => {
  const webhook = await api.webhook({ description: "Billing", retry: { delays_s: [3600] } });
  await api.answer({ status: 500 });
  const { deliveries } = await api.emit("instance.started");
  await api.settled();
  await page.goto(WEBHOOKS);
  const open = async () => {
    await page.getByRole("button", { name: "Actions for Billing" }).click();
    await page.getByRole("menuitem", { name: "Delete…" }).click();
    return page.getByRole("alertdialog", { name: "Delete this webhook?" });
  };
  const dialog = await open();
  await expect(dialog).toContainText(webhook.url);
  await expect(dialog).toContainText("Its 1 pending delivery is cancelled.");
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("link", { name: "Billing" })).toBeVisible();

  await (await open()).getByRole("button", { name: "Delete webhook" }).click();
  await expect(page.getByText("No webhook yet")).toBeVisible();
  await page.goto(`/app/deliveries/${deliveries[0]?.id}`);
  await expect(page.getByText("Cancelled: the webhook was deleted")).toBeVisible();
  await expect(page.getByText("Billing (deleted)")).toBeVisible();
  await page.goto(`${WEBHOOKS}/${webhook.id}`);
  await expect(page.getByText("There is no such webhook in this project")).toBeVisible();
});

async function addHeader(page: Page, number: number, name: string, value: string): Promise<void> {
  await page.getByRole("button", { name: "Add header" }).click();
  await page.getByLabel(`Name of header ${number}`).fill(name);
  await page.getByLabel(`Value of header ${number}`).fill(value);
}

/** Emits an event and reads the request of its delivery from that delivery's page. */
async function emitAndRead(page: Page, api: ProjectApi) {
  const { deliveries } = await api.emit("instance.started");
  await page.goto(`/app/deliveries/${deliveries[0]?.id}`);
  await expect(page.getByText("Delivered after 1 attempt")).toBeVisible();
  return readRequest(page);
}

/** From a webhook's page: gives it another secret and reads that from the dialog. */
async function replaceSecret(page: Page, action: string, confirm: string, overlap?: string): Promise<string> {
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: action }).click();
  if (overlap) await page.getByRole("alertdialog").getByRole("radio", { name: overlap }).check();
  await page.getByRole("alertdialog").getByRole("button", { name: confirm }).click();
  const dialog = page.getByRole("dialog");
  const secret = await textOf(dialog.getByRole("region", { name: "Signing secret" }));
  await dialog.getByRole("button", { name: "I have stored it" }).click();
  await expect(dialog).toBeHidden();
  return secret;
}
