import type { APIRequestContext } from "@playwright/test";
import { createInvitation } from "@/lib/contracts/accounts";
import { createFault } from "@/lib/contracts/compute-faults";
import { listConfigurations } from "@/lib/contracts/configurations";
import { listDeliveries } from "@/lib/contracts/deliveries";
import { eventTypeCatalogue } from "@/lib/contracts/event-types";
import { emitEvent } from "@/lib/contracts/events";
import { listPools } from "@/lib/contracts/fleet";
import { listInstances, stopInstance } from "@/lib/contracts/instances";
import type { Operation, ResponseOf } from "@/lib/contracts/operation";
import { checkProvisioner, createProvisioner } from "@/lib/contracts/provisioners";
import { getReceiver, listReceiverRequests } from "@/lib/contracts/receiver";
import { createReplay, pauseReplay } from "@/lib/contracts/replays";
import { createReservation, listReservations } from "@/lib/contracts/reservations";
import { listSnapshots } from "@/lib/contracts/snapshots";
import { createWebhook, listWebhooks } from "@/lib/contracts/webhooks";
import { type RequestInput, request } from "@/store/request";

/** The settings of an installation with demo data. */
export const DEMO = {
  DUMONT_BOOTSTRAP_EMAIL: "ada@example.com",
  DUMONT_BOOTSTRAP_PASSWORD: "correct-horse-battery",
  DUMONT_BOOTSTRAP_API_KEY: "dmt_screenshots_0123456789abcdef",
  DUMONT_DEMO: "1",
};

/** Something of each kind to look at. */
export type Ids = {
  /** Delivered after failures. */
  retried: string;
  failed: string;
  pending: string;
  event: string;
  /** One that a webhook got, another did not as it was disabled, and others did not ask for. */
  login: string;
  webhook: string;
  warning: string;
  probing: string;
  disabled: string;
  /** A replay that is paused half way. */
  replay: string;
  /** A webhook that was made after all the events, and gets none by itself. */
  late: string;
  /** Of the fleet, booked and worked on. */
  pool: string;
  /** One that is yet to begin. */
  reservation: string;
  /** One that brought a webhook along. */
  told: string;
  /** An active one. */
  active: string;
  /** An instance that runs and has a snapshot, and one that was stopped. */
  instance: string;
  stopped: string;
  /** The only one of an active reservation, stopped. */
  rested: string;
  /** A configuration with variants, a rollback and evaluations. */
  config: string;
  /** What the test receiver got. */
  request: string;
  /** The path of a link that invites somebody. */
  invitation: string;
};

const PROJECT = { project_id: "default" };
/** Types of which a few are really sent, so that the test receiver has something to show. */
const SENT = ["instance.started", "snapshot.completed", "config.deployed", "user.login"];
const POLL_MS = 250;
const DAY_MS = 24 * 3600 * 1000;
const WEEK_MS = 7 * DAY_MS;

/** @param client sends the API key of the project */
export async function prepareDemo(client: APIRequestContext): Promise<Ids> {
  const sent = new Map<string, string>();
  for (const type of SENT) {
    const example = eventTypeCatalogue().find((info) => info.type === type)?.example ?? {};
    const data = emitEvent.body.shape.data.parse(example);
    const { id } = await call(client, emitEvent, { params: PROJECT, body: { type, data, environment: "production" } });
    sent.set(type, id);
  }
  let requests = await received(client);
  while (requests.length < SENT.length) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    requests = await received(client);
  }
  const webhooks = (await call(client, listWebhooks, { params: PROJECT })).data;
  const [delivered, failed, pending] = [
    await deliveries(client, "delivered"),
    await deliveries(client, "failed"),
    await deliveries(client, "pending"),
  ];
  const pools = (await call(client, listPools, {})).data;
  const invitation = await call(client, createInvitation, {
    params: PROJECT,
    body: { email: "grace@example.com", role: "admin" },
  });
  // Of one webhook alone, so that the log keeps failures of the others.
  const replay = await call(client, createReplay, {
    params: PROJECT,
    body: {
      kind: "failed",
      from: new Date(Date.now() - WEEK_MS).toISOString(),
      to: new Date().toISOString(),
      webhook_ids: [idOf(webhooks.find(({ description }) => description === "Nightly export (staging)"))],
      rate: 1,
    },
  });
  for (const [name, url] of [
    ["Rack 7, Frankfurt", "https://rack7.example.com/dumont"],
    ["Slurm cluster", "https://slurm.example.com/provisioner"],
  ] as const) {
    const { id } = await call(client, createProvisioner, { body: { name, url } });
    // Nobody is there, which is one of the states.
    if (name === "Slurm cluster") await call(client, checkProvisioner, { params: { provisioner_id: id } });
  }
  // Where no machine of the demo is, so that it stays without effect.
  await call(client, createFault, { body: { kind: "start_slow", node: "spare-01" } });
  await call(client, createFault, { body: { kind: "node_down", node: "spare-02" } });
  await call(client, pauseReplay, { params: { ...PROJECT, replay_id: replay.id } });
  const stopped = idOf((await call(client, listInstances, { params: PROJECT, query: { status: "stopped" } })).data[0]);
  return {
    replay: replay.id,
    late: (await makeLate(client)).id,
    retried: idOf(delivered.find(({ attempt_count }) => attempt_count > 1)),
    failed: idOf(failed[0]),
    pending: idOf(pending.find(({ attempt_count }) => attempt_count > 0)),
    event: delivered[0]?.event_id ?? "",
    login: sent.get("user.login") ?? "",
    webhook: idOf(webhooks.find(({ description }) => description === "Chat notifications")),
    warning: idOf(webhooks.find(({ status }) => status === "warning")),
    probing: idOf(webhooks.find(({ status }) => status === "probing")),
    disabled: idOf(webhooks.find(({ status }) => status === "disabled")),
    pool: idOf(pools.find(({ name }) => name === "Frankfurt H100")),
    reservation: idOf(
      (await call(client, listReservations, { params: PROJECT, query: { status: "confirmed" } })).data[0],
    ),
    told: (await bookTold(client, idOf(pools.find(({ name }) => name === "Frankfurt H100")))).id,
    active: idOf((await call(client, listReservations, { params: PROJECT, query: { status: "active" } })).data[0]),
    instance: await instanceWithSnapshot(client),
    stopped,
    rested: await stopOnlyOne(client),
    config: idOf((await call(client, listConfigurations, { params: PROJECT, query: { name: "llm-serving" } })).data[0]),
    request: idOf(requests.find(({ signature }) => signature === "valid")),
    invitation: new URL(invitation.link).pathname,
  };
}

/** It answers, so that a replay of all the events that it missed has something to show. */
async function makeLate(client: APIRequestContext) {
  const { url } = await call(client, getReceiver, { params: PROJECT });
  // The events of the demo's own machinery have no environment, and it gets none of those.
  const filter = { environments: ["production", "staging"] };
  const body = { url, description: "Archive", event_types: ["*"], filter };
  return call(client, createWebhook, { params: PROJECT, body });
}

/** A booking far ahead, where there is room. */
function bookTold(client: APIRequestContext, poolId: string) {
  const startsAt = (Math.floor(Date.now() / DAY_MS) + 80) * DAY_MS;
  return call(client, createReservation, {
    params: PROJECT,
    body: {
      pool_id: poolId,
      gpu_count: 2,
      starts_at: new Date(startsAt).toISOString(),
      ends_at: new Date(startsAt + DAY_MS).toISOString(),
      title: "Nightly evaluation",
      webhook: { url: "https://example.com/hooks/bookings?team=research", secret: "whsec_screenshots-only" },
    },
  });
}

async function instanceWithSnapshot(client: APIRequestContext): Promise<string> {
  const running = (await call(client, listInstances, { params: PROJECT, query: { status: "running" } })).data;
  const [snapshot] = (await call(client, listSnapshots, { params: PROJECT, query: { status: "completed" } })).data;
  return running.find(({ id }) => id === snapshot?.instance_id)?.id ?? idOf(running[0]);
}

/** Stops an instance that its reservation has alone, other than the one that is shown as it runs. */
async function stopOnlyOne(client: APIRequestContext): Promise<string> {
  const shown = await instanceWithSnapshot(client);
  const { data } = await call(client, listInstances, { params: PROJECT, query: { status: "running", limit: 200 } });
  const only = data.filter(
    (one) => one.id !== shown && data.every((other) => other === one || other.reservation_id !== one.reservation_id),
  );
  const id = idOf(only[0]);
  await call(client, stopInstance, { params: { ...PROJECT, instance_id: id } });
  return id;
}

async function received(client: APIRequestContext) {
  return (await call(client, listReceiverRequests, { params: PROJECT })).data;
}

async function deliveries(client: APIRequestContext, status: string) {
  return (await call(client, listDeliveries, { params: PROJECT, query: { status, limit: 200 } })).data;
}

function idOf(found: { id: string } | undefined): string {
  if (!found) throw new Error("The demo data has nothing of a kind that is to be shown.");
  return found.id;
}

async function call<const O extends Operation>(
  client: APIRequestContext,
  operation: O,
  input: RequestInput<O>,
): Promise<ResponseOf<O>> {
  const { url, body } = request(operation, input);
  const response = await client.fetch(url, {
    method: operation.method,
    ...(body === undefined ? {} : { data: body, headers: { "content-type": "application/json" } }),
  });
  if (!response.ok()) throw new Error(`${operation.id}: ${response.status()} ${await response.text()}`);
  // The schema is the operation's own, which the type cannot express.
  return operation.response?.parse(await response.json()) as ResponseOf<O>;
}
