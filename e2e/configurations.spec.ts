import type { Page } from "@playwright/test";
import { commitVersion } from "@/lib/contracts/config-versions";
import { createConfiguration, listConfigurations } from "@/lib/contracts/configurations";
import { deploy } from "@/lib/contracts/deployments";
import { expectAccessible, expectFitsPhone } from "./support/accessible";
import { call } from "./support/api";
import { makePremium, newPool } from "./support/fleet";
import { expect, test } from "./support/test";

const editorOf = (page: Page) => page.getByRole("textbox", { name: "Text of default" });

/** Replaces all of the text. */
async function write(page: Page, text: string): Promise<void> {
  await editorOf(page).press("Control+a");
  await page.keyboard.insertText(text);
}

async function commitFromEditor(page: Page, message: string): Promise<void> {
  await page.getByRole("button", { name: "Review and commit" }).click();
  const dialog = page.getByRole("dialog", { name: /^Commit default/ });
  await dialog.getByRole("textbox", { name: "Message" }).fill(message);
  await dialog.getByRole("button", { name: "Commit", exact: true }).click();
  await expect(dialog).toBeHidden();
}

test("a configuration is written, mended, committed, compared, deployed and rolled back", async ({
  page,
  owner,
  project,
}) => {
  await page.goto("/app/configurations");
  await expect(page.getByText("No configurations yet")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "New configuration" }).first().click();
  const create = page.getByRole("dialog", { name: "New configuration" });
  await create.getByRole("textbox", { name: "Name" }).fill("LLM Serving");
  await create.getByRole("combobox", { name: "Application" }).fill("Assistant");
  await create.getByRole("button", { name: "Create configuration" }).click();
  await expect(create.getByText(/Use lower-case letters/)).toBeVisible();
  await expectAccessible(page);
  await create.getByRole("textbox", { name: "Name" }).fill("llm-serving");
  await create.getByRole("button", { name: "Create configuration" }).click();

  // The first version, with a field that is not one.
  await expect(page.getByRole("heading", { level: 1, name: "llm-serving" })).toBeVisible();
  await expect(page.getByText("The text is a valid launch template")).toBeVisible();
  await write(page, 'image: example/vllm:1\ndisk: 100\nenv:\n  MODEL: "llama"\n');
  const problem = page.getByRole("button", { name: /^Line 2: disk There is no field "disk"/ });
  await expect(problem).toBeVisible();
  await expect(page.getByRole("button", { name: "Review and commit" })).toHaveAttribute("aria-disabled", "true");
  await expect(page.locator(".cm-lint-marker-error")).toHaveCount(1);
  await expectAccessible(page);
  await expectFitsPhone(page);
  await problem.click();
  await expect(editorOf(page)).toBeFocused();
  await page.keyboard.press("Home");
  await page.keyboard.insertText("disk_gb: 100 # ");
  await expect(page.getByText("The text is a valid launch template")).toBeVisible();

  // Escape and then Tab leaves the editor, Tab alone does not.
  await editorOf(page).focus();
  await page.keyboard.press("Tab");
  await expect(editorOf(page)).toBeFocused();
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  await expect(editorOf(page)).not.toBeFocused();

  await commitFromEditor(page, "Serve a model");
  await expect(page.getByText("default 1 was committed")).toBeVisible();

  // The other format and back; a second version.
  await page.getByRole("radio", { name: "JSON" }).click();
  await expect(editorOf(page)).toContainText('"disk_gb": 100');
  await page.getByRole("radio", { name: "YAML" }).click();
  await expect(editorOf(page)).toContainText("disk_gb: 100 #");
  await write(page, 'image: example/vllm:2\ndisk_gb: 100\nenv:\n  MODEL: "qwen"\n');
  await commitFromEditor(page, "Try another model");

  await page.getByRole("link", { name: "Versions" }).click();
  const versions = page.getByRole("table", { name: "Versions, newest first" });
  await expect(versions.getByRole("row")).toHaveCount(3);
  await expect(versions.getByRole("row", { name: /Try another model/ })).toBeVisible();
  await expectAccessible(page);
  await expectFitsPhone(page);
  await page.getByRole("button", { name: "Show default 1" }).click();
  await expect(page.getByRole("dialog", { name: "default 1" })).toContainText("example/vllm:1");
  await page.keyboard.press("Escape");

  await page.getByRole("link", { name: "Compare default 2 with default 1" }).click();
  await expect(page.getByRole("table", { name: "Fields that differ" })).toContainText("env.MODEL");
  await expect(page.getByText("2 fields differ.", { exact: false })).toBeVisible();
  const added = page.locator('tr[data-kind="added"]').filter({ hasText: "vllm:2" });
  await expect(added).toContainText("added: ");
  await expect(added).toContainText("+ ");
  await expectAccessible(page);
  await page.getByRole("radio", { name: "Side by side" }).click();
  await expect(page.getByRole("columnheader", { name: "default 1", exact: true }).last()).toBeVisible();
  await expectAccessible(page);
  await expectFitsPhone(page);

  // Into production, forth and back.
  await page.getByRole("link", { name: "Deployments" }).click();
  await expect(page.getByText("Nothing was deployed yet")).toBeVisible();
  for (const version of ["default 1", "default 2"]) {
    await page.getByRole("button", { name: "Deploy to production" }).click();
    const dialog = page.getByRole("dialog", { name: "Deploy llm-serving" });
    await dialog.getByRole("combobox", { name: "Version" }).click();
    await page.getByRole("option", { name: version }).click();
    await expect(dialog.getByRole("status").first()).toContainText(
      version === "default 1" ? "Nothing is in force in production yet" : "In force in production now: default 1",
    );
    if (version === "default 2") await expectAccessible(page);
    await dialog.getByRole("button", { name: `Deploy ${version} to production` }).click();
    await expect(dialog).toBeHidden();
  }
  const history = page.getByRole("table", { name: "Deployments, newest first" });
  await expect(history.getByRole("row")).toHaveCount(3);
  await expectAccessible(page);
  await expectFitsPhone(page);
  await page.getByRole("button", { name: "Roll back production to deployment 1" }).click();
  const ask = page.getByRole("alertdialog", { name: "Roll production back to default 1?" });
  await expect(ask).toContainText("In force now: default 2");
  await expectAccessible(page);
  await ask.getByRole("textbox", { name: "Message" }).fill("Too slow");
  await ask.getByRole("button", { name: "Roll back", exact: true }).click();
  await expect(ask).toBeHidden();
  await expect(history.getByRole("row", { name: /production 3/ })).toContainText("rollback to 1");
  await expect(history.getByRole("row", { name: /production 3/ })).toContainText("in force");

  await page.getByRole("link", { name: "Evaluations" }).click();
  await page.getByRole("button", { name: "Add evaluation" }).click();
  const evaluation = page.getByRole("dialog", { name: "Add evaluation" });
  await evaluation.getByRole("combobox", { name: "Version" }).click();
  await page.getByRole("option", { name: "default 2" }).click();
  await evaluation.getByRole("textbox", { name: "What was evaluated" }).fill("Regression suite");
  await evaluation.getByRole("textbox", { name: "Score" }).fill("0.93");
  await evaluation.getByRole("textbox", { name: "Metrics" }).fill("tokens_per_second 2140");
  await expectAccessible(page);
  await evaluation.getByRole("button", { name: "Add evaluation" }).click();
  await expect(page.getByRole("table", { name: "Evaluations, newest first" })).toContainText("0.93");
  await expectAccessible(page);
  await expectFitsPhone(page);

  const { data } = await call(owner, listConfigurations, { params: { project_id: project.id }, query: {} });
  expect(data[0]?.in_force).toMatchObject([{ environment: "production", number: 3, version: { version: 1 } }]);
  await page.getByRole("link", { name: "Configurations" }).first().click();
  await expect(page.getByRole("row", { name: /llm-serving/ })).toContainText("production");
  await expectAccessible(page);
  await expectFitsPhone(page);
});

test("who is late keeps the text, sees what was committed meanwhile, and decides", async ({ page, owner, project }) => {
  const params = { project_id: project.id };
  const { id } = await call(owner, createConfiguration, {
    params,
    body: { name: "serving", application: "Assistant" },
  });
  const commit = (source: string, base_version: number) =>
    call(owner, commitVersion, {
      params: { ...params, config_id: id, variant: "default" },
      body: { source, base_version, message: `Version ${base_version + 1}` },
    });
  await commit("image: example/app:1\n", 0);

  await page.goto(`/app/configurations/${id}/editor`);
  await write(page, "image: example/mine:1\n");
  await commit("image: example/theirs:2\n", 1);
  const notice = page.getByText("default 2 was committed meanwhile");
  await expect(notice).toBeVisible();
  await expect(editorOf(page)).toContainText("example/mine:1");
  await expect(page.getByRole("button", { name: "Review and commit" })).toHaveAttribute("aria-disabled", "true");
  await page.getByRole("button", { name: "Show the differences" }).click();
  await expect(page.locator('tr[data-kind="removed"]')).toContainText("example/theirs:2");
  await expectAccessible(page);

  // Another page of the console, and back: nothing of it is lost.
  await page.getByRole("link", { name: "Deployments" }).click();
  await expect(page.getByText("Nothing was deployed yet")).toBeVisible();
  await page.getByRole("link", { name: "Editor" }).click();
  await expect(editorOf(page)).toContainText("example/mine:1");
  await page.getByRole("button", { name: "Keep my text" }).click();
  await expect(notice).toBeHidden();
  await commitFromEditor(page, "Mine after all");
  const { data } = await call(owner, listConfigurations, { params, query: {} });
  expect(data[0]?.variants).toMatchObject([{ name: "default", head: 3 }]);
});

test("the booking form offers what there is, and warns of what is not in force", async ({ page, owner, project }) => {
  await newPool(owner);
  await makePremium(owner, project);
  const params = { project_id: project.id };
  const { id } = await call(owner, createConfiguration, {
    params,
    body: { name: "serving", application: "Assistant" },
  });
  const one = { ...params, config_id: id };
  await call(owner, commitVersion, {
    params: { ...one, variant: "default" },
    body: { source: "image: example/app:1\n", base_version: 0 },
  });
  await call(owner, deploy, { params: one, body: { environment: "staging", variant: "default", version: 1 } });
  await page.goto("/app/reservations?view=list");
  await page.getByRole("button", { name: "Book GPUs" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Book GPUs" });
  await dialog.getByRole("button", { name: /^Title, configuration and more/ }).click();
  await dialog.getByRole("combobox", { name: "Configuration" }).fill("serving");
  await dialog.getByRole("combobox", { name: "Environment" }).fill("production");
  await expect(
    dialog.getByText("“serving” is not deployed in “production”, but in staging.", { exact: false }),
  ).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("combobox", { name: "Environment" }).fill("staging");
  await expect(dialog.getByText("In force there: default 1.")).toBeVisible();
  await expect(dialog.getByText("is not deployed in")).toBeHidden();
});
