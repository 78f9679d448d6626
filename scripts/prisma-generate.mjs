/**
 * Generates the Prisma client after `npm ci`, without the network.
 *
 * The Prisma command line insists on a schema-engine binary that it would download, although `generate` never runs
 * it. Naming any executable satisfies it. This must stay confined to `generate`: with the same setting,
 * `prisma migrate deploy` reports success and applies nothing (see docs/decisions/0002-migrations.md).
 */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

const cli = createRequire(import.meta.url).resolve("prisma/build/index.js");
const { status, stdout, stderr } = spawnSync(process.execPath, [cli, "generate"], {
  env: {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    CHECKPOINT_DISABLE: "1",
    PRISMA_HIDE_UPDATE_MESSAGE: "1",
  },
  encoding: "utf8",
});
if (status !== 0) {
  console.error(stdout, stderr);
  process.exit(status ?? 1);
}
