import { applyMigrations } from "@/lib/db/migrate";
import { env } from "@/lib/env";
import { step } from "./progress";

/** Brings the database up to date and, when DUMONT_BOOTSTRAP_* say so, sets up an empty installation. */
export async function prepareDatabase(url: string): Promise<void> {
  await step(
    "Migrating the database",
    () => applyMigrations(url),
    (applied) => (applied.length > 0 ? `applied: ${applied.join(", ")}` : "up to date"),
  );
  if (env.DUMONT_BOOTSTRAP_EMAIL || env.DUMONT_BOOTSTRAP_PASSWORD || env.DUMONT_BOOTSTRAP_API_KEY) {
    await step("Setting up from DUMONT_BOOTSTRAP_*", setUp, ({ created }) => (created ? "" : "nothing to do"));
  }
}

async function setUp(): Promise<{ created: boolean }> {
  const [{ bootstrap }, { db }, { pool }, { flushAnnouncements }] = await Promise.all([
    import("@/lib/accounts/bootstrap"),
    import("@/lib/db/client"),
    import("@/lib/db/pool"),
    import("@/lib/live/channel"),
  ]);
  try {
    return await bootstrap();
  } finally {
    await flushAnnouncements();
    // Their connections would keep a script from ending.
    await Promise.all([db.$disconnect(), pool().end()]);
  }
}
