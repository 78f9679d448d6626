import { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import type { Administrator } from "@/lib/accounts/admin";
import type { DetailedSelfAudit, SelfAudit } from "@/lib/contracts/self-audit";
import { ledgerChecks } from "@/lib/credits/audit";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { Prisma } from "@/lib/generated/prisma/client";
import { bookingChecks } from "@/lib/reservations/audit-checks";

/** Exceptions that are kept of a check. */
const EXAMPLES = 5;

/** Milliseconds that one examination may take. */
const TIMEOUT_MS = 50_000;

/** Days for which results are kept. */
const KEPT_DAYS = 90;

const DAY_MS = 86_400_000;

const resultsSchema = z.array(z.object({ check: z.string(), found: z.int(), examples: z.array(z.string()) }));

/** Examines all bookings and the ledger in one snapshot, and keeps what it found. Repeatable; safe beside everything. */
export async function runAudit(now: Date): Promise<DetailedSelfAudit> {
  const checks = await transaction(
    async (tx) => {
      const results: DetailedSelfAudit["checks"] = [];
      for (const { name, sql } of [...bookingChecks, ...ledgerChecks]) {
        const rows = await tx.$queryRaw<{ found: number; example: string | null }[]>`
          WITH exceptions AS MATERIALIZED (${Prisma.raw(sql)})
          SELECT (SELECT count(*)::int FROM exceptions) AS found, (SELECT null::text) AS example
          UNION ALL (SELECT 0, row_to_json(e)::text FROM exceptions e LIMIT ${EXAMPLES})`;
        results.push({
          check: name,
          found: rows.reduce((sum, { found }) => sum + found, 0),
          examples: rows.flatMap(({ example }) => (example === null ? [] : [example])),
        });
      }
      return results;
    },
    { isolation: "RepeatableRead", timeoutMs: TIMEOUT_MS },
  );
  const found = checks.reduce((sum, check) => sum + check.found, 0);
  await db.selfAudit.create({ data: { ranAt: now, results: checks, found } });
  await db.selfAudit.deleteMany({ where: { ranAt: { lt: new Date(now.getTime() - KEPT_DAYS * DAY_MS) } } });
  return { ran_at: now.toISOString(), found, checks };
}

/** The same for whoever runs the installation. */
export function runSelfAudit(_admin: Administrator): Promise<DetailedSelfAudit> {
  return runAudit(new Date());
}

/** The last result, for members of any project: figures without ids. null before the first examination. */
export async function latestSelfAudit(actor: Actor): Promise<{ audit: SelfAudit | null }> {
  authorise(actor, "reservations:read");
  const row = await db.selfAudit.findFirst({ orderBy: { ranAt: "desc" } });
  if (!row) return { audit: null };
  const checks = resultsSchema.parse(row.results).map(({ check, found }) => ({ check, found }));
  return { audit: { ran_at: row.ranAt.toISOString(), found: row.found, checks } };
}
