import type { z } from "zod";
import type { Administrator } from "@/lib/accounts/admin";
import { type NameOf, readNames } from "@/lib/accounts/names";
import { type createFaultBody, FAULT_LIMITS, faultSchema, type SimulatedFault } from "@/lib/contracts/compute-faults";
import { db } from "@/lib/db/client";
import { type Tx, transaction } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";
import type { SimulatedFault as FaultRow } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";
import { log } from "@/lib/log";

/** Faults of the simulated provider, newest first. */
export async function listFaults(_admin: Administrator): Promise<{ data: SimulatedFault[]; next_cursor: null }> {
  const rows = await db.simulatedFault.findMany({ orderBy: { id: "desc" }, take: FAULT_LIMITS.faults });
  const nameOf = await readNames(
    db,
    rows.map(({ createdBy }) => createdBy),
  );
  return { data: rows.map((row) => present(row, nameOf)), next_cursor: null };
}

/** @throws AppError "conflict" at the limit */
export async function createFault(
  { subject }: Administrator,
  body: z.output<typeof createFaultBody>,
): Promise<SimulatedFault> {
  const row = await transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('simulated faults', 0))`;
    if ((await tx.simulatedFault.count()) >= FAULT_LIMITS.faults) {
      throw new AppError("conflict", `There are ${FAULT_LIMITS.faults} faults, the most there can be; remove one.`);
    }
    return addFault(tx, { ...body, by: subject.id });
  });
  log.info({ by: subject.id, fault: row.id, kind: row.kind, node: row.nodeName }, "an administrator made a fault");
  return present(row, await readNames(db, [row.createdBy]));
}

/** Stores one in the caller's transaction, who has authorised it; for drills. */
export function addFault(
  tx: Tx,
  { kind, node, remaining, by }: z.output<typeof createFaultBody> & { by: string },
): Promise<FaultRow> {
  return tx.simulatedFault.create({
    data: { id: newId("simulatedFault"), kind, nodeName: node, remaining, createdBy: by },
  });
}

/** @throws AppError "not_found" */
export async function removeFault({ subject }: Administrator, id: string): Promise<undefined> {
  const { count } = await db.simulatedFault.deleteMany({ where: { id } });
  if (count === 0) throw new AppError("not_found", "There is no such fault.");
  log.info({ by: subject.id, fault: id }, "an administrator removed a fault");
}

function present(row: FaultRow, nameOf: NameOf): SimulatedFault {
  return faultSchema.parse({
    id: row.id,
    kind: row.kind,
    node: row.nodeName,
    remaining: row.remaining,
    created_by: { id: row.createdBy, name: nameOf(row.createdBy) },
    created_at: row.createdAt.toISOString(),
  });
}
