/**
 * npm run bench -- <name> [--json]: measures one thing beside a yardstick of the same run and prints their ratio.
 * Everything runs on this machine: a PostgreSQL of its own with fsync on, real worker processes, a real receiver.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startEmbedded } from "@/lib/db/embedded/server";
import { applyMigrations } from "@/lib/db/migrate";
import { buildWorker } from "../scripts/launcher/build-worker";

const dataDir = mkdtempSync(path.join(tmpdir(), "dumont-bench-"));
// The user under which PostgreSQL runs when we are root must get through, or its files would lie elsewhere and stay.
chmodSync(dataDir, 0o711);
const server = await startEmbedded({ dataDir, durable: true });
try {
  await applyMigrations(server.url);
  await buildWorker();
  // In a process of its own: the product reads its environment once, when it is loaded.
  const bench = spawn(process.execPath, ["--import", "tsx", "bench/one.ts", ...process.argv.slice(2)], {
    stdio: "inherit",
    env: {
      ...process.env,
      NODE_ENV: "production",
      LOG_LEVEL: "warn",
      EGRESS_ALLOW: "127.0.0.0/8",
      DUMONT_SECRET_KEY: "bench-secret-key-0123456789-0123456789",
      NEXTAUTH_SECRET: "bench-nextauth-secret-0123456789",
      DATABASE_URL: server.url,
    },
  });
  const [code] = await once(bench, "exit");
  process.exitCode = code ?? 1;
} finally {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
