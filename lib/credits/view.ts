import {
  ADMIN_SOURCES,
  type CreditGrantView,
  creditGrantSchema,
  type LedgerKind,
  type LedgerLine,
  ledgerLineSchema,
} from "@/lib/contracts/credits";
import { toJsonMicros } from "@/lib/contracts/money";
import { hasRunOut } from "@/lib/credits/funds";
import type { CreditGrant } from "@/lib/generated/prisma/client";

/** From database rows to what the API answers. */

/** @param given whether it is what only whoever runs the installation does, whom the project may not know */
export type Naming = (by: string, given: boolean) => { id: string; name: string };

/** Of lines that administrators write; all others come of what the project does, or by themselves. */
const GIVEN: ReadonlySet<string> = new Set(["grant", "void", "adjust"] satisfies LedgerKind[]);

export function writerOf({ created_by, kind }: Pick<LedgerRow, "created_by" | "kind">, naming: Naming) {
  return naming(created_by, GIVEN.has(kind));
}

export function toGrant(row: CreditGrant, now: Date, naming: Naming): CreditGrantView {
  const runOut = hasRunOut(row, now);
  return creditGrantSchema.parse({
    id: row.id,
    source: row.source,
    amount_micros: toJsonMicros(row.amount),
    available_micros: runOut ? 0 : toJsonMicros(row.available),
    held_micros: toJsonMicros(row.held),
    priority: row.priority,
    expires_at: row.expiresAt?.toISOString() ?? null,
    run_out: runOut,
    parent_id: row.parentId,
    note: row.note,
    created_by: naming(row.createdBy, (ADMIN_SOURCES as readonly string[]).includes(row.source)),
    created_at: row.createdAt.toISOString(),
  });
}

export type LedgerRow = {
  id: string;
  seq: bigint;
  kind: string;
  available_delta: bigint;
  held_delta: bigint;
  available_after: bigint;
  held_after: bigint;
  reservation_id: string | null;
  reservation_title: string | null;
  note: string;
  created_by: string;
  created_at: Date;
  /** Amounts as text: a bigint in JSON would lose digits. */
  entries: { grant_id: string; source: string; account: string; amount: string }[];
};

export function toLedgerLine(row: LedgerRow, naming: Naming): LedgerLine {
  return ledgerLineSchema.parse({
    id: row.id,
    seq: Number(row.seq),
    kind: row.kind,
    available_micros: toJsonMicros(row.available_delta),
    held_micros: toJsonMicros(row.held_delta),
    available_after_micros: toJsonMicros(row.available_after),
    held_after_micros: toJsonMicros(row.held_after),
    reservation: row.reservation_id === null ? null : { id: row.reservation_id, title: row.reservation_title ?? "" },
    note: row.note,
    entries: row.entries.map(({ amount, ...entry }) => ({ ...entry, amount_micros: toJsonMicros(BigInt(amount)) })),
    created_by: writerOf(row, naming),
    created_at: row.created_at.toISOString(),
  });
}
