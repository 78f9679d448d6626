import { PrismaPg } from "@prisma/adapter-pg";
import type { SqlDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import { refuseSilentRollbacks } from "@/lib/db/inspect-results";
import { createPool } from "@/lib/db/pool";
import { PrismaClient } from "@/lib/generated/prisma/client";
import { log } from "@/lib/log";

declare global {
  var dumontPrisma: PrismaClient | undefined;
}

/**
 * The Prisma client. One per process, however often Next.js loads this module. It looks for the database at the first
 * query and not before, so that importing it costs nothing where there is none, as during the build.
 */
export const db: PrismaClient = globalThis.dumontPrisma ?? createClient();
globalThis.dumontPrisma = db;

/** How a statement begins that PostgreSQL is to parse and plan once per connection and not each time; the name is its own. */
const PREPARED = /^\s*\/\* prepared: ([a-z-]+) \*\//;

function createClient(): PrismaClient {
  const adapter: SqlDriverAdapterFactory = {
    provider: "postgres",
    adapterName: "@prisma/adapter-pg",
    connect: async () => {
      const pool = createPool("dumont-prisma");
      refuseSilentRollbacks(pool);
      const factory = new PrismaPg(pool, {
        disposeExternalPool: true,
        statementNameGenerator: ({ sql }) => PREPARED.exec(sql)?.[1] ?? "",
        onConnectionError: (err) => log.warn({ err }, "a database connection broke during a transaction"),
      });
      return factory.connect();
    },
  };
  return new PrismaClient({ adapter });
}
