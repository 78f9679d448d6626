import type { AdminCredits, CreditGrantView, GrantSource, LedgerAccount, LedgerKind } from "@/lib/contracts/credits";

/** The words of the ledger; each kind has an icon of its own, see kind-mark.tsx. */
export const KIND_WORDS: Readonly<Record<LedgerKind, { word: string; sentence: string }>> = {
  grant: { word: "Granted", sentence: "Credits came" },
  hold: { word: "Held", sentence: "Set aside for a reservation" },
  release: { word: "Released", sentence: "No longer needed for a reservation" },
  capture: { word: "Used", sentence: "Used by a reservation" },
  fee: { word: "Fee", sentence: "Kept of what was given back" },
  refund: { word: "Refunded", sentence: "Given back although used" },
  expire: { word: "Expired", sentence: "A grant ran out" },
  rollover: { word: "Rolled over", sentence: "Carried into a new grant" },
  void: { word: "Taken back", sentence: "A grant was taken back" },
  adjust: { word: "Corrected", sentence: "A part of a grant was taken back" },
};

export const SOURCE_WORDS: Readonly<Record<GrantSource, string>> = {
  purchase: "Purchase",
  plan: "Plan",
  promo: "Promotion",
  sla: "Service credit",
  refund: "Refund",
  rollover: "Rolled over",
  manual: "Manual",
};

export const ACCOUNT_WORDS: Readonly<Record<LedgerAccount, string>> = {
  funding: "Where credits come from",
  available: "Available",
  held: "Held",
  spent: "Spent",
  expired: "Expired",
};

/** What is left of a grant in a word. */
export function grantState({ available_micros, held_micros, run_out }: CreditGrantView): string {
  if (available_micros > 0) return "Available";
  if (held_micros > 0) return run_out ? "Run out, a part still held" : "Held";
  return run_out ? "Run out" : "Used up";
}

export function planWords(plan: AdminCredits["project"]["plan"]): string {
  return plan === "premium" ? "Premium" : "Free";
}
