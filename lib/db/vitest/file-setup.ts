import { afterAll, inject } from "vitest";
import { copyTemplate, dropDatabase } from "@/lib/db/vitest/databases";

/**
 * Once per test file, before it is loaded: a database of its own. `db` and `pool()` of the product lead to it, because
 * lib/env reads DATABASE_URL only after this.
 */
const serverUrl = inject("testServerUrl");
const url = await copyTemplate(serverUrl);
// biome-ignore lint/style/noProcessEnv: this is what sets the environment of the test
Object.assign(process.env, { TEST_SERVER_URL: serverUrl, DATABASE_URL: url });

afterAll(async () => {
  const pool = globalThis.dumontPool;
  await Promise.all([globalThis.dumontPrisma?.$disconnect(), pool?.ending ? undefined : pool?.end()]);
  await dropDatabase(url);
});
