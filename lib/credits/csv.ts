import { creditsText } from "@/lib/contracts/money";
import { type LedgerRow, type Naming, writerOf } from "@/lib/credits/view";
import { csvLine, harmless } from "@/lib/csv";

const COLUMNS: readonly (readonly [string, (row: LedgerRow, naming: Naming) => string])[] = [
  ["seq", ({ seq }) => String(seq)],
  ["time_utc", ({ created_at }) => created_at.toISOString()],
  ["kind", ({ kind }) => kind],
  ["available_credits", ({ available_delta }) => creditsText(available_delta)],
  ["available_micros", ({ available_delta }) => String(available_delta)],
  ["held_credits", ({ held_delta }) => creditsText(held_delta)],
  ["held_micros", ({ held_delta }) => String(held_delta)],
  ["available_after_credits", ({ available_after }) => creditsText(available_after)],
  ["available_after_micros", ({ available_after }) => String(available_after)],
  ["held_after_credits", ({ held_after }) => creditsText(held_after)],
  ["held_after_micros", ({ held_after }) => String(held_after)],
  ["reservation_id", ({ reservation_id }) => reservation_id ?? ""],
  ["reservation_title", ({ reservation_title }) => harmless(reservation_title ?? "")],
  ["grant_ids", ({ entries }) => [...new Set(entries.map(({ grant_id }) => grant_id))].join(" ")],
  ["note", ({ note }) => harmless(note)],
  ["by", (row, naming) => harmless(writerOf(row, naming).name)],
  ["id", ({ id }) => id],
];

export const CSV_HEADER = csvLine(COLUMNS.map(([name]) => name));

/** One line of the ledger. */
export function toCsvLine(row: LedgerRow, naming: Naming): string {
  return csvLine(COLUMNS.map(([, cell]) => cell(row, naming)));
}
