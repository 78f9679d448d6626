import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { encode } from "next-auth/jwt";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SESSION_COOKIE } from "@/lib/accounts/session-token";
import { operations } from "@/lib/contracts/registry";
import { startTestServer, type TestServer } from "@/lib/db/testing";
import { recordProof } from "@/lib/queue/faults/world";
import { startReceiver, type TestReceiver } from "@/lib/webhooks/testing";

const canary = (name: string) => `canary-${name}-${randomBytes(12).toString("hex")}`;

/** null: without one that is sent otherwise. */
type Headers = Record<string, string | null>;

/** The secrets that are put in, by what they are. */
const SECRETS = {
  "master key": canary("master-key"),
  "session key": canary("session-key"),
  "metrics token": canary("metrics-token"),
  password: canary("password"),
  "wrong password": canary("wrong-password"),
  "new password": canary("new-password"),
  "API key": `dmt_${canary("api-key")}`,
  "webhook secret": canary("webhook-secret"),
  "webhook secret, base64": `whsec_${randomBytes(24).toString("base64")}`,
  "webhook key": ed25519Secret(),
  "new webhook secret": canary("new-webhook-secret"),
  "refused webhook secret": `${canary("refused-secret")} with a space`,
  "secret under a wrong name": canary("misplaced-secret"),
  "secret of a call's webhook": canary("request-webhook-secret"),
  "processor secret": canary("processor-secret"),
  "provisioner secret": canary("provisioner-secret"),
  "debugged secret": canary("debugged-secret"),
  "Authorization header": canary("authorization"),
  "X-Api-Key header": canary("x-api-key"),
};

describe("secrets that go in come out nowhere in the clear", () => {
  let server: TestServer;
  let receiver: TestReceiver;
  const children: ChildProcess[] = [];
  let logs = "";

  beforeAll(async () => {
    server = await startTestServer({ durable: true });
    receiver = await startReceiver(({ path: url }, response) => response.writeHead(url === "/bad" ? 500 : 200).end());
  });
  afterAll(async () => {
    for (const child of children) child.kill("SIGKILL");
    await receiver.close();
    await server.remove();
  });

  /** A process that says all it can. */
  function start(script: string): ChildProcess {
    const child = spawn(process.execPath, ["--import", "tsx", script], {
      env: {
        ...process.env,
        NODE_ENV: "test",
        DATABASE_URL: server.url,
        LOG_LEVEL: "trace",
        DUMONT_SECRET_KEY: SECRETS["master key"],
        NEXTAUTH_SECRET: SECRETS["session key"],
        METRICS_TOKEN: SECRETS["metrics token"],
        DUMONT_BOOTSTRAP_EMAIL: "canary@example.com",
        DUMONT_BOOTSTRAP_PASSWORD: SECRETS.password,
        DUMONT_BOOTSTRAP_API_KEY: SECRETS["API key"],
      },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        logs += text;
      });
    }
    children.push(child);
    return child;
  }

  it("neither in logs, nor in the database and its files, nor in answers of the API", async () => {
    const [{ port }] = (await once(start("lib/http/testing-api-process.ts"), "message")) as [{ port: number }];
    const worker = start("scripts/worker.ts");
    await once(worker, "message");
    const origin = `http://127.0.0.1:${port}`;
    const answers: string[] = [];
    const call = async (method: string, url: string, body?: unknown, headers: Headers = {}) => {
      const all = { authorization: `Bearer ${SECRETS["API key"]}`, "content-type": "application/json", ...headers };
      const response = await fetch(`${origin}/api/v1${url}`, {
        method,
        headers: Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null),
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(30_000),
      });
      return { status: response.status, text: await response.text() };
    };
    /** Succeeds, and the answer is looked through. */
    const does = async (method: string, url: string, body?: unknown, headers?: Headers) => {
      const { status, text } = await call(method, url, body, headers);
      expect([200, 201, 202], `${method} ${url}: ${text}`).toContain(status);
      answers.push(text);
      return JSON.parse(text);
    };
    /** Succeeds, and is the one answer that may show the secret that was just given. */
    const gives = async (url: string, body: { secret: string } & Record<string, unknown>) => {
      const { status, text } = await call("POST", url, body, { "idempotency-key": randomBytes(8).toString("hex") });
      expect([200, 201], `${url}: ${text}`).toContain(status);
      expect(text).toContain(JSON.stringify(body.secret));
      return JSON.parse(text);
    };
    const isRefused = async (url: string, body: unknown, headers?: Headers) => {
      const { status, text } = await call("POST", url, body, headers);
      expect([401, 422], text).toContain(status);
      answers.push(text);
    };

    const client = new pg.Client({ connectionString: server.url });
    client.on("error", () => {}); // PostgreSQL is killed further down.
    await client.connect();
    const { id: projectId } = (await client.query("SELECT id FROM project")).rows[0];
    const project = `/projects/${projectId}`;

    const email = "canary@example.com";
    for (const password of [SECRETS["wrong password"], SECRETS.password]) {
      const response = await fetch(`${origin}/log-in`, { method: "POST", body: JSON.stringify({ email, password }) });
      answers.push(await response.text());
    }
    expect(answers[0]).toBe('{"user":null}');
    expect(answers[1]).toContain(email);
    const { id: userId } = (await client.query('SELECT id FROM "user"')).rows[0];
    const session = async (version: number) => {
      const token = await encode({ token: { sub: userId, version }, secret: SECRETS["session key"] });
      return { authorization: null, cookie: `${SESSION_COOKIE}=${token}` };
    };
    const passwords = { current_password: SECRETS.password, new_password: SECRETS["new password"] };
    const changed = await call("POST", "/me/password", passwords, await session(0));
    expect(changed.status, changed.text).toBe(204);

    const closed = await startReceiver();
    await closed.close();
    const hook = { url: receiver.url("/ok"), event_types: ["instance.started"], description: "canary-description" };
    const webhook = await gives(`${project}/webhooks`, {
      ...hook,
      secret: SECRETS["webhook secret"],
      headers: {
        Authorization: `Bearer ${SECRETS["Authorization header"]}`,
        "X-Api-Key": SECRETS["X-Api-Key header"],
      },
    });
    await gives(`${project}/webhooks`, {
      ...hook,
      url: receiver.url("/bad"),
      retry: { delays_s: [1] },
      secret: SECRETS["webhook secret, base64"],
    });
    await gives(`${project}/webhooks`, {
      ...hook,
      url: closed.url("/closed"),
      retry: { delays_s: [1] },
      signing: "ed25519",
      secret: SECRETS["webhook key"],
    });
    await gives(`${project}/processors`, {
      name: "canary",
      artifact_types: ["*"],
      url: receiver.url("/ok"),
      secret: SECRETS["processor secret"],
    });
    await gives("/admin/provisioners", {
      name: "canary",
      url: receiver.url("/ok"),
      secret: SECRETS["provisioner secret"],
    });
    await isRefused(`${project}/webhooks`, { ...hook, secret: SECRETS["refused webhook secret"] });
    await isRefused(`${project}/webhooks`, { ...hook, sekret: SECRETS["secret under a wrong name"] });
    await isRefused(`${project}/webhooks`, hook, { authorization: `Bearer ${SECRETS["API key"]}x` });
    await does("POST", `${project}/webhooks/debug-signature`, {
      headers: "",
      body: "{}",
      secret: SECRETS["debugged secret"],
      webhook_id: webhook.id,
    });
    await does("POST", `${project}/artifacts`, {
      type: "report",
      payload: {},
      produced_by: "canary",
      webhook: { url: receiver.url("/ok"), secret: SECRETS["secret of a call's webhook"] },
    });
    const event = await does("POST", `${project}/events`, { type: "instance.started", data: { n: 1 } });
    await does("POST", `${project}/webhooks/${webhook.id}/test`, { signature: "valid" });
    await gives(`${project}/webhooks/${webhook.id}/regenerate-secret`, { secret: SECRETS["new webhook secret"] });
    await does("POST", `${project}/events`, { type: "instance.started", data: { n: 2 } });

    const pending = "SELECT count(*)::int AS n FROM delivery WHERE status = 'pending'";
    await expect.poll(async () => (await client.query(pending)).rows[0].n, { timeout: 60_000 }).toBe(0);
    // Errors of a database that is not there, which name it.
    await server.crash();
    await expect.poll(async () => (await call("GET", `${project}/webhooks`)).status, { timeout: 30_000 }).not.toBe(200);
    await expect.poll(() => logs, { timeout: 30_000 }).toContain("claim failed");
    await server.restart();
    const sent = receiver.requests.map(({ headers }) => JSON.stringify(headers)).join("\n");
    for (const name of ["Authorization header", "X-Api-Key header"] as const) expect(sent).toContain(SECRETS[name]);

    await expect.poll(async () => (await call("GET", `${project}/webhooks`)).status, { timeout: 30_000 }).toBe(200);
    const [delivery] = (await does("GET", `${project}/deliveries`)).data;
    const ids: Record<string, string> = {
      project_id: projectId,
      webhook_id: webhook.id,
      event_id: event.id,
      delivery_id: delivery.id,
      number: "1",
    };
    let read = 0;
    for (const { method, path: template, auth, response, contentType } of operations) {
      // Streams do not end.
      if (method !== "GET" || !(response || contentType)) continue;
      const url = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? "none");
      const { status, text } = await call("GET", url, undefined, auth === "user" ? await session(1) : {});
      if (status === 200) read += 1;
      answers.push(text);
    }
    expect(read).toBeGreaterThan(40);

    for (const child of children) {
      child.kill("SIGTERM");
      await once(child, "close");
    }
    const dump = await dumpOf(server.url);
    await server.stop();
    const { folder } = JSON.parse(readFileSync(path.join(server.dataDir, "cluster.json"), "utf8"));
    const places = {
      logs,
      "answers of the API": answers.join("\n"),
      "all tables": dump,
      "the database's files": filesOf(folder)
        .map((file) => readFileSync(file, "latin1"))
        .join("\n"),
    };
    // What is no secret is found in each of them, so they were looked through.
    expect(places.logs).toContain(projectId);
    expect(places["answers of the API"]).toContain("canary-description");
    expect(places["all tables"]).toContain("canary-description");
    expect(places["the database's files"]).toContain("canary-description");
    const secrets = { ...SECRETS, "database password": new URL(server.url).password };
    const hits = Object.entries(places).flatMap(([place, text]) =>
      Object.entries(secrets).flatMap(([name, secret]) =>
        formsOf(secret)
          .filter(([, value]) => text.includes(value))
          .map(([form]) => `${name} in ${place} (${form})`),
      ),
    );
    expect(hits).toEqual([]);
    recordProof("canary-secrets", {
      fault: `${Object.keys(secrets).length} secrets put in, then logs, answers of the API, all tables and the database's files searched`,
      answers_read: answers.length,
      found_in_the_clear: hits.length,
    });
  });
});

/** A secret as it is and as it might be written down: encoded, or as the key bytes that it stands for. */
function formsOf(secret: string): [form: string, value: string][] {
  const bytes = Buffer.from(secret);
  const key = /^wh(?:sec|sk)_(.*)$/.exec(secret)?.[1];
  return [
    ["as it is", secret],
    ["hex", bytes.toString("hex")],
    ["base64", bytes.toString("base64").replace(/=+$/, "")],
    ["base64url", bytes.toString("base64url")],
    ["in a URL", encodeURIComponent(secret)],
    ...(key === undefined
      ? []
      : ([
          ["its key", key],
          ["its key's bytes", Buffer.from(key, "base64").toString("latin1")],
          ["its key's bytes, hex", Buffer.from(key, "base64").toString("hex")],
        ] satisfies [string, string][])),
  ];
}

/** Every row of every table of ours, as text. */
async function dumpOf(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
    );
    const texts: string[] = [];
    for (const { name } of tables.rows) {
      const { rows } = await client.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
      texts.push(...rows.map(({ row }) => row));
    }
    return texts.join("\n");
  } finally {
    await client.end();
  }
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile());
}

function ed25519Secret(): string {
  const { privateKey } = generateKeyPairSync("ed25519");
  const { d = "", x = "" } = privateKey.export({ format: "jwk" });
  return `whsk_${Buffer.concat([Buffer.from(d, "base64url"), Buffer.from(x, "base64url")]).toString("base64")}`;
}
