import { expectAccessible, expectFitsPhone } from "./support/accessible";
import { INSTALLATIONS, OWNER, ownerSession } from "./support/installation";
import { expect, test } from "./support/test";

for (const [index, installation] of INSTALLATIONS.entries()) {
  test.describe(`for worker ${index}`, () => {
    test.use({ baseURL: installation.url });

    test("a new installation is set up in the browser", async ({ page, context }) => {
      await page.goto("/");
      await expect(page).toHaveURL("/setup");
      await expect(page.getByRole("heading", { name: "Set up Dumont" })).toBeVisible();
      await expectAccessible(page);
      await expectFitsPhone(page);

      const create = page.getByRole("button", { name: "Create account and project" });
      await test.step("what is missing or wrong is said beside its field", async () => {
        await create.click();
        await expect(page.getByRole("main").getByRole("alert")).toHaveText([
          "Enter a name",
          "Enter an e-mail address",
          "Use at least 10 characters",
          "Enter a name",
        ]);
        await expect(page.getByLabel("Your name")).toBeFocused();
        await page.getByLabel("E-mail").fill("olga@");
        await page.getByLabel("Password", { exact: true }).fill("too short");
        await expect(page.getByLabel("E-mail")).toHaveAccessibleDescription(/Enter an e-mail address/);
        await expect(page.getByLabel("Password", { exact: true })).toHaveAccessibleDescription(
          /at least 10 characters/,
        );
        await expectAccessible(page);
      });

      await page.getByLabel("Your name").fill(OWNER.name);
      await page.getByLabel("E-mail").fill(OWNER.email);
      await page.getByLabel("Password", { exact: true }).fill(OWNER.password);
      await page.getByLabel("Project").fill("Fleet");
      await expect(page.getByRole("main").getByRole("alert")).toHaveCount(0);
      await expect(page.getByRole("checkbox", { name: "Load demo data" })).not.toBeChecked();
      await create.click();

      await expect(page).toHaveURL("/app");
      await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
      await expect(page.getByRole("button", { name: "Project: Fleet. Switch project" })).toBeVisible();
      await expect(page.getByRole("list").getByText("Create a webhook")).toBeVisible();

      await page.goto("/setup");
      await expect(page, "it cannot be set up twice").toHaveURL("/app");
      await context.storageState({ path: ownerSession(installation) });
    });
  });
}
