import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import pg from "pg";
import { describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { stopLeftover } from "@/lib/db/embedded/leftover";
import { identify, isRunning, type ProcessIdentity } from "@/lib/db/embedded/processes";
import { buildWorker, WORKER_COMMAND } from "./launcher/build-worker";
import { type Launched, ownInstallation, script } from "./launcher/testing";

const WAIT = { timeout: 120_000, interval: 50 };

const LAUNCHER = script("start", "--no-web");

const { inDataDir, launch } = ownInstallation("dumont-start-");

function start(command: string[] = LAUNCHER, extra?: Record<string, string>): Launched {
  return launch(command, extra);
}

async function startReady(command?: string[], extra?: Record<string, string>): Promise<Launched> {
  const launched = start(command, extra);
  await vi.waitFor(() => {
    if (launched.child.exitCode !== null) throw new Error(`It ended:\n${launched.output()}`);
    expect(launched.output()).toContain("Dumont is ready");
  }, WAIT);
  return launched;
}

const connectionSchema = z.object({ url: z.string(), pid: z.number() });
const recordSchema = z.object({
  launcher: z.object({ pid: z.number(), startedAt: z.string() }),
  children: z.array(z.object({ pid: z.number(), startedAt: z.string() })),
});

function connection() {
  return connectionSchema.parse(JSON.parse(readFileSync(inDataDir("postgres.json"), "utf8")));
}

/** Everything that runs for the launcher, PostgreSQL last. */
function processes(): { launcher: ProcessIdentity; worker: ProcessIdentity; postgres: ProcessIdentity } {
  const { launcher, children } = recordSchema.parse(JSON.parse(readFileSync(inDataDir("launcher.json"), "utf8")));
  const postgres = identify(connection().pid);
  const [worker] = children;
  if (!worker || !postgres) throw new Error("not all of it is running");
  return { launcher, worker, postgres };
}

async function query(sql: string): Promise<unknown[]> {
  const client = new pg.Client(connection().url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const workers = () => query("SELECT count(*)::int AS n FROM worker_beat WHERE beat_at > now() - interval '30 s'");

/** Ctrl-C in a terminal reaches every process of the group. */
function pressCtrlC(launched: Launched): void {
  process.kill(-(launched.child.pid ?? 0), "SIGINT");
}

describe("stopping", () => {
  test("Ctrl-C stops everything in order, and the next start finds the data", async () => {
    const first = await startReady();
    const running = processes();
    await query("INSERT INTO rate_limit (key, points) VALUES ('kept', 1)");
    pressCtrlC(first);
    const { code, output } = await first.exit;
    expect(code, output).toBe(0);
    expect(Object.values(running).filter(isRunning)).toEqual([]);
    expect(existsSync(inDataDir("postgres.json"))).toBe(false);

    const second = await startReady();
    expect(second.output()).not.toContain("Ending what");
    expect(await query("SELECT key FROM rate_limit WHERE key = 'kept'")).toEqual([{ key: "kept" }]);
    second.child.kill("SIGTERM");
    expect((await second.exit).code).toBe(0);
  });

  test("SIGTERM while it is still starting leaves nothing behind", async () => {
    const launched = start();
    await vi.waitFor(() => expect(launched.output()).toContain("Starting PostgreSQL …"), WAIT);
    launched.child.kill("SIGTERM");
    const { code, output } = await launched.exit;
    expect(code, output).toBe(0);
    expect(await stopLeftover(inDataDir("postgres"))).toBe(false);
    await startReady();
  });

  test("secrets are made once and only for this user", async () => {
    const file = inDataDir("secrets.json");
    const first = await startReady();
    const secrets = readFileSync(file, "utf8");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(inDataDir("postgres.json")).mode & 0o777).toBe(0o600);
    pressCtrlC(first);
    await first.exit;
    await startReady();
    expect(readFileSync(file, "utf8")).toBe(secrets);
  });
});

describe("kill -9", () => {
  test("of the launcher: its worker ends by itself, and the next start takes over", async () => {
    const first = await startReady();
    const running = processes();
    await query("INSERT INTO rate_limit (key, points) VALUES ('kept', 1)");
    process.kill(running.launcher.pid, "SIGKILL");
    await first.exit;
    await vi.waitFor(() => expect(isRunning(running.worker)).toBe(false), WAIT);
    expect(isRunning(running.postgres)).toBe(true);

    const second = await startReady();
    expect(second.output()).toContain("left by a killed start");
    expect(isRunning(running.postgres)).toBe(false);
    expect(await query("SELECT key FROM rate_limit WHERE key = 'kept'")).toEqual([{ key: "kept" }]);
  });

  test("of the launcher and everything else, at once", async () => {
    const first = await startReady();
    const running = processes();
    await query("INSERT INTO rate_limit (key, points) VALUES ('kept', 1)");
    for (const { pid } of [running.launcher, running.worker, running.postgres]) process.kill(pid, "SIGKILL");
    await first.exit;
    await startReady();
    expect(await query("SELECT key FROM rate_limit WHERE key = 'kept'")).toEqual([{ key: "kept" }]);
  });

  test("of a worker: it is started again", async () => {
    const launched = await startReady();
    const { worker } = processes();
    process.kill(worker.pid, "SIGKILL");
    await vi.waitFor(() => expect(processes().worker.pid).not.toBe(worker.pid), WAIT);
    expect(launched.output()).toContain("The worker ended (SIGKILL)");
    await vi.waitFor(async () => expect(await workers()).toEqual([{ n: expect.any(Number) }]), WAIT);
  });

  test("of PostgreSQL: it is started again at the same address, and the worker goes on", async () => {
    const launched = await startReady();
    const { worker, postgres } = processes();
    const { url } = connection();
    await query("INSERT INTO rate_limit (key, points) VALUES ('kept', 1)");
    process.kill(postgres.pid, "SIGKILL");
    await vi.waitFor(() => expect(launched.output()).toContain("PostgreSQL is back"), WAIT);
    expect(connection().url).toBe(url);
    expect(await query("SELECT key FROM rate_limit WHERE key = 'kept'")).toEqual([{ key: "kept" }]);
    const since = "SELECT count(*)::int AS n FROM worker_beat WHERE beat_at > pg_postmaster_start_time()";
    await vi.waitFor(async () => expect(await query(since)).toEqual([{ n: 1 }]), WAIT);
    expect(isRunning(worker)).toBe(true);
  });

  test("of npm: the launcher stops by itself", async () => {
    const launched = await startReady(["npm", "start", "--silent", "--", "--no-web"]);
    const running = processes();
    process.kill(launched.child.pid ?? 0, "SIGKILL");
    await vi.waitFor(() => expect(Object.values(running).filter(isRunning)).toEqual([]), WAIT);
  });
});

describe("what cannot start says why", () => {
  test("a second start beside the first", async () => {
    const first = await startReady();
    const { launcher } = processes();
    const { code, output } = await start().exit;
    expect(code).toBe(1);
    expect(output).toContain(`process ${launcher.pid}`);
    expect(isRunning(launcher)).toBe(true);
    expect(first.child.exitCode).toBeNull();
  });

  test.each([
    { what: "a wrong variable", extra: { PORT: "many" }, says: /PORT: / },
    {
      what: "missing secrets beside DATABASE_URL",
      extra: { DATABASE_URL: "postgres://nobody@127.0.0.1:1/x" },
      says: /DUMONT_SECRET_KEY and NEXTAUTH_SECRET must be set/,
    },
    {
      what: "an unusable database",
      extra: {
        DATABASE_URL: "not a database",
        DUMONT_SECRET_KEY: "0123456789012345678901234567890123456789",
        NEXTAUTH_SECRET: "0123456789012345678901234567890123456789",
      },
      says: /DATABASE_URL: must be a postgres/,
    },
  ])("$what", async ({ extra, says }) => {
    const { code, output } = await start(LAUNCHER, extra).exit;
    expect(code).toBe(1);
    expect(output).toMatch(says);
    expect(output).not.toMatch(/\n\s+at /);
  });

  test("a worker without a database", async () => {
    const { code, output } = await start(script("migrate")).exit;
    expect(code).toBe(1);
    expect(output).toContain('Start one with "npm start", or set DATABASE_URL');
  });
});

test("other processes on the machine find the running server", async () => {
  await startReady();
  const { code, output } = await start(script("migrate")).exit;
  expect(code, output).toBe(0);
  expect(output).toContain("up to date");
  await buildWorker();
  const built = start([process.execPath, ...WORKER_COMMAND]);
  await vi.waitFor(async () => expect(await workers()).toEqual([{ n: 2 }]), WAIT);
  built.child.kill("SIGHUP");
  built.child.kill("SIGTERM");
  expect(await built.exit).toEqual({ code: 0, output: "" });
});

test("a built worker is started the same way everywhere", () => {
  const command = WORKER_COMMAND.join(" ");
  expect(JSON.parse(readFileSync("package.json", "utf8"))).toMatchObject({ scripts: { worker: `node ${command}` } });
  const { services } = z
    .object({ services: z.object({ worker: z.object({ entrypoint: z.array(z.string()) }) }) })
    .parse(parse(readFileSync("compose.yaml", "utf8"), { merge: true }));
  expect(services.worker.entrypoint.slice(1)).toEqual(WORKER_COMMAND);
});

test("SIGHUP is passed on to the worker, which reads the webhooks' file again; everything goes on running", async () => {
  const file = inDataDir("webhooks.yaml");
  const declare = (id: string) =>
    writeFileSync(file, `- {id: ${id}, url: "https://example.com/", secret: operators_own, events: ["*"]}\n`);
  declare("before");
  const launched = await startReady(LAUNCHER, {
    WEBHOOKS_FILE: file,
    SECRETS_DIR: inDataDir("."),
    operators_own: "a-secret-of-the-operator-0123",
    DUMONT_BOOTSTRAP_EMAIL: "owner@example.com",
    DUMONT_BOOTSTRAP_PASSWORD: "a long password",
  });
  const running = processes();
  const declared = () => query("SELECT file_key FROM webhook WHERE source = 'file' AND deleted_at IS NULL");
  await vi.waitFor(async () => expect(await declared()).toEqual([{ file_key: "before" }]), WAIT);
  process.kill(running.launcher.pid, "SIGHUP");
  await vi.waitFor(
    async () => expect(await query("SELECT trigger FROM webhooks_file")).toEqual([{ trigger: "signal" }]),
    WAIT,
  );
  expect(launched.output()).toContain("Reading the webhooks' file again");
  expect(Object.values(running).filter(isRunning)).toHaveLength(3);
  declare("after");
  await vi.waitFor(async () => expect(await declared()).toEqual([{ file_key: "after" }]), WAIT);
  launched.child.kill("SIGTERM");
  expect((await launched.exit).code).toBe(0);
});
