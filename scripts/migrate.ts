/**
 * npm run migrate: brings the database (DATABASE_URL, or the running embedded one) up to date and, where
 * DUMONT_BOOTSTRAP_* are set, sets up an empty installation.
 *
 * npm run migrate -- --diff <name>: after a change of prisma/schema.prisma, writes the migration that follows from it
 * into prisma/migrations/<time>_<name>/migration.sql. What schema.prisma cannot express (CHECK constraints, partial
 * indexes, exclusion constraints) is added there by hand. Applies nothing. It needs a database to borrow: it works in
 * one of its own beside it, which it removes again.
 */
import { parseArgs } from "node:util";
import { LaunchError } from "./launcher/environment";
import { run } from "./launcher/run";

await run(async () => {
  const { values } = parseArgs({ options: { diff: { type: "string" } } });
  const [{ resolveDatabaseUrl }, { authorMigration }, { prepareDatabase }] = await Promise.all([
    import("@/lib/db/url"),
    import("@/lib/db/migrate"),
    import("./launcher/prepare"),
  ]);
  const url = resolveDatabaseUrl();
  if (values.diff !== undefined) {
    if (!/^[a-z0-9_]+$/.test(values.diff)) {
      throw new LaunchError(`"${values.diff}" cannot name a migration: use a-z, 0-9 and _, as in add_invoices.`);
    }
    const folder = await authorMigration(url, values.diff);
    console.log(folder ? `Written: ${folder}/migration.sql` : "schema.prisma and the migrations agree already.");
    return;
  }
  await prepareDatabase(url);
});
