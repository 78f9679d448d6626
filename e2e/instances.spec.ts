import type { APIRequestContext, Page } from "@playwright/test";
import { commitVersion } from "@/lib/contracts/config-versions";
import { createConfiguration } from "@/lib/contracts/configurations";
import { deploy } from "@/lib/contracts/deployments";
import { listInstances } from "@/lib/contracts/instances";
import { expectAccessible, expectFitsPhone } from "./support/accessible";
import { call } from "./support/api";
import { bookFromNow, bookGpus, makePremium, newPool } from "./support/fleet";
import type { Project } from "./support/project";
import { expect, test } from "./support/test";

const MINUTE = 60_000;
/** For a boot. */
const UNTIL_IT_RUNS = 2 * MINUTE;

const TEMPLATE = `image: vllm/vllm-openai:v0.11
env:
  MODEL: llama-4-scout
start_script: |
  vllm serve "$MODEL"
ports: [8000]
`;

test("what was booked boots, tells what happens, is snapshot, stopped and started, all without a reload", async ({
  page,
  owner,
  project,
}) => {
  test.setTimeout(UNTIL_IT_RUNS + 5 * MINUTE);
  const pool = await newPool(owner, { granularity_minutes: 1 });
  await makePremium(owner, project);
  await deployTemplate(owner, project);
  const serving = { gpus: 4, hours: 1, title: "Serving", config: "serving", environment: "production" };
  const name = "Serving 1";

  await test.step("a reservation that has not begun says what will boot", async () => {
    const tomorrow = Math.ceil(Date.now() / MINUTE) * MINUTE + 24 * 60 * MINUTE;
    const { id } = await bookGpus(owner, project, { ...serving, pool, from: tomorrow });
    await page.goto(`/app/reservations/${id}`);
    await expect(page.getByText(/as it is deployed to “production” then\. Now that is default 1\./)).toBeVisible();
    await expectAccessible(page);
    await expectFitsPhone(page);
  });

  await test.step("one that begins shows it running, without a reload", async () => {
    const { id } = await bookFromNow(owner, project, { ...serving, pool });
    await page.goto(`/app/reservations/${id}`);
    await expect(page.getByRole("heading", { name: "Serving", level: 1 })).toBeVisible();
    await page.evaluate(() => Reflect.set(window, "notReloaded", true));
    const row = instances(page).getByRole("row", { name: new RegExp(name) });
    await expect(row).toContainText("Running", { timeout: UNTIL_IT_RUNS });
    expect(await page.evaluate(() => Reflect.get(window, "notReloaded"))).toBe(true);
    await row.getByRole("link", { name }).click();
  });

  const log = page.getByRole("table", { name: "Log, newest first" });
  const life = page.getByRole("list", { name: "Life cycle" });
  await test.step("its page tells where it is reached, what it boots, and how it came up", async () => {
    await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
    await page.evaluate(() => Reflect.set(window, "notReloaded", true));
    await expect(page.getByText(/^curl http:\/\/fra-.*\.simulated\.internal:\d+$/)).toBeVisible();
    await expect(page.getByText("MODEL=llama-4-scout")).toBeVisible();
    await expect(page.getByText("vllm/vllm-openai:v0.11").first()).toBeVisible();
    await expect(page.getByText("default 1")).toBeVisible();
    await expect(log).toContainText("It runs and can be reached at");
    await expect(log).toContainText("Its GPUs are free: it starts.");
    await expect(life.getByRole("listitem")).toContainText(["Requested", "Starting", "Running"]);
    await expectAccessible(page);
    await expectFitsPhone(page);
  });

  await test.step("a snapshot is taken and completes", async () => {
    await page.getByRole("button", { name: "Take snapshot" }).click();
    const dialog = page.getByRole("alertdialog", { name: `Take a snapshot of ${name}` });
    await dialog.getByLabel("Name").fill("Weights loaded");
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Take snapshot" }).click();
    const row = page
      .getByRole("table", { name: "Snapshots, newest first" })
      .getByRole("row", { name: /Weights loaded/ });
    await expect(row).toContainText("Completed", { timeout: 90_000 });
    await expect(row).toContainText("simulated://snapshots/");
    await expect(row.getByRole("button", { name: "Copy the checksum of disk.img" })).toBeVisible();
    await expect(log).toContainText("is stored.");
  });

  await test.step("it is stopped after a question, and started again", async () => {
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    const question = page.getByRole("alertdialog", { name: `Stop ${name}?` });
    await expect(question).toContainText("What is on its disk is lost");
    await question.getByRole("button", { name: "Stop instance" }).click();
    await expect(page.getByText("It was stopped by hand.", { exact: false })).toBeVisible({ timeout: 60_000 });
    await expect(life.getByRole("listitem").last()).toContainText("Stopped");
    await expect(page.getByText(/^curl /)).toBeHidden();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Start", exact: true }).click();
    await expect(life.getByRole("listitem").last()).toContainText("Running");
    await expect(page.getByText(/^curl http:/)).toBeVisible({ timeout: 90_000 });
    await expect(log).toContainText("It is asked to start.");
    expect(await page.evaluate(() => Reflect.get(window, "notReloaded"))).toBe(true);
  });

  await test.step("its GPUs boot anew with something else, once none of its instances has them", async () => {
    const [last] = (await call(owner, listInstances, { params: { project_id: project.id } })).data;
    await page.goto(`/app/reservations/${last?.reservation_id}`);
    const anew = page.getByRole("button", { name: "Boot anew" });
    await expect(anew).toHaveAttribute("aria-disabled", "true");
    await expect(page.getByText(`“${name}” is running. Stop it first, then boot anew.`)).toBeVisible();
    await expectAccessible(page);
    await page.goto(`/app/instances/${last?.id}`);
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Stop instance" }).click();
    await anew.click({ timeout: 60_000 });
    const dialog = page.getByRole("dialog", { name: "Boot its GPUs anew" });
    await expect(dialog).toContainText(`takes the place of “${name}”, which then cannot be started again`);
    await expect(dialog.getByLabel("Configuration")).toHaveValue("serving");
    await dialog.getByLabel("Configuration").fill("");
    await dialog.getByLabel("Environment").fill("");
    await dialog.getByRole("button", { name: /^More/ }).click();
    await dialog.getByLabel("Webhook URL").fill("http://10.0.0.1/");
    await dialog.getByRole("button", { name: "Boot anew" }).click();
    await expect(dialog.getByLabel("Webhook URL")).toHaveAttribute("aria-invalid", "true");
    await expectAccessible(page);
    await expectFitsPhone(page);
    await dialog.getByLabel("Webhook URL").fill("");
    await dialog.getByRole("button", { name: "Boot anew" }).click();
    await expect(dialog).toBeHidden();
    await expect(page).not.toHaveURL(new RegExp(last?.id ?? "-"));
    await expect(page.getByText("No configuration was named, so a plain machine boots.")).toBeVisible();
    await expect(life.getByRole("listitem")).toContainText(["Requested", "Starting", "Running"]);
    await expect(page.getByText("It can be reached.")).toBeVisible({ timeout: 90_000 });
  });

  await test.step("the lists show it, narrowed by what the address says", async () => {
    await page.goto("/app/instances");
    await expect(
      instances(page)
        .getByRole("row", { name: new RegExp(name) })
        .last(),
    ).toContainText("serving");
    await expectAccessible(page);
    await expectFitsPhone(page);
    await page.getByRole("button", { name: "Status" }).click();
    await page.getByRole("option", { name: "Failed" }).click();
    await expect(page).toHaveURL(/status=failed/);
    await expect(page.getByText("No instance matches these filters")).toBeVisible();
    await page.goto("/app");
    await expect(page.getByRole("heading", { name: "Running now" })).toBeVisible();
    await page.getByRole("link", { name: "See instances" }).click();
    await expect(instances(page).getByRole("row", { name: new RegExp(name) })).toBeVisible();
    await page.goto(`/app/admin/compute/instances?project_id=${project.id}`);
    const all = page.getByRole("table", { name: "Instances of all projects, newest first" });
    await expect(all.getByRole("row", { name: new RegExp(project.name) }).first()).toContainText(name);
    await expectAccessible(page);
    await expectFitsPhone(page);
  });
});

test("a fault is added, told in plain words, and removed", async ({ page }) => {
  await page.goto("/app/admin/compute/faults");
  const table = page.getByRole("table", { name: "Faults in force" });
  await page.getByRole("button", { name: "Add fault" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a fault" });
  await dialog.getByRole("button", { name: "Add fault" }).click();
  await expect(dialog.getByLabel("Machine")).toHaveAccessibleDescription(/Say which machine is down/);
  await dialog.getByRole("combobox", { name: "What happens" }).click();
  await page.getByRole("option", { name: "Slow start" }).click();
  await dialog.getByLabel("Machine").fill("nobody-01");
  await dialog.getByLabel("How often").fill("3");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Add fault" }).click();
  await expect(dialog).toBeHidden();
  const row = table.getByRole("row", { name: /nobody-01/ });
  await expect(row).toContainText("Booting takes ten times as long");
  await expect(row).toContainText("3 times more");
  await expectAccessible(page);
  await expectFitsPhone(page);
  await row.getByRole("button", { name: "Remove: Slow start, nobody-01" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove fault" }).click();
  await expect(row).toBeHidden();
});

function instances(page: Page) {
  return page.getByRole("table", { name: "Instances, newest first" });
}

/** A configuration that is deployed to production. */
async function deployTemplate(owner: APIRequestContext, { id }: Project): Promise<void> {
  const params = { project_id: id };
  const config = await call(owner, createConfiguration, {
    params,
    body: { name: "serving", application: "Assistant" },
  });
  const one = { ...params, config_id: config.id };
  await call(owner, commitVersion, {
    params: { ...one, variant: "default" },
    body: { source: TEMPLATE, base_version: 0 },
  });
  await call(owner, deploy, {
    params: one,
    body: { environment: "production", variant: "default", version: 1 },
  });
}
