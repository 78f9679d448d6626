import { expect, type Page } from "@playwright/test";

/** A page, a dialog or a state of the console, as it is to be seen. */
export type Shot = {
  name: string;
  /** With {name} for what prepareDemo found under that name. */
  path: string;
  /** Before the page is loaded: to make the server answer differently. */
  before?: (page: Page) => Promise<void>;
  /** Opens the dialog or the state to be shown. */
  open?: (page: Page) => Promise<void>;
  /** Ends what the picture began. */
  after?: (page: Page) => Promise<void>;
  /** Only at this width. */
  width?: 1440 | 390;
  /** The data never comes, and is not to be waited for. */
  unfinished?: boolean;
};

const DELIVERIES = "**/api/v1/projects/*/deliveries?**";

/** For somebody who has no account yet: `setup` of a new installation, the others of one that is set up. */
export const SETUP_SHOTS: readonly Shot[] = [
  { name: "setup", path: "/setup" },
  { name: "setup-errors", path: "/setup", open: press("Create account and project") },
];

export const VISITOR_SHOTS: readonly Shot[] = [
  { name: "login", path: "/login" },
  { name: "login-refused", path: "/login?error=CredentialsSignin" },
  { name: "invitation", path: "{invitation}" },
  { name: "invitation-invalid", path: "/invite/no-such-link" },
  { name: "not-found-outside", path: "/nowhere" },
];

export const SHOTS: readonly Shot[] = [
  { name: "overview", path: "/app" },
  { name: "project-switcher", path: "/app", open: press(/Switch project/) },
  { name: "project-new", path: "/app", open: inMenu(/Switch project/, "New project") },
  { name: "account-menu", path: "/app", open: press(/^Account/) },
  { name: "navigation", path: "/app", open: press("Open navigation"), width: 390 },

  { name: "deliveries", path: "/app/deliveries" },
  { name: "deliveries-filtered", path: "/app/deliveries?status=failed,pending&range=7d" },
  { name: "deliveries-status", path: "/app/deliveries", open: press("Status"), width: 1440 },
  { name: "deliveries-event-type", path: "/app/deliveries", open: press("Event type"), width: 1440 },
  { name: "deliveries-time", path: "/app/deliveries", open: press(/^any time/i), width: 1440 },
  { name: "deliveries-filters", path: "/app/deliveries", open: press("Filters"), width: 390 },
  { name: "deliveries-shortcuts", path: "/app/deliveries", open: press("Keyboard shortcuts"), width: 1440 },
  { name: "deliveries-no-match", path: "/app/deliveries?q=dlv_00000000000000000000000000" },
  { name: "deliveries-loading", path: "/app/deliveries", before: hold, unfinished: true },
  { name: "deliveries-error", path: "/app/deliveries", before: refuse },
  { name: "inspector", path: "/app/deliveries?delivery={failed}", width: 1440 },
  { name: "delivery", path: "/app/deliveries/{retried}" },
  { name: "delivery-request", path: "/app/deliveries/{retried}?part=request" },
  { name: "delivery-failed", path: "/app/deliveries/{failed}" },
  { name: "delivery-compare", path: "/app/deliveries/{failed}?part=compare" },
  { name: "delivery-pending", path: "/app/deliveries/{pending}" },
  { name: "delivery-time", path: "/app/deliveries/{failed}", open: hoverTime, width: 1440 },
  { name: "delivery-missing", path: "/app/deliveries/dlv_00000000000000000000000000" },
  { name: "delivery-retry", path: "/app/deliveries/{retried}", open: press("Retry now") },

  { name: "events", path: "/app/events" },
  { name: "event", path: "/app/events/{event}" },
  { name: "why-not", path: "/app/events/{login}", open: seeVerdicts },
  { name: "catalogue", path: "/app/events?tab=catalogue" },

  { name: "replays", path: "/app/replays" },
  { name: "replay", path: "/app/replays/{replay}" },
  { name: "replay-new", path: "/app/replays/new?kind=failed&range=7d" },

  { name: "reservations", path: "/app/reservations?view=month" },
  { name: "reservations-week", path: "/app/reservations?view=week" },
  { name: "reservations-agenda", path: "/app/reservations?view=agenda" },
  { name: "reservations-list", path: "/app/reservations?view=list" },
  { name: "gantt", path: "/app/reservations?view=gantt&pool={pool}", width: 1440 },
  { name: "reservation", path: "/app/reservations/{reservation}" },
  { name: "reservation-change", path: "/app/reservations/{reservation}", open: press("Move or change") },
  { name: "reservation-release", path: "/app/reservations/{reservation}", open: see(/^Release a part/, "Comes back") },
  { name: "reservation-cancel", path: "/app/reservations/{reservation}", open: see(/^Cancel/, "If you cancel later") },
  { name: "reservation-new", path: "/app/reservations?view=list", open: press("Book GPUs") },
  { name: "reservation-webhook", path: "/app/reservations?view=list", open: openWebhook },
  { name: "reservation-told", path: "/app/reservations/{told}" },
  { name: "reservation-active", path: "/app/reservations/{active}" },
  { name: "instances", path: "/app/instances" },
  { name: "instances-no-match", path: "/app/instances?status=failed&reservation_id=rsv_00000000000000000000000000" },
  { name: "instance", path: "/app/instances/{instance}" },
  { name: "instance-stop", path: "/app/instances/{instance}", open: press("Stop") },
  { name: "instance-snapshot", path: "/app/instances/{instance}", open: press("Take snapshot") },
  { name: "instance-stopped", path: "/app/instances/{stopped}" },
  { name: "instance-rested", path: "/app/instances/{rested}" },
  { name: "instance-boot-anew", path: "/app/instances/{rested}", open: press("Boot anew") },
  { name: "waitlist", path: "/app/reservations/waitlist" },
  { name: "series-new", path: "/app/reservations/series/new" },
  { name: "configurations", path: "/app/configurations" },
  { name: "configurations-new", path: "/app/configurations", open: press("New configuration") },
  { name: "configuration", path: "/app/configurations/{config}" },
  { name: "configuration-version", path: "/app/configurations/{config}", open: see(/^Show default 4/, "vllm serve") },
  { name: "configuration-editor", path: "/app/configurations/{config}/editor", open: seeEditor },
  { name: "configuration-editor-wrong", path: "/app/configurations/{config}/editor", open: writeWrong },
  { name: "configuration-commit", path: "/app/configurations/{config}/editor", open: reviewCommit },
  { name: "configuration-compare", path: "/app/configurations/{config}/compare" },
  { name: "configuration-compare-split", path: "/app/configurations/{config}/compare", open: splitDiff },
  { name: "configuration-deployments", path: "/app/configurations/{config}/deployments" },
  { name: "configuration-deploy", path: "/app/configurations/{config}", open: deployToProduction },
  { name: "configuration-rollback", path: "/app/configurations/{config}/deployments", open: askRollBack },
  { name: "configuration-evaluations", path: "/app/configurations/{config}/evaluations" },
  { name: "configuration-evaluation", path: "/app/configurations/{config}/evaluations", open: press("Add evaluation") },
  { name: "credits", path: "/app/credits" },
  { name: "credits-forecast-table", path: "/app/credits", open: press("Show as table") },
  { name: "credits-no-match", path: "/app/credits?kind=void&grants=all" },
  { name: "credits-admin", path: "/app/admin/credits" },
  { name: "credits-admin-grant", path: "/app/admin/credits", open: press(/^Grant credits to/) },
  { name: "credits-admin-grants", path: "/app/admin/credits", open: press(/^Grants of/) },

  { name: "receiver", path: "/app/receiver" },
  { name: "receiver-request", path: "/app/receiver?request={request}", open: seeRequest },

  { name: "webhooks", path: "/app/settings/webhooks" },
  { name: "webhooks-menu", path: "/app/settings/webhooks", open: press(/^Actions for/) },
  { name: "webhook-new", path: "/app/settings/webhooks/new" },
  { name: "webhook-new-refused", path: "/app/settings/webhooks/new", open: enterInternalUrl },
  { name: "webhook", path: "/app/settings/webhooks/{webhook}" },
  { name: "webhook-statistics", path: "/app/settings/webhooks/{webhook}/statistics?range=7d" },
  {
    name: "webhook-statistics-table",
    path: "/app/settings/webhooks/{webhook}/statistics?range=7d",
    open: press("Show as table"),
  },
  { name: "webhook-warning", path: "/app/settings/webhooks/{warning}" },
  { name: "webhook-probing", path: "/app/settings/webhooks/{probing}" },
  { name: "webhook-enable", path: "/app/settings/webhooks/{disabled}", open: press("Enable") },
  { name: "webhook-disabled", path: "/app/settings/webhooks/{disabled}" },
  { name: "debugger", path: "/app/settings/webhooks/debugger" },
  { name: "webhook-deliveries", path: "/app/settings/webhooks/{webhook}/deliveries" },
  { name: "webhook-edit", path: "/app/settings/webhooks/{webhook}/edit" },
  { name: "webhook-delete", path: "/app/settings/webhooks/{webhook}", open: inMore("Delete…") },
  {
    name: "webhook-regenerate",
    path: "/app/settings/webhooks/{webhook}",
    open: inMore("Regenerate secret…"),
  },
  { name: "webhook-missing", path: "/app/settings/webhooks/wh_00000000000000000000000000" },

  { name: "api-keys", path: "/app/settings/api-keys" },
  { name: "api-key-new", path: "/app/settings/api-keys", open: press("Create API key") },
  { name: "api-key-revoke", path: "/app/settings/api-keys", open: press(/^Revoke/) },
  { name: "members", path: "/app/settings/members", open: press(/^What each role may do/) },
  { name: "costs", path: "/app/costs" },
  { name: "costs-threshold", path: "/app/costs", open: press("Add threshold") },
  { name: "audit-log", path: "/app/settings/audit-log" },
  { name: "audit-log-details", path: "/app/settings/audit-log", open: press(/^Details of/) },
  { name: "installation-log", path: "/app/admin/audit-log" },
  { name: "invite", path: "/app/settings/members", open: press("Invite") },
  { name: "invite-withdraw", path: "/app/settings/members", open: press(/^Withdraw/) },
  { name: "project", path: "/app/settings/project" },
  { name: "account", path: "/app/account" },
  { name: "account-delete", path: "/app/account", open: press("Delete account") },
  { name: "errors", path: "/docs/errors#version_conflict" },
  { name: "installation", path: "/app/admin" },
  { name: "fleet", path: "/app/admin/fleet" },
  { name: "fleet-pool", path: "/app/admin/fleet/pools/{pool}" },
  { name: "fleet-pool-change", path: "/app/admin/fleet/pools/{pool}", open: press("Change") },
  { name: "fleet-nodes-add", path: "/app/admin/fleet/pools/{pool}", open: press("Add nodes") },
  { name: "fleet-maintenance-plan", path: "/app/admin/fleet/pools/{pool}", open: press("Plan maintenance") },
  { name: "fleet-maintenance", path: "/app/admin/fleet/maintenance" },
  { name: "fleet-rules", path: "/app/admin/fleet/rules" },
  { name: "compute", path: "/app/admin/compute" },
  { name: "compute-nodes", path: "/app/admin/compute", open: press(/^Nodes of/) },
  { name: "compute-drill", path: "/app/admin/compute", open: press(/^Drill /) },
  { name: "failovers", path: "/app/admin/compute/failovers" },
  { name: "drills", path: "/app/admin/compute/drills" },
  { name: "instances-all", path: "/app/admin/compute/instances" },
  { name: "faults", path: "/app/admin/compute/faults" },
  { name: "faults-add", path: "/app/admin/compute/faults", open: press("Add fault") },
  { name: "provisioners", path: "/app/admin/compute/provisioners" },
  { name: "provisioners-add", path: "/app/admin/compute/provisioners", open: press("Add provisioner") },
  { name: "fleet-plans", path: "/app/admin/fleet/plans" },
  { name: "workflows", path: "/app/workflows?kind=artifact" },
  { name: "workflow", path: "/app/workflows/nightly-backup-7" },
  { name: "workflow-publish", path: "/app/workflows", open: press("Publish artifact") },
  { name: "workflow-missing", path: "/app/workflows/no-such-workflow" },
  { name: "processors", path: "/app/processors" },
  { name: "processor-register", path: "/app/processors", open: press("Register processor") },
  { name: "not-found", path: "/app/nowhere" },
  { name: "database-down", path: "/app/deliveries", before: loseDatabase, open: seeBanner, unfinished: true },
];

/** What leaves something behind in the demo data, and is therefore taken after all the others. */
export const LASTING_SHOTS: readonly Shot[] = [
  {
    name: "replay-running",
    path: "/app/replays/new?kind=missing&webhook_ids={late}&range=7d&rate=20",
    open: startReplay,
    after: cancelReplay,
  },
  { name: "webhook-test", path: "/app/settings/webhooks/{webhook}", open: sendTest },
  { name: "webhook-secret", path: "/app/settings/webhooks/new?receiver=1", open: createWebhook },
  { name: "api-key-made", path: "/app/settings/api-keys", open: createKey },
  { name: "invite-made", path: "/app/settings/members", open: createInvitation },
];

/** Presses a button and waits for what it shows in the end. */
function see(name: RegExp, text: string) {
  return async (page: Page) => {
    await press(name)(page);
    await expect(page.getByRole("dialog").getByText(text).first()).toBeVisible();
  };
}

function press(name: string | RegExp) {
  return async (page: Page) => {
    const exact = typeof name === "string";
    await page.getByRole("button", { name, exact }).first().click();
  };
}

function inMenu(trigger: string | RegExp, item: string) {
  return async (page: Page) => {
    await press(trigger)(page);
    await page.getByRole("menuitem", { name: item }).click();
  };
}

function inMore(item: string) {
  return inMenu("More actions", item);
}

async function hold(page: Page): Promise<void> {
  await page.route(DELIVERIES, () => {});
}

async function refuse(page: Page): Promise<void> {
  await page.route(DELIVERIES, (route) => answerProblem(route, { status: 500, code: "internal" }));
}

async function loseDatabase(page: Page): Promise<void> {
  await page.route("**/api/v1/**", (route) => answerProblem(route, { status: 503, code: "unavailable" }));
  await page.route("**/api/health", (route) =>
    route.fulfill({
      status: 503,
      json: { status: "unavailable", database: "down", migrations: "unknown", worker: "unknown" },
    }),
  );
}

type Route = Parameters<Parameters<Page["route"]>[1]>[0];

async function answerProblem(route: Route, { status, code }: { status: number; code: string }): Promise<void> {
  const title = status === 503 ? "The database cannot be reached" : "Something went wrong on our side";
  const detail = status === 503 ? "Try again in a moment." : "Try again; if it stays, quote the request id.";
  const request_id = "req_01k6q3v0m8e5t9r2w4y6a1c3xd";
  const json = { type: "about:blank", title, status, detail, code, request_id, errors: [] };
  await route.fulfill({ status, contentType: "application/problem+json", json });
}

async function seeBanner(page: Page): Promise<void> {
  await page.getByText("The database cannot be reached").first().waitFor();
}

async function seeRequest(page: Page): Promise<void> {
  await page.getByRole("region", { name: "Selected request" }).scrollIntoViewIfNeeded();
}

async function hoverTime(page: Page): Promise<void> {
  await page.getByRole("list", { name: "Attempts", exact: true }).getByRole("time").last().hover();
  await page.getByRole("dialog", { name: "Time in other forms" }).waitFor();
}

/** A webhook of the booking's own that leads inside. */
async function openWebhook(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Book GPUs" }).first().click();
  await page.getByRole("combobox", { name: "Pool or GPU type" }).click();
  await page.getByRole("option").first().click();
  await page.getByRole("button", { name: /^Title, configuration and more/ }).click();
  const url = page.getByLabel("Webhook URL");
  await url.fill("https://169.254.169.254/latest/meta-data");
  await page.getByRole("button", { name: /^Book for/ }).click();
  await page
    .getByText(/is not a public address/)
    .first()
    .waitFor();
  await url.scrollIntoViewIfNeeded();
}

async function enterInternalUrl(page: Page): Promise<void> {
  await page.getByLabel("URL", { exact: true }).fill("https://169.254.169.254/latest/meta-data");
  await page.getByRole("treeitem", { name: "All events" }).press("Space");
  await page.getByRole("button", { name: "Create webhook" }).click();
  await page
    .getByText(/is not a public address/)
    .first()
    .waitFor();
}

async function seeVerdicts(page: Page): Promise<void> {
  const heading = page.getByRole("heading", { name: "Who got it, and why not" });
  await heading.evaluate((element) => element.scrollIntoView({ block: "center" }));
}

async function startReplay(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Replay [\d,]+$/ }).click();
  await page.getByText(/^Queued [1-9]\d\d of .* to go/).waitFor();
}

async function cancelReplay(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await page.getByRole("button", { name: "Cancel replay" }).click();
  await page.getByText(/then cancelled/).waitFor();
}

async function sendTest(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Send test" }).click();
  await page.getByText(/Delivered at the first attempt/).waitFor();
}

async function createWebhook(page: Page): Promise<void> {
  await expect(page.getByLabel("URL", { exact: true })).toHaveValue(/\/receiver\//);
  await page.getByRole("button", { name: "Create webhook" }).click();
  await page.getByRole("dialog", { name: "Webhook created" }).waitFor();
}

async function createKey(page: Page): Promise<void> {
  await press("Create API key")(page);
  await page.getByRole("dialog").getByLabel("Name", { exact: true }).fill("Scheduler");
  await page.getByRole("button", { name: "Create key" }).click();
  await page.getByRole("dialog", { name: "Copy your API key" }).waitFor();
}

async function createInvitation(page: Page): Promise<void> {
  await press("Invite")(page);
  await page.getByRole("dialog").getByLabel("E-mail").fill("linus@example.com");
  await page.getByRole("button", { name: "Create link" }).click();
  await page.getByRole("dialog", { name: "Send this link" }).waitFor();
}

async function seeEditor(page: Page): Promise<void> {
  await page.getByRole("textbox", { name: "Text of default" }).waitFor();
}

async function writeWrong(page: Page): Promise<void> {
  await page.getByRole("textbox", { name: "Text of default" }).press("Control+Home");
  await page.keyboard.type("disk: 100\n");
  await page.getByText("There is no field").first().waitFor();
  await page.locator(".cm-lint-marker-error").first().waitFor();
}

async function reviewCommit(page: Page): Promise<void> {
  await page.getByRole("textbox", { name: "Text of default" }).press("Control+End");
  await page.keyboard.type("# Checked\n");
  await press("Review and commit")(page);
  await page.getByRole("dialog").getByText("Checked").first().waitFor();
}

async function splitDiff(page: Page): Promise<void> {
  await page.getByRole("radio", { name: "Side by side" }).click();
}

async function deployToProduction(page: Page): Promise<void> {
  await press("Deploy default 5")(page);
  await page.getByRole("combobox", { name: "Environment" }).click();
  await page.getByRole("option", { name: /production/ }).click();
  await page.getByText("In force in production now").waitFor();
}

async function askRollBack(page: Page): Promise<void> {
  await press("Roll back production to deployment 3")(page);
  await page.getByText("In force now").waitFor();
}
