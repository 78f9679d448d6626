import { newButton, rowsOf } from "./support/log";
import { expect, test } from "./support/test";

const STREAM = "**/api/v1/projects/*/stream*";

test.use({ expectedErrors: [/net::ERR_FAILED/] });

test("without the live stream the console says so, and catches up by itself once it is back", async ({ page, api }) => {
  await api.webhook();
  await page.route(STREAM, (route) => route.abort());
  await page.goto("/app/deliveries");
  const connection = page.getByRole("banner").getByRole("status");
  await expect(connection).toHaveText("Reconnecting");
  await expect(page.getByText("No deliveries yet")).toBeVisible();
  await api.emit("instance.started");
  await api.settled();

  await page.unroute(STREAM);
  await expect(connection).toHaveText("Live", { timeout: 30_000 });
  await expect(rowsOf(page).or(newButton(page)).first()).toBeVisible();
});
