import { LaunchError, loadEnvironment } from "./environment";

/** Errors that are written for the person at the console; of any other the whole trace is shown. */
const READABLE = new Set(["EnvError", "EmbeddedError", "DatabaseUrlError", "LaunchError"]);

/**
 * Runs a script: completes the environment, then loads the script's own modules, so that lib/env sees all of it.
 * Sets exit code 1 and says why when it fails.
 */
export async function run(script: () => Promise<void>): Promise<void> {
  // Output that nobody reads any more, as of a closed terminal, is no reason to fail.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  try {
    loadEnvironment();
    await script();
  } catch (error) {
    console.error(`\n${explain(error)}\n`);
    process.exit(1);
  }
}

function explain(error: unknown): string {
  if (error instanceof LaunchError || (error instanceof Error && READABLE.has(error.name))) return error.message;
  if (
    error instanceof Error &&
    "code" in error &&
    "path" in error &&
    /^(EACCES|EPERM|EROFS)$/.test(String(error.code))
  ) {
    return (
      `${error.path} cannot be written or read by this user (${error.code}). ` +
      "Run this as the user who owns it, or set DATA_DIR to a folder of your own."
    );
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
