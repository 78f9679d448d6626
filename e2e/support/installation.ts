import path from "node:path";
import { z } from "zod";

const installationSchema = z.object({
  /** Where its console is served. */
  url: z.string(),
  dataDir: z.string(),
  /** Its configuration file of webhooks, which declares none at first. */
  webhooksFile: z.string(),
  /** Where a provisioner of the tests may listen: calls to it are allowed. */
  provisionerPort: z.number(),
});

export type Installation = z.infer<typeof installationSchema>;

/** `npm run test:e2e` sets the first; Playwright tells each of its workers, which run side by side, the other. */
const { E2E_INSTALLATIONS, TEST_PARALLEL_INDEX = "0" } = process.env;
if (!E2E_INSTALLATIONS) {
  throw new Error('E2E_INSTALLATIONS is missing: run the browser tests with "npm run test:e2e".');
}

/** The installations under test, one for each worker: what a spec changes in one of them no other spec sees. */
export const INSTALLATIONS = z.array(installationSchema).parse(JSON.parse(E2E_INSTALLATIONS));

const own = INSTALLATIONS[Number(TEST_PARALLEL_INDEX)];
if (!own) throw new Error(`There is no installation for worker ${TEST_PARALLEL_INDEX}.`);

/** Where the console under test is served. */
export const ORIGIN = own.url;

export const DATA_DIR = own.dataDir;

export const WEBHOOKS_FILE = own.webhooksFile;

export const PROVISIONER_PORT = own.provisionerPort;

/** Who sets it up. */
export const OWNER = { name: "Olga Owner", email: "olga@dumont.test", password: "correct horse battery" };

/** The browser state of the owner, signed in; written by the set-up, and removed with the installation's data. */
export const OWNER_SESSION = ownerSession(own);

export function ownerSession({ dataDir }: Installation): string {
  return path.join(dataDir, "owner-session.json");
}
