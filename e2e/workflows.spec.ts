import { publishArtifact, publishArtifactSync } from "@/lib/contracts/artifacts";
import { emitEvent } from "@/lib/contracts/events";
import { updateReceiver } from "@/lib/contracts/receiver";
import { expectAccessible, expectFitsPhone } from "./support/accessible";
import { call } from "./support/api";
import { expect, test } from "./support/test";

test.describe("workflows", () => {
  test("an artifact that is published shows what it led to, and all of it reaches the webhook in sequence", async ({
    page,
    api,
  }) => {
    const { url } = await api.receiver();
    await page.goto("/app/workflows");
    await expect(page.getByText("No workflows yet")).toBeVisible();
    await page.getByRole("button", { name: "Publish artifact" }).first().click();
    const dialog = page.getByRole("dialog", { name: "Publish an artifact" });
    await dialog.getByLabel("Payload").fill("{");
    await dialog.getByRole("button", { name: "Publish" }).click();
    await expect(dialog.getByText(/^This is not JSON/)).toBeVisible();
    await dialog
      .getByLabel("Payload")
      .fill('{"snapshot_id": "snp_1", "instance_id": "ins_1", "size_bytes": 1, "checksums": {"a": "sha256:1"}}');
    await dialog.getByLabel("Tags").fill("nightly, first");
    await dialog.getByLabel("Webhook URL").fill("http://10.0.0.1/");
    await dialog.getByRole("button", { name: "Publish" }).click();
    await expect(dialog.getByLabel("Webhook URL")).toHaveAccessibleDescription(/The URL must start with https/);
    await dialog.getByLabel("Webhook URL").fill(url);
    await dialog.getByRole("button", { name: "Publish" }).click();

    await expect(page).toHaveURL(/\/app\/workflows\/wfl_/);
    const tree = page.getByRole("list", { name: "2 artifacts" });
    await expect(tree.getByRole("listitem").filter({ hasText: "snapshot.manifest" }).first()).toBeVisible();
    await expect(page.getByRole("list", { name: "What number 1, snapshot.completed, led to" })).toContainText(
      "snapshot-manifest",
    );
    const events = page.getByRole("list", { name: "Events in sequence" });
    // By itself: nobody reloads.
    await expect(events.getByText("Delivered")).toHaveCount(2);
    await expect(page.getByText("Unsigned, in order, retried after 1, 2 and 4 seconds")).toBeVisible();
    await tree.getByRole("button", { name: /^snapshot.manifest/ }).press("Enter");
    await expect(page.getByText("file_count")).toBeVisible();
    await expectAccessible(page);
    await expectFitsPhone(page);

    await events
      .getByRole("link", { name: /^Delivery to/ })
      .first()
      .click();
    await expect(page.getByRole("link", { name: "Webhook of a request" })).toBeVisible();
    await page.getByRole("link", { name: "Event 1 of it" }).click();
    await expect(page).toHaveURL(/\/app\/workflows\/wfl_/);
  });

  test("a delivery that failed is retried from the workflow, and events appear as they happen", async ({
    page,
    api,
    owner,
  }) => {
    const { url } = await api.receiver();
    const params = { project_id: api.project.id };
    await call(owner, updateReceiver, { params, body: { status: 503 } });
    const { correlation_id } = await call(owner, emitEvent, {
      params,
      body: { type: "custom.job.begun", data: {}, webhook: { url } },
    });
    await page.goto(`/app/workflows/${correlation_id}`);
    const events = page.getByRole("list", { name: "Events in sequence" });
    await expect(events.getByText("Failed", { exact: true })).toBeVisible({ timeout: 30_000 });
    await call(owner, updateReceiver, { params, body: { status: 200 } });
    await events.getByRole("button", { name: "Retry" }).click();
    await expect(events.getByText("Delivered")).toBeVisible();
    await call(owner, emitEvent, { params, body: { type: "custom.job.ended", data: {}, correlation_id } });
    await expect(events.getByRole("link", { name: "custom.job.ended" })).toBeVisible();
    await expect(events.getByText("Delivered")).toHaveCount(2);
  });

  test("a long workflow is read on to its end, and branches of its artifacts fold", async ({ page, api, owner }) => {
    const params = { project_id: api.project.id };
    const correlation_id = "long";
    const body = { payload: { n: 1 }, produced_by: "e2e", correlation_id };
    const snapshot = { snapshot_id: "snp_1", instance_id: "ins_1", size_bytes: 1, checksums: { a: "sha256:1" } };
    await call(owner, publishArtifactSync, {
      params,
      body: { ...body, type: "snapshot.completed", payload: snapshot },
    });
    const report = () => call(owner, publishArtifact, { params, body: { ...body, type: "report.daily" } });
    for (let index = 0; index < 11; index += 1) await Promise.all(Array.from({ length: 10 }, report));
    await page.goto(`/app/workflows/${correlation_id}`);
    const tree = page.getByRole("list", { name: "100 artifacts", exact: true });
    await expect(tree).toBeVisible();
    await expect(page.getByText("Showing 100 of 112 artifacts")).toBeVisible();
    const fold = tree.getByRole("button", { name: "Led to 1 artifact: what number 1 led to" });
    const branch = tree.getByRole("list", { name: "What number 1, snapshot.completed, led to" });
    await expect(branch).toBeVisible();
    await fold.press("Enter");
    await expect(fold).toHaveAttribute("aria-expanded", "false");
    await expect(branch).toBeHidden();
    const loadMore = (title: string) =>
      page
        .locator("section", { has: page.getByRole("heading", { name: title }) })
        .getByRole("button", { name: "Load more" })
        .click();
    await loadMore("Artifacts");
    await expect(page.getByRole("list", { name: "112 artifacts", exact: true })).toBeVisible();
    const events = page.getByRole("list", { name: "Events in sequence" });
    await expect(events.getByRole("link", { name: "artifact.published" })).toHaveCount(100);
    await loadMore("Events");
    await expect(events.getByRole("link", { name: "artifact.published" })).toHaveCount(112);

    // More is asked for while the live stream has the list read again: it comes afterwards.
    for (let index = 0; index < 10; index += 1) await Promise.all(Array.from({ length: 10 }, report));
    const more = page.getByRole("list", { name: "200 artifacts", exact: true });
    await expect(page.getByText("Showing 200 of 212 artifacts")).toBeVisible();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let readAgain = 0;
    await page.route(/\/workflows\/long\/artifacts/, async (route) => {
      readAgain += 1;
      await held;
      await route.continue();
    });
    await report();
    await expect.poll(() => readAgain).toBeGreaterThan(0);
    await expect(more).toBeVisible();
    await loadMore("Artifacts");
    release();
    await expect(page.getByRole("list", { name: "213 artifacts", exact: true })).toBeVisible();
    await page.unroute(/\/workflows\/long\/artifacts/);
    await expectAccessible(page);
    await expectFitsPhone(page);
  });

  test("a processor of the project's own is registered, changed and deleted", async ({ page, api, owner }) => {
    await page.goto("/app/processors");
    await expect(page.getByRole("list", { name: "Processors" })).toContainText("reservation-usage");
    await page.getByRole("button", { name: "Register processor" }).click();
    const dialog = page.getByRole("dialog", { name: "Register a processor" });
    await dialog.getByRole("button", { name: "Register" }).click();
    await expect(dialog.getByText("Give it a name")).toBeVisible();
    await dialog.getByLabel("Name").fill("Summary");
    await dialog.getByLabel("Artifact types").fill("report.*");
    await dialog.getByLabel("URL").fill((await api.receiver()).url);
    await dialog.getByRole("button", { name: "Register" }).click();
    const secret = page.getByRole("dialog", { name: "Signing secret of Summary" });
    await expect(secret.getByText(/^whsec_/)).toBeVisible();
    await secret.getByRole("button", { name: "I have stored it" }).click();

    // It is called; that it answers no JSON is told with its task.
    const params = { project_id: api.project.id };
    const { artifact } = await call(owner, publishArtifact, {
      params,
      body: { type: "report.daily", payload: { n: 1 }, produced_by: "e2e" },
    });
    await page.goto(`/app/workflows/${artifact.correlation_id}`);
    await expect(page.getByRole("list", { name: "Processors of report.daily" })).toContainText("Summary");

    await page.goto("/app/processors");
    await page.getByRole("button", { name: "Edit Summary" }).click();
    await page.getByRole("dialog").getByRole("checkbox", { name: "Enabled" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("list", { name: "Processors" })).toContainText("Disabled");
    await page.getByRole("button", { name: "Delete Summary" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete processor" }).click();
    await expect(page.getByRole("list", { name: "Processors" })).not.toContainText("Summary");
  });
});
