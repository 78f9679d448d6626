import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { APIRequestContext, Page } from "@playwright/test";
import { createInvitation } from "@/lib/contracts/accounts";
import { call } from "./support/api";
import type { Project } from "./support/project";
import { expect, test } from "./support/test";

const PASSWORD = "only looking around";

/** A member of their own, so that nothing here happens to the owner whom the other specs sign in as. */
async function join(owner: APIRequestContext, project: Project, page: Page): Promise<string> {
  const email = `ada.${randomUUID()}@dumont.test`;
  const { link } = await call(owner, createInvitation, {
    params: { project_id: project.id },
    body: { email, role: "member" },
  });
  await page.goto(link);
  await page.getByLabel("Your name").fill("Ada");
  await page.getByLabel("Choose a password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account and join" }).click();
  await expect(page).toHaveURL("/app");
  return email;
}

test("one's own account: name, address, password, export, and the way out", async ({ owner, project, another }) => {
  test.slow(); // A password is slow to check by design.
  const page = await another();
  const email = await join(owner, project, page);
  await page.getByRole("button", { name: `Account: ${email}` }).click();
  await page.getByRole("menuitem", { name: "Account" }).click();
  await expect(page.getByRole("heading", { name: "Account", level: 1 })).toBeVisible();

  await test.step("the name", async () => {
    await page.getByLabel("Your name").fill("Ada Lovelace");
    await page.getByRole("button", { name: "Save name" }).click();
    await expect(page.getByText("Your name is saved")).toBeVisible();
  });

  const changed = `lovelace.${randomUUID()}@dumont.test`;
  await test.step("the address, with the password only", async () => {
    await page.getByLabel("E-mail", { exact: true }).fill(changed);
    await page.getByLabel("Password, to show that it is you").fill("a wrong password");
    await page.getByRole("button", { name: "Change address" }).click();
    await expect(page.getByText("That is not your current password.")).toBeVisible();
    await page.getByLabel("Password, to show that it is you").fill(PASSWORD);
    await page.getByRole("button", { name: "Change address" }).click();
    await expect(page.getByRole("button", { name: `Account: ${changed}` })).toBeVisible();
  });

  await test.step("the password; this browser stays signed in", async () => {
    await page.getByLabel("Current password").fill(PASSWORD);
    await page.getByLabel("New password").fill("another good password");
    await page.getByRole("button", { name: "Change password" }).click();
    await expect(page.getByText("Your password is changed")).toBeVisible();
    await page.reload();
    await expect(page.getByRole("heading", { name: "Account", level: 1 })).toBeVisible();
  });

  await test.step("what is kept, as a file", async () => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download" }).click(),
    ]);
    const kept: unknown = JSON.parse(await readFile(await download.path(), "utf8"));
    expect(kept).toMatchObject({ account: { email: changed, name: "Ada Lovelace" } });
  });

  await test.step("deleting says first what becomes of the projects", async () => {
    await page.getByRole("button", { name: "Delete account" }).click();
    const dialog = page.getByRole("dialog", { name: "Delete your account?" });
    await expect(dialog.getByText("stays with its other owners")).toBeVisible();
    await dialog.getByLabel("Your e-mail address, typed again").fill("somebody@else.example");
    await dialog.getByLabel("Password", { exact: true }).fill("another good password");
    await dialog.getByRole("button", { name: "Delete account" }).click();
    await expect(dialog.getByText("Type your own address, to show that you mean it.")).toBeVisible();
    await dialog.getByLabel("Your e-mail address, typed again").fill(changed);
    await dialog.getByRole("button", { name: "Delete account" }).click();
    await expect(page).toHaveURL(/\/login/);
  });
});

test("the last owner of a team is told what to do first", async ({ page, owner, project, another }) => {
  await join(owner, project, await another());
  await page.goto("/app/account");
  await page.getByRole("button", { name: "Delete account" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete your account?" });
  await expect(dialog.getByText(/You are the only owner of/).first()).toBeVisible();
  await expect(dialog.getByLabel("Your e-mail address, typed again")).toHaveCount(0);
});
