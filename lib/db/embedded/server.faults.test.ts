import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { EmbeddedError } from "@/lib/db/embedded/embedded-error";
import { identify, isRunning, signalProcess } from "@/lib/db/embedded/processes";
import { type EmbeddedServer, startEmbedded } from "@/lib/db/embedded/server";

let root: string;
let dataDir: string;
const running: EmbeddedServer[] = [];

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "dumont-embedded-"));
  chmodSync(root, 0o711);
  dataDir = path.join(root, "data");
});

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
  rmSync(root, { recursive: true, force: true });
});

async function start(folder = dataDir): Promise<EmbeddedServer> {
  const server = await startEmbedded({ dataDir: folder });
  running.push(server);
  return server;
}

async function query(server: EmbeddedServer, sql: string): Promise<unknown[]> {
  const client = new pg.Client(server.url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function kill(server: EmbeddedServer): Promise<void> {
  const identity = identify(server.pid);
  if (identity) signalProcess(identity, "SIGKILL");
  await server.ended;
}

const keep = (server: EmbeddedServer, text: string) =>
  query(server, `CREATE TABLE IF NOT EXISTS kept (text text); INSERT INTO kept VALUES ('${text}')`);
const kept = (server: EmbeddedServer) => query(server, "SELECT text FROM kept ORDER BY text");

test("the database is durable, private, and sorts alike everywhere", async () => {
  const server = await start();
  expect(server).toMatchObject({ created: true, tookOver: false });
  const settings = [
    "fsync",
    "full_page_writes",
    "synchronous_commit",
    "server_encoding",
    "TimeZone",
    "listen_addresses",
  ];
  const shown = await Promise.all(settings.map((name) => query(server, `SELECT current_setting('${name}') AS value`)));
  expect(shown.flat()).toEqual(["on", "on", "on", "UTF8", "UTC", "127.0.0.1"].map((value) => ({ value })));
  const words =
    "SELECT string_agg(word, ' ' ORDER BY word) AS words, lower('ÄÉ') AS lower FROM unnest('{b,a_,B,a0,é}'::text[]) word";
  expect(await query(server, words)).toEqual([{ words: "B a0 a_ b é", lower: "äé" }]);
  const wrong = new URL(server.url);
  wrong.password = "guess";
  await expect(new pg.Client(wrong.href).connect()).rejects.toThrow("password authentication failed");
  for (const file of ["cluster.json", "postgres.json", "postgres.log"]) {
    expect(statSync(path.join(dataDir, file)).mode & 0o777).toBe(0o600);
  }
});

test("a stop and a crash keep the data, the address and the password", async () => {
  const first = await start();
  await keep(first, "before the stop");
  await first.stop();
  expect(await first.ended).toBe("exit code 0");

  const second = await start();
  expect(second).toMatchObject({ created: false, tookOver: false, url: first.url });
  await keep(second, "before the crash");
  await kill(second);

  const third = await start();
  expect(third).toMatchObject({ created: false, tookOver: false, url: first.url });
  expect(await kept(third)).toEqual([{ text: "before the crash" }, { text: "before the stop" }]);
});

test("a server that was left running is ended and followed", async () => {
  const left = await start();
  await keep(left, "kept");
  const next = await start();
  expect(next.tookOver).toBe(true);
  expect(await left.ended).toBe("exit code 0");
  expect(await kept(next)).toEqual([{ text: "kept" }]);
});

test("the number of a crashed server may belong to another process by now", async () => {
  const crashed = await start();
  await keep(crashed, "kept");
  await kill(crashed);
  const folder = path.join(dataDir, "postgres");
  const { uid, gid } = statSync(folder);
  // Of the same user, which PostgreSQL by itself would take for a server at work.
  const other = spawn("sleep", ["60"], process.getuid?.() === 0 ? { uid, gid, cwd: "/" } : {});
  try {
    const lockFile = path.join(folder, "postmaster.pid");
    writeFileSync(lockFile, readFileSync(lockFile, "utf8").replace(/^\d+/, String(other.pid)));
    expect(await kept(await start())).toEqual([{ text: "kept" }]);
    const identity = identify(other.pid ?? 0);
    expect(identity !== undefined && isRunning(identity)).toBe(true);
  } finally {
    other.kill();
  }
});

test("an interrupted initialisation is begun anew", async () => {
  mkdirSync(path.join(dataDir, "postgres.new-1"), { recursive: true });
  writeFileSync(path.join(dataDir, "postgres.new-1", "PG_VERSION"), "18");
  const server = await start();
  expect(server.created).toBe(true);
});

test("another program on the port: the server moves", async () => {
  const first = await start();
  await first.stop();
  const squatter = createServer().listen(Number(new URL(first.url).port), "127.0.0.1");
  await once(squatter, "listening");
  const second = await start();
  squatter.close();
  expect(new URL(second.url).port).not.toBe(new URL(first.url).port);
});

describe("DATA_DIR moved or copied", () => {
  test("with the files inside, both work", async () => {
    const server = await start();
    await keep(server, "kept");
    await server.stop();
    const moved = path.join(root, "moved");
    renameSync(dataDir, moved);
    expect(spawnSync("cp", ["--archive", moved, dataDir]).status).toBe(0);

    const [one, two] = [await start(moved), await start(dataDir)];
    await keep(one, "only in one");
    expect(await kept(one)).toEqual([{ text: "kept" }, { text: "only in one" }]);
    expect(await kept(two)).toEqual([{ text: "kept" }]);
  });

  test.runIf(process.getuid?.() === 0)(
    "of root, where PostgreSQL cannot go: it moves, and a copy is refused",
    async () => {
      chmodSync(root, 0o700);
      const server = await start();
      const { folder } = z
        .object({ folder: z.string() })
        .parse(JSON.parse(readFileSync(path.join(dataDir, "cluster.json"), "utf8")));
      try {
        expect(folder).toMatch(/^\/var\/lib\/dumont\/[0-9a-f]{16}\/postgres$/);
        await keep(server, "kept");
        await server.stop();
        const moved = path.join(root, "moved");
        renameSync(dataDir, moved);
        const again = await start(moved);
        expect(await kept(again)).toEqual([{ text: "kept" }]);
        await again.stop();

        expect(spawnSync("cp", ["--archive", moved, dataDir]).status).toBe(0);
        await expect(start(dataDir)).rejects.toThrow(EmbeddedError);
      } finally {
        rmSync(path.dirname(folder), { recursive: true, force: true });
      }
    },
  );
});
