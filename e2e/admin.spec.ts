import { writeFileSync } from "node:fs";
import { expectAccessible, expectFitsPhone } from "./support/accessible";
import { inDatabase } from "./support/database";
import { WEBHOOKS_FILE } from "./support/installation";
import { expect, test } from "./support/test";

/** A webhook of the project that the file is told, so that its pages can be opened. */
function declare(projectId: string, more = ""): void {
  writeFileSync(
    WEBHOOKS_FILE,
    `webhooks:
  - id: billing
    description: Billing from the file
    url: https://billing.example.com/hooks
    secret: e2e_secret
    events: ["reservation.*"]
    project: ${projectId}
${more}`,
  );
}

test.afterAll(() => writeFileSync(WEBHOOKS_FILE, "webhooks: []\n"));

test("a worker that cannot send is told from one that can, with what keeps it from that", async ({ page }) => {
  const trouble = "No name server could be reached to look up the host name; the request was not sent.";
  await inDatabase(async (client) => {
    await client.query(
      `INSERT INTO worker_beat (id, host, pid, started_at, beat_at, trouble)
       VALUES ('cut-off', 'cut-off', 1, now(), now() + interval '1 minute', $1)`,
      [trouble],
    );
  });
  await page.goto("/app/admin");
  const workers = page.getByRole("table", { name: "Workers" });
  const cutOff = workers.getByRole("row", { name: /cut-off/ });
  await expect(cutOff).toContainText("Cannot send");
  await expect(cutOff).toContainText(trouble);
  await expect(workers.getByText("Alive")).toHaveCount(1);
  await expectAccessible(page);
  await expectFitsPhone(page);
  await inDatabase(async (client) => {
    await client.query("DELETE FROM worker_beat WHERE id = 'cut-off'");
  });
});

test("webhooks come from the file, read-only, and a bad file changes nothing", async ({ page, project }) => {
  declare(project.id);
  await page.goto("/app");
  await page.getByRole("link", { name: "Installation", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Installation", level: 1 })).toBeVisible();
  await page.getByRole("button", { name: "Reload", exact: true }).click();
  const table = page.getByRole("table", { name: "Webhooks from the configuration file" });
  const row = table.getByRole("row", { name: /billing/ });
  await expect(row).toContainText("e2e_secret");
  await expect(row).toContainText(project.name);
  await expect(row).toContainText("Healthy");
  await expect(page.getByText("1 worker alive.")).toBeVisible();
  await expectAccessible(page);
  await expectFitsPhone(page);

  await test.step("a file with mistakes is refused, each told with its line", async () => {
    declare(
      project.id,
      "  - id: billing\n    url: http://10.0.0.1/\n    secret: nowhere\n    events: []\n    colour: red\n",
    );
    await page.getByRole("button", { name: "Reload", exact: true }).click();
    const mistakes = page.getByRole("list", { name: "Mistakes in the file" });
    for (const mistake of [/Line 8.*webhooks\[1\]\.id.*taken/, /Line 9.*url/, /Line 11.*events/, /Line 12.*colour/]) {
      await expect(mistakes.getByRole("listitem").filter({ hasText: mistake })).toBeVisible();
    }
    await expect(row).toContainText("Healthy");
    await expectAccessible(page);
    await expectFitsPhone(page);
  });

  await test.step("its page says where it comes from, and nothing can be changed there", async () => {
    await row.getByRole("link", { name: "billing" }).click();
    await expect(page.getByRole("heading", { name: "Billing from the file" })).toBeVisible();
    await expect(page.getByText("From file")).toBeVisible();
    await expect(
      page.getByText(/^This webhook is declared in .*webhooks\.yaml; change it there\.$/).first(),
    ).toBeVisible();
    await expect(page.getByText("e2e_secret")).toBeVisible();
    await expect(page.getByRole("switch", { name: "Enabled" })).toHaveAttribute("aria-disabled", "true");
    await expectAccessible(page);
  });

  await test.step("the file is noticed when it is mended, without a reload", async () => {
    declare(project.id, "    enabled: false\n");
    await expect(page.getByText("This webhook is disabled")).toBeVisible();
  });
});

test("clean-up counts first and asks before it removes", async ({ page, api }) => {
  await api.webhook();
  await api.emit("instance.started");
  await api.settled();
  await page.goto("/app/admin");
  const days = page.getByLabel("Remove what is older than, in days");
  await expect(days).toHaveValue("30");
  await days.fill("0");
  await expect(page.getByRole("button", { name: "Count first" })).toBeDisabled();
  await expect(days).toHaveAccessibleDescription(/whole number from 1/);
  await days.fill("3650");
  await page.getByRole("button", { name: "Count first" }).click();
  await expect(page.getByText(/^No event is older than 3,650 days/)).toBeVisible();
  expect(await api.deliveries()).toHaveLength(1);
});

test("only for whoever runs the installation", async ({ another, api, openClient, project }) => {
  const page = await another();
  await page.goto("/app/admin");
  await expect(page).toHaveURL(/\/login/);
  const client = await openClient(api.key);
  for (const path of ["status", "webhooks/endpoints", "webhooks/deliveries"]) {
    expect((await client.get(`/api/v1/admin/${path}`)).status(), `${path} of ${project.name}`).toBe(403);
  }
  expect((await client.get("/api/metrics")).status()).toBe(401);
});
