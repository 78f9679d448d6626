import { runSelfAudit } from "@/lib/contracts/self-audit";
import { expectAccessible, expectFitsPhone } from "./support/accessible";
import { call } from "./support/api";
import { expect, test } from "./support/test";

test("the overview says what the examination of bookings and credits found, and that nothing is wrong", async ({
  page,
  owner,
  project,
}) => {
  await call(owner, runSelfAudit, {});
  await page.goto("/app");
  const card = page.getByRole("region", { name: /No GPU booked twice, no credit missing: 0 exceptions/ });
  await expect(card, project.name).toBeVisible();
  await card.getByRole("button", { name: "What was checked" }).click();
  await expect(card.getByRole("listitem").first()).toContainText("holds");
  await expectAccessible(page);
  await expectFitsPhone(page);
});
