import type { Page } from "@playwright/test";
import { createInvitation } from "@/lib/contracts/accounts";
import { publishArtifactSync } from "@/lib/contracts/artifacts";
import { commitVersion } from "@/lib/contracts/config-versions";
import { createConfiguration } from "@/lib/contracts/configurations";
import { createGrant } from "@/lib/contracts/credits";
import { listReceiverRequests } from "@/lib/contracts/receiver";
import { expectAccessible, expectFitsPhone } from "./support/accessible";
import { call } from "./support/api";
import { newProject, newProjectApi, type ProjectApi, showProject } from "./support/project";
import { expect, test } from "./support/test";

// No error at all on any page, except what the browser says of the two addresses that lead nowhere.
test.use({ expectedErrors: [/status of 404 .* at \S+\/(nowhere|app\/settings\/nothing|instances\/ins_gone)$/] });

/** A project with something on every page, which no test changes. */
let api: ProjectApi;
let ids: {
  webhook: string;
  disabled: string;
  delivered: string;
  failed: string;
  event: string;
  request: string;
  config: string;
};
let invitation: string;
const WORKFLOW = "accessible-workflow";

test.beforeAll(async ({ owner, openClient }) => {
  api = await newProjectApi(owner, await newProject(owner, "Accessible"), openClient);
  const webhook = await api.webhook({
    description: "Orchestrator",
    retry: { delays_s: [1] },
    headers: { "X-Team": "gpu" },
    filter: { environments: ["production"] },
  });
  const disabled = await api.webhook({ description: "Night export", enabled: false, secret: null });
  const waiting = await api.webhook({ description: "Billing", retry: { preset: "standard" } });
  const delivered = await api.emit("instance.started", { environment: "production", labels: { team: "research" } });
  await api.settled();
  await api.answer({ status: 503 });
  const failed = await api.emit("snapshot.completed", { environment: "production" });
  const failedId = failed.deliveries.find(({ webhook_id }) => webhook_id === webhook.id)?.id ?? "";
  await expect.poll(async () => (await api.delivery(failedId)).status).toBe("failed");
  const requests = await call(owner, listReceiverRequests, { params: { project_id: api.project.id } });
  await call(owner, createGrant, {
    params: { project_id: api.project.id },
    body: {
      source: "promo",
      amount_micros: 25_000_000,
      expires_at: new Date(Date.now() + 20 * 86_400_000).toISOString(),
    },
  });
  const params = { project_id: api.project.id };
  const config = await call(owner, createConfiguration, {
    params,
    body: { name: "llm-serving", application: "Assistant" },
  });
  await call(owner, commitVersion, {
    params: { ...params, config_id: config.id, variant: "default" },
    body: { source: "# Serves\nimage: example/vllm:1\ndisk_gb: 100\n", base_version: 0 },
  });
  ids = {
    config: config.id,
    webhook: webhook.id,
    disabled: disabled.id,
    delivered: delivered.deliveries.find(({ webhook_id }) => webhook_id === waiting.id)?.id ?? "",
    failed: failedId,
    event: delivered.id,
    request: requests.data[0]?.id ?? "",
  };
  await call(owner, publishArtifactSync, {
    params: { project_id: api.project.id },
    body: {
      type: "snapshot.completed",
      payload: { snapshot_id: "snp_1", instance_id: "ins_1", size_bytes: 1, checksums: { "disk.img": "sha256:1" } },
      tags: ["nightly"],
      produced_by: "Backup job",
      correlation_id: WORKFLOW,
    },
  });
  const made = await call(owner, createInvitation, {
    params: { project_id: api.project.id },
    body: { email: "alex@dumont.test", role: "admin" },
  });
  invitation = made.link;
});

type Visit = {
  name: string;
  path: () => string;
  /** What the page shows when all of it is there. */
  shows: string | RegExp;
  /** Opens what is on the page: a dialog, a sheet, a tab. */
  open?: (page: Page) => Promise<void>;
};

const press = (name: RegExp) => async (page: Page) => {
  await page.getByRole("main").getByRole("button", { name }).first().click();
};

const PAGES: readonly Visit[] = [
  { name: "overview", path: () => "/app", shows: /^Nothing lost/ },
  { name: "delivery log", path: () => "/app/deliveries", shows: "Billing" },
  {
    name: "delivery log with chips",
    path: () => "/app/deliveries?status=failed&range=24h",
    shows: "snapshot.completed",
  },
  {
    name: "delivery log without a match",
    path: () => "/app/deliveries?status=cancelled",
    shows: "No delivery matches these filters",
  },
  { name: "open delivery", path: () => `/app/deliveries?delivery=${ids.failed}`, shows: "Given up after 2 attempts" },
  { name: "delivery", path: () => `/app/deliveries/${ids.delivered}`, shows: "Delivered after 1 attempt" },
  {
    name: "request of a failed delivery",
    path: () => `/app/deliveries/${ids.failed}?part=request`,
    shows: "Given up after 2 attempts",
  },
  { name: "events", path: () => "/app/events", shows: "instance.started" },
  { name: "catalogue", path: () => "/app/events?tab=catalogue", shows: "Example of data" },
  { name: "event", path: () => `/app/events/${ids.event}`, shows: "team=research" },
  { name: "test receiver", path: () => "/app/receiver", shows: "Answers 503 at once." },
  { name: "request to the test receiver", path: () => `/app/receiver?request=${ids.request}`, shows: "Request id" },
  { name: "webhooks", path: () => "/app/settings/webhooks", shows: "Night export" },
  { name: "new webhook", path: () => "/app/settings/webhooks/new", shows: "All events", open: press(/^Advanced/) },
  { name: "webhook", path: () => `/app/settings/webhooks/${ids.webhook}`, shows: "X-Team: gpu" },
  { name: "disabled webhook", path: () => `/app/settings/webhooks/${ids.disabled}`, shows: "This webhook is disabled" },
  {
    name: "deliveries of a webhook",
    path: () => `/app/settings/webhooks/${ids.webhook}/deliveries`,
    shows: "snapshot.completed",
  },
  {
    name: "statistics of a webhook",
    path: () => `/app/settings/webhooks/${ids.webhook}/statistics`,
    shows: "Queue age",
  },
  {
    name: "statistics of a webhook as a table",
    path: () => `/app/settings/webhooks/${ids.webhook}/statistics`,
    shows: "Queue age",
    open: press(/^Show as table/),
  },
  {
    name: "settings of a webhook",
    path: () => `/app/settings/webhooks/${ids.webhook}/edit`,
    shows: "Only these environments",
  },
  { name: "workflows", path: () => "/app/workflows", shows: "snapshot.completed" },
  { name: "workflow", path: () => `/app/workflows/${WORKFLOW}`, shows: "snapshot.manifest" },
  { name: "processors", path: () => "/app/processors", shows: "snapshot-manifest" },
  { name: "waiting list", path: () => "/app/reservations/waitlist", shows: "Nothing waits" },
  { name: "series", path: () => "/app/reservations/series", shows: "No series yet" },
  { name: "new series", path: () => "/app/reservations/series/new", shows: "Nothing to show yet" },
  { name: "configurations", path: () => "/app/configurations", shows: "Nowhere deployed" },
  { name: "versions", path: () => `/app/configurations/${ids.config}`, shows: "No message" },
  {
    name: "editor",
    path: () => `/app/configurations/${ids.config}/editor`,
    shows: "The text is a valid launch template",
  },
  {
    name: "one version to compare",
    path: () => `/app/configurations/${ids.config}/compare`,
    shows: "Nothing to compare yet",
  },
  {
    name: "deployment to be made",
    path: () => `/app/configurations/${ids.config}/deployments`,
    shows: "Nothing was deployed yet",
    open: press(/^Deploy to staging/),
  },
  { name: "evaluations", path: () => `/app/configurations/${ids.config}/evaluations`, shows: "No evaluations yet" },
  { name: "credits", path: () => "/app/credits", shows: "+25.00" },
  { name: "credits of all projects", path: () => `/app/admin/credits?q=${api.project.id}`, shows: "25.00" },
  { name: "costs", path: () => "/app/costs", shows: "Cost per day" },
  { name: "new threshold", path: () => "/app/costs", shows: "No threshold yet", open: press(/^Add threshold/) },
  { name: "fleet", path: () => "/app/admin/fleet", shows: "GPU types" },
  { name: "maintenance", path: () => "/app/admin/fleet/maintenance", shows: "Maintenance" },
  { name: "booking rules", path: () => "/app/admin/fleet/rules", shows: "Discount for reserving" },
  { name: "health of the fleet", path: () => "/app/admin/compute", shows: /are sold to nobody/ },
  { name: "failovers", path: () => "/app/admin/compute/failovers", shows: /^GPUs that failed under bookings/ },
  { name: "drills", path: () => "/app/admin/compute/drills", shows: /^A node of a simulated pool fails/ },
  { name: "instances", path: () => "/app/instances", shows: "No instances yet" },
  {
    name: "instances without a match",
    path: () => "/app/instances?status=failed",
    shows: "No instance matches these filters",
  },
  { name: "instance that is not there", path: () => "/app/instances/ins_gone", shows: "This instance is not here" },
  { name: "instances of all projects", path: () => "/app/admin/compute/instances", shows: "All instances" },
  { name: "faults", path: () => "/app/admin/compute/faults", shows: "Faults in force" },
  { name: "provisioners", path: () => "/app/admin/compute/provisioners", shows: "Your provisioners" },
  { name: "project plans", path: () => "/app/admin/fleet/plans", shows: "Accessible" },
  { name: "API keys", path: () => "/app/settings/api-keys", shows: "Active" },
  {
    name: "members",
    path: () => "/app/settings/members",
    shows: "alex@dumont.test",
    open: press(/^What each role may do/),
  },
  { name: "project", path: () => "/app/settings/project", shows: "Your role" },
  {
    name: "audit log",
    path: () => "/app/settings/audit-log",
    shows: "Who changed what in this project",
    open: press(/^Details of/),
  },
  { name: "installation log", path: () => "/app/admin/audit-log", shows: "Who changed what in all projects" },
  { name: "account", path: () => "/app/account", shows: "Ways to sign in" },
  {
    name: "page that is not there",
    path: () => "/app/settings/nothing",
    shows: "There is no such page in this project",
  },
];

const LAYERS: readonly Visit[] = [
  { name: "new pool", path: () => "/app/admin/fleet", shows: "GPU types", open: press(/^Add pool/) },
  { name: "publishing", path: () => "/app/workflows", shows: "Begun by", open: press(/^Publish artifact/) },
  { name: "new processor", path: () => "/app/processors", shows: "Built in", open: press(/^Register processor/) },
  {
    name: "new fault",
    path: () => "/app/admin/compute/faults",
    shows: "Faults in force",
    open: press(/^Add fault/),
  },
  {
    name: "new provisioner",
    path: () => "/app/admin/compute/provisioners",
    shows: "Your provisioners",
    open: press(/^Add provisioner/),
  },
  { name: "new API key", path: () => "/app/settings/api-keys", shows: "Active", open: press(/^Create API key/) },
  { name: "invitation", path: () => "/app/settings/members", shows: "alex@dumont.test", open: press(/^Invite/) },
  { name: "question before deleting", path: () => "/app/settings/webhooks", shows: "Night export", open: askDelete },
  {
    name: "deleting the account",
    path: () => "/app/account",
    shows: "Ways to sign in",
    open: press(/^Delete account/),
  },
  {
    name: "calendars to subscribe to",
    path: () => "/app/reservations",
    shows: "Reservations",
    open: press(/^Subscribe/),
  },
  { name: "filter of the log", path: () => "/app/deliveries", shows: "Billing", open: press(/^Status/) },
  { name: "time range of the log", path: () => "/app/deliveries", shows: "Billing", open: openTimeRange },
  { name: "shortcuts", path: () => "/app/deliveries", shows: "Billing", open: press(/^Keyboard shortcuts/) },
];

for (const { name, path, shows, open } of [...PAGES, ...LAYERS]) {
  test(`${name}: both themes, on a phone too`, async ({ page, context }) => {
    await showProject(context, api.project);
    await page.goto(path());
    await expect(page.getByText(shows).first()).toBeVisible();
    await expect(page.getByRole("status", { name: /Loading/ })).toHaveCount(0);
    await open?.(page);
    await expectAccessible(page);
    await expectFitsPhone(page);
  });
}

for (const [name, path, heading] of [
  ["sign-in", () => "/login", "Sign in"],
  ["invitation link", () => invitation, "Join"],
  ["errors of the API", () => "/docs/errors#version_conflict", "Errors of the API"],
  ["address that leads nowhere", () => "/nowhere", "Page not found"],
] as const) {
  test(`${name}: both themes, on a phone too`, async ({ another }) => {
    const page = await another();
    await page.goto(path());
    await expect(page.getByRole("heading", { name: heading })).toBeAttached();
    await expectAccessible(page);
    await expectFitsPhone(page);
  });
}

test("on a phone: navigation and filters open over the page", async ({ page, context }) => {
  await showProject(context, api.project);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/app/deliveries");
  await page.getByRole("button", { name: "Filters" }).click();
  await expect(page.getByRole("dialog", { name: "Filters" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Show deliveries" }).click();
  await page.getByRole("button", { name: "Open navigation" }).click();
  const navigation = page.getByRole("dialog", { name: "Navigation" });
  await expectAccessible(page);
  await navigation.getByRole("link", { name: "Webhooks" }).click();
  await expect(page).toHaveURL("/app/settings/webhooks");
  await expect(navigation).toBeHidden();
});

test("in greyscale every status is told by its word", async ({ page, context }) => {
  await showProject(context, api.project);
  await page.goto("/app/deliveries");
  const rows = page.getByRole("table", { name: "Deliveries, newest first" });
  for (const word of ["Delivered", "Failed", "Pending"]) await expect(rows.getByText(word).first()).toBeVisible();
});

async function askDelete(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Actions for Night export" }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  await expect(page.getByRole("alertdialog")).toBeVisible();
}

async function openTimeRange(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^any time/i }).click();
  await expect(page.getByRole("dialog", { name: "Time range" })).toBeVisible();
}
