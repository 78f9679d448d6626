import { lesser } from "@/lib/contracts/money";

/** What deciding the order needs to know of a grant. */
export type Burnable = {
  id: string;
  source: string;
  available: bigint;
  priority: number;
  expiresAt: Date | null;
  createdAt: Date;
};

/** What somebody paid for is spared as long as there is something else. */
const PAID: ReadonlySet<string> = new Set(["purchase", "refund"]);

/**
 * Which of two grants is used first: the lower priority number, then what runs out first, then what was given rather
 * than paid for, then the older one. A total order, so that a preview takes what the booking takes.
 */
function burnOrder(a: Burnable, b: Burnable): number {
  return (
    a.priority - b.priority ||
    compare(a.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY, b.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY) ||
    Number(PAID.has(a.source)) - Number(PAID.has(b.source)) ||
    a.createdAt.getTime() - b.createdAt.getTime() ||
    (a.id < b.id ? -1 : Number(a.id > b.id))
  );
}

export type Taking<G> = {
  taken: { grant: G; amount: bigint }[];
  /** What the grants lack; 0n: nothing. */
  shortfall: bigint;
};

/** Takes the amount out of the grants in burn order. Changes nothing; none of the grants may have run out. */
export function takeFrom<G extends Burnable>(grants: readonly G[], amount: bigint): Taking<G> {
  const taken: { grant: G; amount: bigint }[] = [];
  let left = amount;
  for (const grant of grants.toSorted(burnOrder)) {
    if (left === 0n) break;
    const part = lesser(grant.available, left);
    if (part <= 0n) continue;
    taken.push({ grant, amount: part });
    left -= part;
  }
  return { taken, shortfall: left };
}

function compare(a: number, b: number): number {
  // Not a difference: infinity less infinity is no number.
  return a < b ? -1 : Number(a > b);
}
