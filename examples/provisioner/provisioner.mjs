/**
 * A provisioner: starts and stops machines on this computer when Dumont asks, by the contract of docs/provisioner.md.
 * Node.js 20 or newer, nothing to install. See README.md beside it.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { hostname } from "node:os";
import path from "node:path";
import { chooseBackend } from "./backends.mjs";
import { problemOf } from "./verify.mjs";

const settings = {
  secrets: (process.env.PROVISIONER_SECRET ?? "").split(",").filter((secret) => secret !== ""),
  port: Number(process.env.PROVISIONER_PORT ?? 8700),
  listen: process.env.PROVISIONER_LISTEN ?? "127.0.0.1",
  host: process.env.PROVISIONER_HOST ?? hostname(),
  gpus: Number(process.env.PROVISIONER_GPUS ?? 0),
  dataDir: path.resolve(process.env.PROVISIONER_DATA ?? "./provisioner-data"),
  backend: process.env.PROVISIONER_BACKEND,
};
if (settings.secrets.length === 0) fail("Set PROVISIONER_SECRET to the secret that Dumont showed you.");

const MOST_BYTES = 1024 * 1024;
const PAGE = 500;
/** As long as a request's timestamp is accepted, in either direction. */
const REMEMBERED_MS = 11 * 60_000;

mkdirSync(settings.dataDir, { recursive: true });
const stateFile = path.join(settings.dataDir, "state.json");
const state = existsSync(stateFile) ? JSON.parse(readFileSync(stateFile, "utf8")) : { machines: {}, snapshots: {} };
const backend = chooseBackend({ name: settings.backend, dataDir: settings.dataDir, host: settings.host });
/** Snapshots that are being taken by this process. */
const jobs = new Map();
/** Answers by webhook-id: a request that comes again, by a retry or by somebody who listened, does nothing again. */
const answers = new Map();

/** A refusal that Dumont understands. */
class Refusal extends Error {
  constructor(status, error, message) {
    super(message);
    Object.assign(this, { status, error });
  }
}

const operations = {
  async start({ label, gpu_count: gpuCount, template }) {
    let machine = state.machines[label];
    if (machine && (await backend.look(machine)).state === "failed") {
      // It will not run any more: another takes its place.
      await remove(label);
      machine = undefined;
    }
    if (!machine) {
      const id = createHash("sha256").update(`${label} ${Date.now()}`).digest("hex").slice(0, 20);
      machine = { id, label, gpus: freeGpus(gpuCount), template, startedAt: Date.now() };
      // Kept before it is started: after a crash in between, the next start goes on with it.
      state.machines[label] = machine;
      save();
    }
    try {
      await backend.launch(machine);
    } catch (error) {
      await remove(label);
      throw new Refusal(422, "refused", `It could not be started: ${error.message}`);
    }
    return { machine: await toMachine(machine) };
  },

  async find({ label }) {
    const machine = state.machines[label];
    return { machine: machine ? await toMachine(machine) : null };
  },

  async stop({ label }) {
    if (state.machines[label]) await remove(label);
    return { machine: null };
  },

  async list({ label_prefix: prefix, cursor }) {
    const labels = Object.keys(state.machines)
      .filter((label) => label.startsWith(prefix) && (cursor === null || label > cursor))
      .sort();
    const page = labels.slice(0, PAGE);
    return {
      machines: await Promise.all(page.map((label) => toMachine(state.machines[label]))),
      next_cursor: labels.length > PAGE ? page.at(-1) : null,
    };
  },

  /** Saving takes longer than a request may: it goes on by itself, and Dumont asks again. */
  async snapshot({ snapshot_id: id, label }) {
    if (!/^[A-Za-z0-9_]{1,100}$/.test(id)) throw new Refusal(422, "refused", "That is no snapshot's id.");
    const known = state.snapshots[id];
    if (known) return { snapshot: known };
    const machine = state.machines[label];
    if (!machine) throw new Refusal(404, "refused", "There is no such machine.");
    if (!jobs.has(id)) {
      const job = backend
        .save(machine, id)
        .then((saved) => ({ state: "completed", ...saved }))
        .catch((error) => ({ state: "failed", failure: String(error.message).slice(0, 500) }))
        .then((result) => {
          state.snapshots[id] = result;
          save();
          jobs.delete(id);
        });
      jobs.set(id, job);
    }
    return { snapshot: { state: "running", id: null } };
  },

  async health() {
    return { ok: true, problems: [] };
  },
};

async function toMachine(machine) {
  const { state: now, address = null, failure = null } = await backend.look(machine);
  const details = { backend: backend.name, gpus: machine.gpus.join(",") };
  return { label: machine.label, id: machine.id, state: now, address, failure, details };
}

async function remove(label) {
  await backend.end(state.machines[label]);
  delete state.machines[label];
  save();
}

/** GPUs of this computer that no machine has. PROVISIONER_GPUS=0: they are not counted here. */
function freeGpus(count) {
  if (settings.gpus === 0) return [];
  const taken = new Set(Object.values(state.machines).flatMap(({ gpus }) => gpus));
  const free = Array.from({ length: settings.gpus }, (_, index) => index).filter((index) => !taken.has(index));
  if (free.length < count) throw new Refusal(409, "capacity", `${free.length} of ${settings.gpus} GPUs are free.`);
  return free.slice(0, count);
}

/** Written beside and moved over, so that it is whole after a crash. */
function save() {
  writeFileSync(`${stateFile}.new`, JSON.stringify(state, null, 1));
  renameSync(`${stateFile}.new`, stateFile);
}

/** One after another: two starts of one label must not both find that there is none. */
let last = Promise.resolve();
function inTurn(work) {
  const result = last.then(work);
  last = result.catch(() => {});
  return result;
}

async function answer(request, body) {
  if (request.method !== "POST") throw new Refusal(405, "refused", "Send a POST.");
  const problem = problemOf({ headers: request.headers, body, secrets: settings.secrets });
  if (problem) throw new Refusal(401, "refused", problem);
  const id = request.headers["webhook-id"];
  const known = answers.get(id);
  if (known) return known;
  const asked = JSON.parse(body.toString("utf8"));
  if (!Object.hasOwn(operations, asked.operation)) {
    throw new Refusal(501, "unsupported", `There is no operation "${asked.operation}" here.`);
  }
  const given = inTurn(() => operations[asked.operation](asked));
  answers.set(id, given);
  setTimeout(() => answers.delete(id), REMEMBERED_MS).unref();
  return given;
}

const server = createServer(async (request, response) => {
  const send = (status, json) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(json));
  };
  try {
    const chunks = [];
    let size = 0;
    for await (const chunk of request) {
      size += chunk.length;
      if (size > MOST_BYTES) throw new Refusal(413, "refused", "The request is larger than 1 MiB.");
      chunks.push(chunk);
    }
    send(200, await answer(request, Buffer.concat(chunks)));
  } catch (error) {
    if (error instanceof Refusal) return send(error.status, { error: error.error, message: error.message });
    if (error instanceof SyntaxError) return send(400, { error: "refused", message: "The body is not JSON." });
    console.error(error);
    send(500, { error: "unreachable", message: "The provisioner failed; its log says why." });
  }
});

server.listen(settings.port, settings.listen, () => {
  const { port } = server.address();
  console.log(`provisioner: http://${settings.listen}:${port}, machines are run by: ${backend.name}`);
});

/** Machines run on without us; the next start finds them by the state file. */
for (const name of ["SIGINT", "SIGTERM"]) {
  process.once(name, () => server.close(() => process.exit(0)) && server.closeIdleConnections());
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
