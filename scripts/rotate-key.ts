/**
 * npm run rotate-key: replaces the master key that encrypts secrets at rest (docs/operations/keys.md).
 *
 * Where `npm start` made the key itself, the first run, while Dumont is stopped, makes a new one beside it; the second,
 * while Dumont runs, encrypts everything anew and forgets the old one. With keys of one's own in DUMONT_SECRET_KEY and
 * DUMONT_SECRET_KEY_PREVIOUS it is the second run alone.
 */
import path from "node:path";
import { forgetPreviousKey, hasOwnKeyFile, LaunchError, startNewKey } from "./launcher/environment";
import { run } from "./launcher/run";

/** Of what cannot be opened, so many are named. */
const NAMED = 20;

await run(async () => {
  if (!process.env.DUMONT_SECRET_KEY)
    throw new LaunchError("There is no DUMONT_SECRET_KEY yet, so there is none to rotate.");
  if (process.env.DUMONT_SECRET_KEY_PREVIOUS) await reencrypt();
  else await makeNewKey();
});

async function makeNewKey(): Promise<void> {
  if (!hasOwnKeyFile()) {
    throw new LaunchError(
      "Set DUMONT_SECRET_KEY to a new key (openssl rand -base64 32) and DUMONT_SECRET_KEY_PREVIOUS to the present one, " +
        "for every process; start them again, then run this again. See docs/operations/keys.md.",
    );
  }
  const { claimInstance } = await import("./launcher/instance");
  const dataDir = path.resolve(process.env.DATA_DIR || ".data");
  // A process that knows only the old key could not open what is encrypted with the new one.
  const instance = await claimInstance(dataDir, "npm run rotate-key");
  try {
    startNewKey();
  } finally {
    instance.release();
  }
  console.log(
    `A new key is in ${dataDir}/secrets.json, the old one beside it: both open what is stored.\n` +
      "Now start Dumont and, while it runs, run this again: it encrypts everything with the new key.",
  );
}

async function reencrypt(): Promise<void> {
  const [{ reencryptAll }, { installationBox }, { db }] = await Promise.all([
    import("@/lib/keys/reencrypt"),
    import("@/lib/crypto/secret-box"),
    import("@/lib/db/client"),
  ]);
  let told = 0;
  const { changed, unreadable } = await reencryptAll(installationBox(), (changedSoFar) => {
    if (changedSoFar - told < 1000) return;
    told = changedSoFar;
    console.log(`${changedSoFar} rows …`);
  });
  await db.$disconnect();
  console.log(`Encrypted with the new key: ${changed} rows that were not yet.`);
  if (unreadable.length > 0) {
    throw new LaunchError(
      `${unreadable.length} could be opened with neither key and were left as they are:\n${list(unreadable)}\n` +
        "DUMONT_SECRET_KEY_PREVIOUS is not the key that they were encrypted with. Set it to that key and run this again; " +
        "if it is lost, regenerate these secrets in the console.",
    );
  }
  if (hasOwnKeyFile()) {
    forgetPreviousKey();
    console.log("The old key is forgotten.");
  } else {
    console.log("Nothing needs the old key any more: remove DUMONT_SECRET_KEY_PREVIOUS from the environment.");
  }
}

function list(names: readonly string[]): string {
  const more = names.length > NAMED ? [`  … and ${names.length - NAMED} more`] : [];
  return [...names.slice(0, NAMED).map((name) => `  ${name}`), ...more].join("\n");
}
