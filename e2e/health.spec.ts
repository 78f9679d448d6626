import type { Page } from "@playwright/test";
import { expectAccessible, expectFitsPhone } from "./support/accessible";
import { inDatabase } from "./support/database";
import { expect, test } from "./support/test";

/** What is told in passing, on whatever page. */
const notices = (page: Page) => page.getByRole("region", { name: /^Messages/ }).getByRole("listitem");

test("each step of a webhook's health is told once, wherever one is, and stands on its page", async ({ page, api }) => {
  const webhook = await api.webhook({ description: "Orders", retry: { delays_s: [] } });
  const listed = page.waitForResponse((response) => response.url().endsWith("/webhooks"));
  await page.goto("/app/events");
  await listed;
  await expectLive(page);
  await expect(page.getByRole("region", { name: /^Messages/ })).toHaveAttribute("aria-live", "polite");

  await test.step("ten failures: a warning, and one notice of all that was given up", async () => {
    await api.answer({ status: 503 });
    for (let number = 0; number < 10; number += 1) await api.emit("instance.started");
    const failing = notices(page).filter({ hasText: "Orders is failing" });
    await expect(failing).toContainText("10 failed attempts in a row, the last one: Answered 503");
    const givenUp = notices(page).filter({ hasText: "given up" });
    await expect(givenUp).toContainText("10 deliveries were given up");
    await expect(notices(page)).toHaveCount(2);
    await expect(givenUp.getByRole("link", { name: "See them" })).toHaveAttribute(
      "href",
      `/app/deliveries?status=failed&webhook_id=${webhook.id}`,
    );
    await expectAccessible(page);
    await expectFitsPhone(page);

    await failing.getByRole("link", { name: "Open webhook" }).click();
    await expect(page).toHaveURL(`/app/settings/webhooks/${webhook.id}`);
    await expect(failing, "who looks needs no notice").toHaveCount(0);
    await givenUp.getByRole("button", { name: "Close toast" }).click();
    await expect(notices(page)).toHaveCount(0);
    await expect(page.getByText("This webhook is failing", { exact: true })).toBeVisible();
    await expect(page.getByText(/^It began to fail .*: 10 failed attempts in a row/)).toBeVisible();
    await expectAccessible(page);
  });

  await test.step("fifty failures in ten minutes: one request at a time", async () => {
    await inDatabase(async (client) => {
      const since = "now() - interval '11 minutes'";
      const aged = `UPDATE webhook SET consecutive_failures = 49, failing_since = ${since} WHERE id = $1`;
      await client.query(aged, [webhook.id]);
    });
    await api.emit("instance.started");
    await expect(notices(page).filter({ hasText: "Orders keeps failing" })).toContainText(
      "50 failed attempts in a row",
    );
    await expect(notices(page).filter({ hasText: "A delivery was given up" })).toHaveCount(1);
    await expect(page.getByText("This webhook keeps failing; it gets one request at a time")).toBeVisible();
    await expect(
      page.getByText(/^Next probe in (2\d|30) s\. The first one that succeeds makes it healthy/),
    ).toBeVisible();
    await expectAccessible(page);
    await page.reload();
    await expectLive(page);
    await expect(page.getByText("This webhook keeps failing; it gets one request at a time")).toBeVisible();
  });

  await test.step("one success: it works again, and nothing of before is told anew", async () => {
    await api.answer({ status: 200 });
    await page.getByRole("button", { name: "Send test" }).click();
    await expect(notices(page).filter({ hasText: "Orders works again" })).toBeVisible();
    await expect(notices(page)).toHaveCount(1);
    await expect(page.getByText("This webhook keeps failing; it gets one request at a time")).toBeHidden();
  });
});

async function expectLive(page: Page): Promise<void> {
  await expect(page.getByRole("banner").getByRole("status")).toHaveText("Live");
}
