import { Webhook } from "standardwebhooks";
import Stripe from "stripe";
import { acceptedEventSchema } from "@/lib/contracts/events";
import { readCurl } from "./support/curl";
import { readRequest, textOf } from "./support/exchange";
import { reveal } from "./support/log";
import { expect, test } from "./support/test";

test.use({
  permissions: ["clipboard-read", "clipboard-write"],
  // With motion, as most people see it: what opens and closes has to come to its end that way too.
  contextOptions: { reducedMotion: "no-preference" },
});

test("from an empty project to a signed delivery that verifies", async ({ page, request, project }) => {
  test.slow(); // One long walk on purpose: each step needs what the one before has made.
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  const navigation = page.getByRole("navigation", { name: "Main" });

  const secret = await test.step("create a webhook on the test receiver", async () => {
    await page.goto("/app");
    await navigation.getByRole("link", { name: "Webhooks" }).click();
    await expect(page.getByText("No webhook yet")).toBeVisible();
    await page.getByRole("link", { name: "Create webhook" }).click();
    await page.getByRole("button", { name: "Use the built-in test receiver" }).click();
    await expect(page.getByLabel("URL", { exact: true })).toHaveValue(/\/receiver\/.+/);
    await page.getByLabel("Description").fill("My service");
    await page.getByRole("treeitem", { name: "All events" }).press("Space");
    await page.getByRole("button", { name: "Create webhook" }).click();

    const dialog = page.getByRole("dialog", { name: "Webhook created" });
    const shown = await textOf(dialog.getByRole("region", { name: "Signing secret" }));
    expect(shown).toMatch(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/);
    await dialog.getByRole("button", { name: "Copy secret" }).click();
    await expect(dialog.getByText("Copied", { exact: true })).toBeAttached();
    expect(await clipboard()).toBe(shown);
    await page.keyboard.press("Escape");
    await dialog.getByRole("button", { name: "I have stored it" }).click();
    await expect(page.getByRole("heading", { name: "My service" })).toBeVisible();
    return shown;
  });

  await test.step("the secret is not shown again", async () => {
    await page.reload();
    await expect(page.getByText("Signed, in two schemes")).toBeVisible();
    expect(await page.content()).not.toContain(secret);
  });

  await test.step("send a test and watch it arrive", async () => {
    await page.getByRole("button", { name: "Send test" }).click();
    const panel = page.getByRole("region", { name: "Test" });
    await expect(panel.getByText("Delivered at the first attempt")).toBeVisible();
    await expect(panel.getByText(/HTTP 200 OK in/)).toBeVisible();
  });

  const command = await test.step("make an API key, which is shown once", async () => {
    await navigation.getByRole("link", { name: "API keys" }).click();
    await expect(page.getByText("No API key yet")).toBeVisible();
    await page.getByRole("button", { name: "Create API key" }).first().click();
    await page.getByRole("dialog", { name: "Create an API key" }).getByLabel("Name", { exact: true }).fill("Scheduler");
    await page.getByRole("button", { name: "Create key" }).click();
    const dialog = page.getByRole("dialog", { name: "Copy your API key" });
    const key = await textOf(dialog.getByRole("region", { name: "API key “Scheduler”" }));
    await dialog.getByRole("button", { name: "Copy the command" }).click();
    await expect(dialog.getByText("Copied", { exact: true })).toBeAttached();
    const copied = await clipboard();
    expect(copied).toContain(key);
    await dialog.getByRole("button", { name: "I have copied it" }).click();
    await page.reload();
    await expect(page.getByRole("row", { name: /Scheduler/ })).toContainText("Never");
    expect(await page.content()).not.toContain(key);
    return copied;
  });

  await test.step("run the command: its delivery appears in the open log", async () => {
    await navigation.getByRole("link", { name: "Deliveries" }).click();
    const links = page.getByRole("table", { name: "Deliveries, newest first" }).getByRole("link");
    await expect(links).toHaveText(["webhook.test"]);
    await expect(page.getByText("Live", { exact: true })).toBeVisible();

    const { method, url, headers, body } = readCurl(command);
    const answer = await request.fetch(url, { method, headers, data: body });
    expect(answer.status()).toBe(202);
    const event = acceptedEventSchema.parse(await answer.json());
    expect(event).toMatchObject({ type: "instance.started", deliveries: [{}] });

    await page.getByRole("button", { name: "1 new" }).click();
    await expect(links).toHaveText(["instance.started", "webhook.test"]);
    await page.getByRole("link", { name: "instance.started to My service, Delivered" }).click();
    await page.getByRole("link", { name: "Open as page" }).click();
    await expect(page).toHaveURL(`/app/deliveries/${event.deliveries[0]?.id}`);
  });

  await test.step("its page shows what was sent and what came back", async () => {
    await expect(page.getByRole("heading", { name: "instance.started" })).toBeVisible();
    await expect(page.getByText("Delivered after 1 attempt")).toBeVisible();
    const attempt = page
      .getByRole("list", { name: "Attempts", exact: true })
      .getByRole("listitem")
      .filter({ hasText: "Attempt 1" });
    await expect(attempt.getByText("200 OK").first()).toBeVisible();
    await expect(attempt.getByRole("rowheader", { name: "First byte" })).toBeVisible();
    await expect(attempt.getByText("Total")).toBeVisible();
    const response = attempt.getByRole("tabpanel", { name: "Response" });
    await expect(response.getByRole("table", { name: "Response headers" })).toContainText("content-type");
    await expect(response.getByRole("tree", { name: "Response body" })).toBeVisible();
  });

  await test.step("standardwebhooks and stripe verify the request that the page shows", async () => {
    const { headers, body } = await readRequest(page);
    expect(JSON.parse(body)).toMatchObject({ type: "instance.started", id: headers["webhook-id"] });
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "x-webhook-event": "instance.started",
      "x-webhook-attempt": "1",
      "x-webhook-delivery": new URL(page.url()).pathname.split("/").at(-1),
      "user-agent": expect.stringMatching(/^Dumont-Webhooks\/\d/),
    });
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
    const stripe = Stripe.webhooks.constructEvent(body, headers["x-webhook-signature"] ?? "", secret);
    expect(stripe).toMatchObject({ type: "instance.started" });
    expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow();
  });

  await test.step("the test receiver has checked it as well", async () => {
    await navigation.getByRole("link", { name: "Test receiver" }).click();
    await page.getByRole("link", { name: "instance.started, signature valid" }).click();
    const selected = page.getByRole("region", { name: "Selected request" });
    await expect(selected.getByRole("region", { name: "Signature" })).toContainText("Valid");
    await expect(selected.getByRole("link", { name: "Open delivery" })).toBeVisible();
  });
  expect(project.name).not.toBe("");
});

test("a receiver that fails once gets the event at the second attempt", async ({ page, api }) => {
  await api.webhook({ description: "My service" });
  await page.goto("/app/receiver");
  await page.getByLabel("Fail the next").fill("1");
  await page.getByRole("button", { name: "Start failing" }).click();
  await expect(page.getByRole("main").getByText("Fails the next request with 500, then answers 200.")).toBeVisible();

  const { deliveries } = await api.emit("reservation.created");
  await page.goto(`/app/deliveries/${deliveries[0]?.id}`);
  const attempts = page.getByRole("list", { name: "Attempts", exact: true });
  await expect(attempts).toContainText("Attempt 1500 Internal Server Error");
  await expect(attempts, "without a reload").toContainText("Delivered after 2 attempts");
  await expect(attempts.getByRole("button", { name: "Attempt 2" })).toBeVisible();
  await expect(attempts).toContainText("200 OK");
});

test("what is given up can be retried, and says so only when it arrived", async ({ page, api }) => {
  await api.webhook({ description: "My service", retry: { delays_s: [1] } });
  await api.answer({ status: 503 });
  await page.goto("/app/deliveries");
  await expect(page.getByText("No deliveries yet")).toBeVisible();
  await expect(page.getByText("Live", { exact: true })).toBeVisible();

  await api.emit("snapshot.completed");
  const row = page.getByRole("row", { name: /snapshot\.completed/ });
  await reveal(page, row);
  await expect(row).toContainText(/Failed.*503.*2\/2/);

  await row.getByRole("link").click();
  const open = page.getByRole("region", { name: "Open delivery" });
  await expect(open.getByText("Given up after 2 attempts")).toBeVisible();
  await open.getByRole("button", { name: "Retry now" }).click();
  await expect(page.getByText("Queued").first()).toBeVisible();
  await expect(open.getByText("Given up after 3 attempts")).toBeVisible();
  await expect(open.getByText("manual retry")).toBeVisible();
  await expect(page.getByText(/successful|succeeded/i)).toHaveCount(0);

  await api.answer({ status: 200 });
  await open.getByRole("button", { name: "Retry now" }).click();
  await expect(open.getByText("Delivered after 4 attempts")).toBeVisible();
  await expect(row, "the row goes along").toContainText(/Delivered.*200/);
});

test("retrying now does not wait for the next attempt", async ({ page, api }) => {
  await api.webhook({ retry: { delays_s: [600] } });
  await api.answer({ fail_next: 1, fail_status: 500 });
  const { deliveries } = await api.emit("config.committed");
  await page.goto(`/app/deliveries/${deliveries[0]?.id}`);
  const attempts = page.getByRole("list", { name: "Attempts", exact: true });
  await expect(attempts.getByText(/^Attempt 2 of 2/)).toContainText(/in (9|10) min/);
  await page.getByRole("button", { name: "Retry now" }).click();
  await expect(attempts.getByText("Delivered after 2 attempts")).toBeVisible();
});
