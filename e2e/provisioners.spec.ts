import { randomUUID } from "node:crypto";
import { type ReferenceProvisioner, startReferenceProvisioner } from "@/lib/compute/http/testing";
import { expectAccessible, expectFitsPhone } from "./support/accessible";
import { newPool } from "./support/fleet";
import { PROVISIONER_PORT } from "./support/installation";
import { expect, test } from "./support/test";

test("a provisioner is added, called, given a pool, gets another secret and is removed", async ({ page, owner }) => {
  const name = `Rack ${randomUUID().slice(0, 6)}`;
  const url = `http://localhost:${PROVISIONER_PORT}/`;
  const row = page.getByRole("table", { name: "Provisioners" }).getByRole("row", { name });
  let reference: ReferenceProvisioner | undefined;
  try {
    await page.goto("/app/admin/compute/provisioners");
    await expect(page.getByRole("heading", { name: "Provisioners", level: 1 })).toBeVisible();

    await test.step("a URL that may not be called is refused beside its field", async () => {
      await page.getByRole("button", { name: "Add provisioner" }).click();
      const dialog = page.getByRole("dialog", { name: "Add provisioner" });
      await dialog.getByLabel("Name").fill(name);
      await dialog.getByLabel("URL").fill("https://10.0.0.1/");
      await dialog.getByRole("button", { name: "Add provisioner" }).click();
      await expect(dialog.getByLabel("URL")).toHaveAccessibleDescription(/not a public address/);
      await dialog.getByLabel("URL").fill(url);
      await dialog.getByRole("button", { name: "Add provisioner" }).click();
    });

    await test.step("its secret is shown once, and it answers", async () => {
      const dialog = page.getByRole("dialog", { name: `Secret of ${name}` });
      const secret = /whsec_[A-Za-z0-9+/=]+/.exec((await dialog.textContent()) ?? "")?.[0] ?? "";
      reference = await startReferenceProvisioner({
        PROVISIONER_SECRET: secret,
        PROVISIONER_PORT: String(PROVISIONER_PORT),
      });
      await expectAccessible(page);
      await expectFitsPhone(page);
      await page.keyboard.press("Escape");
      await expect(dialog).toBeVisible();
      await dialog.getByRole("button", { name: "I have stored it" }).click();
      await expect(row).toContainText("Not called yet");
      await row.getByRole("button", { name: `Check ${name}` }).click();
      await expect(page.getByText(`${name} answers`)).toBeVisible();
      await expect(row).toContainText("Answers");
    });

    const pool = await newPool(owner);
    await test.step("a pool is run by it", async () => {
      await page.goto(`/app/admin/fleet/pools/${pool.id}`);
      await page.getByRole("button", { name: "Change", exact: true }).click();
      const dialog = page.getByRole("dialog", { name: /^Change/ });
      await dialog.getByLabel("Machines").click();
      await page.getByRole("option", { name: "Own machines" }).click();
      await dialog.getByRole("button", { name: "Save" }).click();
      await expect(dialog.getByLabel("Provisioner")).toHaveAccessibleDescription(/Choose the provisioner/);
      await expectAccessible(page);
      await dialog.getByLabel("Provisioner").click();
      await page.getByRole("option", { name }).click();
      await dialog.getByRole("button", { name: "Save" }).click();
      await expect(dialog).toBeHidden();
      await expect(page.getByText("Own machines")).toBeVisible();
    });

    await test.step("it stays while the pool has it", async () => {
      await page.goto("/app/admin/compute/provisioners");
      await expect(row.getByRole("link", { name: pool.name })).toBeVisible();
      await expectAccessible(page);
      await expectFitsPhone(page);
      await row.getByRole("button", { name: `More actions for ${name}` }).click();
      await page.getByRole("menuitem", { name: "Remove…" }).click();
      const question = page.getByRole("alertdialog");
      await question.getByRole("button", { name: "Remove provisioner" }).click();
      await expect(question).toContainText("It runs the machines of");
      await question.getByRole("button", { name: "Cancel" }).click();
    });

    await test.step("with another secret it refuses calls", async () => {
      await row.getByRole("button", { name: `More actions for ${name}` }).click();
      await page.getByRole("menuitem", { name: "Replace the secret…" }).click();
      await page.getByRole("alertdialog").getByRole("button", { name: "Replace secret" }).click();
      await page.getByRole("button", { name: "I have stored it" }).click();
      await row.getByRole("button", { name: `Check ${name}` }).click();
      await expect(row).toContainText("Failing");
      await expect(row).toContainText("The signature is wrong.");
      await expectAccessible(page);
    });

    await test.step("without a pool it can go", async () => {
      await owner.patch(`/api/v1/pools/${pool.id}`, {
        data: { compute_provider: null, provisioner_id: null, version: 2 },
      });
      await page.reload();
      await expect(row).toContainText("None");
      await row.getByRole("button", { name: `More actions for ${name}` }).click();
      await page.getByRole("menuitem", { name: "Remove…" }).click();
      await page.getByRole("alertdialog").getByRole("button", { name: "Remove provisioner" }).click();
      await expect(row).toHaveCount(0);
    });
  } finally {
    await reference?.close();
  }
});
