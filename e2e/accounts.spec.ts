import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { emitEvent } from "@/lib/contracts/events";
import { call } from "./support/api";
import { textOf } from "./support/exchange";
import { OWNER } from "./support/installation";
import { newProject, newProjectApi, showProject } from "./support/project";
import { expect, test } from "./support/test";

test("signing in: what is wrong is said, what is right leads to where one wanted to go", async ({ another }) => {
  const page = await another();
  await page.goto("/app/settings/members");
  await expect(page).toHaveURL("/login?callbackUrl=%2Fapp%2Fsettings%2Fmembers");
  const signIn = page.getByRole("button", { name: "Sign in" });
  await signIn.click();
  await expect(page.getByLabel("E-mail")).toHaveAccessibleDescription("Enter your e-mail address");
  await expect(page.getByLabel("E-mail")).toBeFocused();

  await page.getByLabel("E-mail").fill(OWNER.email);
  const password = page.getByLabel("Password", { exact: true });
  await password.fill("not the password");
  await signIn.click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText("Wrong e-mail or password");
  await password.fill(OWNER.password);
  await page.getByRole("button", { name: "Show the password" }).click();
  await expect(password).toHaveAttribute("type", "text");
  await signIn.click();
  await expect(page).toHaveURL("/app/settings/members");
  await expect(page.getByRole("row", { name: new RegExp(OWNER.email) })).toBeVisible();
});

test("a viewer joins by link, looks at everything and changes nothing, and signs out", async ({
  page,
  api,
  another,
}) => {
  test.slow(); // Two people and every screen.
  const webhook = await api.webhook({ description: "Billing" });
  const { deliveries } = await api.emit("instance.started");
  await api.settled();
  const email = `vera.${randomUUID()}@dumont.test`;
  const link = await invite(page, email, "viewer");

  const viewer = await another();
  await viewer.goto(link);
  await expect(viewer.getByRole("heading", { name: `Join ${api.project.name}` })).toBeVisible();
  await viewer.getByLabel("Your name").fill("Vera Viewer");
  await viewer.getByLabel("Choose a password").fill("short");
  await viewer.getByRole("button", { name: "Create account and join" }).click();
  await expect(viewer.getByLabel("Choose a password")).toHaveAccessibleDescription(/at least 10 characters/i);
  await viewer.getByLabel("Choose a password").fill("only looking around");
  await viewer.getByRole("button", { name: "Create account and join" }).click();
  await expect(viewer).toHaveURL("/app");
  await expect(viewer.getByRole("button", { name: `Project: ${api.project.name}. Switch project` })).toBeVisible();

  await test.step("nothing can be changed", async () => {
    await viewer.goto("/app/settings/webhooks");
    await expect(viewer.getByRole("button", { name: "Create webhook" })).toHaveAttribute("aria-disabled", "true");
    await expect(viewer.getByText("Your role can look at webhooks but not change or test them.")).toBeVisible();
    await viewer.getByRole("switch", { name: "Billing enabled" }).press("Space");
    await expect(viewer.getByRole("switch", { name: "Billing enabled" })).toBeChecked();
    await viewer.goto(`/app/settings/webhooks/${webhook.id}/edit`);
    await expect(viewer.getByLabel("URL", { exact: true })).not.toBeEditable();
    await expect(viewer.getByRole("button", { name: "Save changes" })).toHaveCount(0);
    await viewer.goto(`/app/deliveries/${deliveries[0]?.id}`);
    await expect(viewer.getByText("Delivered after 1 attempt")).toBeVisible();
    await expect(viewer.getByRole("button", { name: "Retry now" })).toHaveAttribute("aria-disabled", "true");
    await expect(viewer.getByText("Your role can look at deliveries but not retry them.")).toBeVisible();
    await viewer.goto("/app/settings/api-keys");
    await expect(viewer.getByText("You may not see the API keys")).toBeVisible();
    await viewer.goto("/app/settings/members");
    await expect(viewer.getByRole("row", { name: /Vera Viewer/ })).toContainText("viewer");
    await expect(viewer.getByRole("button", { name: "Invite" })).toHaveAttribute("aria-disabled", "true");
    await viewer.goto("/app/receiver");
    await expect(viewer.getByLabel("Fail the next")).toBeDisabled();
  });

  await test.step("and the server would not let it happen either", async () => {
    const answer = await viewer.request.patch(`/api/v1/projects/${api.project.id}/webhooks/${webhook.id}`, {
      data: { enabled: false },
    });
    expect(answer.status()).toBe(403);
    expect(await answer.json()).toMatchObject({ code: "forbidden" });
  });

  await test.step("the link works once", async () => {
    const next = await another();
    await next.goto(link);
    await expect(next.getByText("This invitation was used")).toBeVisible();
  });

  await viewer.getByRole("button", { name: `Account: ${email}` }).click();
  await viewer.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(viewer).toHaveURL(/\/login/);
  await viewer.goto("/app");
  await expect(viewer).toHaveURL(/\/login/);
});

test("a revoked API key is refused from that moment on", async ({ page, project, openClient }) => {
  await page.goto("/app/settings/api-keys");
  await page.getByRole("button", { name: "Create API key" }).first().click();
  await page.getByRole("dialog").getByLabel("Name", { exact: true }).fill("Old scheduler");
  await page.getByRole("button", { name: "Create key" }).click();
  const dialog = page.getByRole("dialog", { name: "Copy your API key" });
  const key = await textOf(dialog.getByRole("region", { name: "API key “Old scheduler”" }));
  await dialog.getByRole("button", { name: "I have copied it" }).click();
  const client = await openClient(key);
  const emit = { params: { project_id: "default" }, body: { type: "custom.ping", data: {} } };
  await call(client, emitEvent, emit);

  await page.reload();
  const row = page.getByRole("row", { name: /Old scheduler/ });
  await expect(row, "the use is recorded").not.toContainText("Never");
  await row.getByRole("button", { name: "Revoke Old scheduler" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke key" }).click();
  await expect(row).toContainText("Revoked");
  const answer = await client.post("/api/v1/projects/default/events", { data: emit.body });
  expect(answer.status(), project.name).toBe(401);
  expect(await answer.json()).toMatchObject({ code: "unauthenticated" });
});

test("what belongs to another project is not found", async ({ page, context, api, owner, openClient }) => {
  const webhook = await api.webhook();
  const { id, deliveries } = await api.emit("instance.started");
  const other = await newProject(owner, "Other");
  await showProject(context, other);
  await page.goto(`/app/deliveries/${deliveries[0]?.id}`);
  await expect(page.getByText("This delivery is not here")).toBeVisible();
  await page.goto(`/app/events/${id}`);
  await expect(page.getByText("This event is not here")).toBeVisible();
  await page.goto(`/app/settings/webhooks/${webhook.id}`);
  await expect(page.getByText("There is no such webhook in this project")).toBeVisible();
  const { key } = await newProjectApi(owner, other, openClient);
  const answer = await (await openClient(key)).get(
    `/api/v1/projects/${api.project.id}/deliveries/${deliveries[0]?.id}`,
  );
  expect(answer.status()).toBe(404);

  await page.getByRole("button", { name: /Switch project/ }).click();
  await page.getByRole("menuitem", { name: api.project.name }).click();
  await expect(page.getByRole("button", { name: `Project: ${api.project.name}. Switch project` })).toBeVisible();
  await page.goto(`/app/deliveries/${deliveries[0]?.id}`);
  await expect(page.getByRole("heading", { name: "instance.started" })).toBeVisible();
});

test("projects are made and renamed in the console", async ({ page, project }) => {
  await page.goto("/app/settings/project");
  await page.getByRole("button", { name: /Switch project/ }).click();
  await page.getByRole("menuitem", { name: "New project" }).click();
  const dialog = page.getByRole("dialog", { name: "New project" });
  await expect(dialog.getByLabel("Name")).toBeFocused();
  await dialog.getByRole("button", { name: "Create project" }).click();
  await expect(dialog.getByLabel("Name")).toHaveAccessibleDescription("Enter a name");
  await dialog.getByLabel("Name").fill(`${project.name} of the night`);
  await dialog.getByRole("button", { name: "Create project" }).click();
  await expect(
    page.getByRole("button", { name: `Project: ${project.name} of the night. Switch project` }),
  ).toBeVisible();
  await page.getByLabel("Project name").fill(`${project.name} of the day`);
  await page.getByRole("button", { name: "Save name" }).click();
  await expect(page.getByRole("button", { name: `Project: ${project.name} of the day. Switch project` })).toBeVisible();
});

/** Invites somebody in the console and reads the link from the dialog. */
async function invite(page: Page, email: string, role: string): Promise<string> {
  await page.goto("/app/settings/members");
  await page.getByRole("button", { name: "Invite" }).click();
  const dialog = page.getByRole("dialog", { name: "Invite somebody" });
  await dialog.getByRole("button", { name: "Create link" }).click();
  await expect(dialog.getByLabel("E-mail")).toHaveAccessibleDescription(/Enter an e-mail address/);
  await dialog.getByLabel("E-mail").fill(email);
  await dialog.getByRole("radio", { name: role }).check();
  await dialog.getByRole("button", { name: "Create link" }).click();
  const made = page.getByRole("dialog", { name: "Send this link" });
  const link = await textOf(made.getByRole("region", { name: `Invitation of ${email} as ${role}` }));
  await made.getByRole("button", { name: "I have copied it" }).click();
  await expect(
    page.getByRole("table", { name: "Open invitations" }).getByRole("row", { name: new RegExp(email) }),
  ).toBeVisible();
  return link;
}
