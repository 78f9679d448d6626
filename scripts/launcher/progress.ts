const STILL_EVERY_MS = 10_000;

/** Seconds since the launcher was started, for the left margin. */
function clock(): string {
  return `${(performance.now() / 1000).toFixed(1).padStart(6)}s`;
}

/** One line of progress with the time since the start. */
export function say(message: string): void {
  console.log(`${clock()}  ${message}`);
}

/** Announces a step, says that it is still going on every ten seconds, and says when and how it ended. */
export async function step<T>(
  title: string,
  work: () => Promise<T>,
  outcome: (result: T) => string = () => "",
): Promise<T> {
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  say(`${title} …`);
  const reminder = setInterval(() => say(`${title} … still at it (${seconds()})`), STILL_EVERY_MS);
  try {
    const result = await work();
    const detail = outcome(result);
    say(`${title}: done in ${seconds()}${detail ? ` (${detail})` : ""}`);
    return result;
  } catch (error) {
    say(`${title}: failed after ${seconds()}`);
    throw error;
  } finally {
    clearInterval(reminder);
  }
}
