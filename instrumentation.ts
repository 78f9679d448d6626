/**
 * Next.js runs this once as a server starts, before the first request. The webhooks' file is loaded beside the start and
 * not before it: a console that waits for its database must still say so.
 */
export async function register(): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: set by Next.js, which leaves the code out of the other runtime by it
  if (process.env.NEXT_RUNTIME !== "nodejs" || process.env.NEXT_PHASE === "phase-production-build") return;
  const { loadAtStart } = await import("@/lib/webhooks/file/load");
  void loadAtStart();
}
