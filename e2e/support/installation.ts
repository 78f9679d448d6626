import path from "node:path";

const { BASE_URL = "", DATA_DIR = "" } = process.env;
if (BASE_URL === "" || DATA_DIR === "") {
  throw new Error('BASE_URL or DATA_DIR is missing: run the browser tests with "npm run test:e2e".');
}

/** Where the console under test is served. */
export const ORIGIN = BASE_URL;

/** Who sets it up. */
export const OWNER = { name: "Olga Owner", email: "olga@dumont.test", password: "correct horse battery" };

/** The browser state of the owner, signed in; written by the set-up, and removed with the installation's data. */
export const OWNER_SESSION = path.join(DATA_DIR, "owner-session.json");
