/**
 * A ledger as a child would keep it: a list of grants, a list of what is held, plain numbers, everything looked at one by
 * one. What the real one does is compared with it; it shares no code with the real one.
 */
export type RefGrant = {
  /** The id in the database, once it is known. */
  id: string | null;
  parent: RefGrant | null;
  source: string;
  amount: number;
  available: number;
  held: number;
  priority: number;
  end: number | null;
  born: number;
};
type RefHold = { grant: RefGrant; held: number; captured: number };

const DAY = 86_400_000;
const midnightAfter = (ms: number) => (ms % DAY === 0 ? ms : ms - (ms % DAY) + DAY);

export class ReferenceLedger {
  now: number;
  grants: RefGrant[] = [];
  holds = new Map<string, RefHold[]>();
  spent = 0;
  expired = 0;
  readonly rules: { share: number; cap: number; rolledDays: number; graceDays: number };

  constructor(now: number, rules: { share: number; cap: number; rolledDays: number; graceDays: number }) {
    this.now = now;
    this.rules = rules;
  }

  grant(data: { source: string; amount: number; end: number | null; priority: number }): RefGrant {
    this.settle();
    return this.born({ ...data, parent: null });
  }

  /** @returns what is missing; 0 when it is held */
  hold(reservation: string, amount: number): number {
    // What is refused changes nothing: not even what has run out is booked.
    const missing = amount - this.spendable();
    if (missing > 0) return missing;
    this.settle();
    const list = this.holds.get(reservation) ?? [];
    this.holds.set(reservation, list);
    for (let unit = 0, left = amount; left > 0 && unit < 1000; unit += 1) {
      const grant = this.nextToBurn();
      if (!grant) break;
      const part = Math.min(left, grant.available);
      grant.available -= part;
      grant.held += part;
      left -= part;
      const known = list.find((hold) => hold.grant === grant);
      if (known) known.held += part;
      else list.push({ grant, held: part, captured: 0 });
    }
    return 0;
  }

  heldFor(reservation: string): number {
    return (this.holds.get(reservation) ?? []).reduce((sum, { held }) => sum + held, 0);
  }

  capturedFor(reservation: string): number {
    return (this.holds.get(reservation) ?? []).reduce((sum, { captured }) => sum + captured, 0);
  }

  release(reservation: string, refund: number, fee: number): void {
    this.settle();
    const list = this.holds.get(reservation) ?? [];
    for (let index = list.length - 1, left = refund; index >= 0; index -= 1) {
      const hold = list[index] as RefHold;
      const part = Math.min(left, hold.held);
      left -= part;
      hold.held -= part;
      hold.grant.held -= part;
      this.giveBack(hold.grant, part);
    }
    this.spend(reservation, fee);
  }

  capture(reservation: string, amount: number): void {
    if (amount === 0) return;
    this.settle();
    this.spend(reservation, amount);
  }

  refund(reservation: string, amount: number): void {
    this.settle();
    const list = this.holds.get(reservation) ?? [];
    for (let index = list.length - 1, left = amount; index >= 0; index -= 1) {
      const hold = list[index] as RefHold;
      const part = Math.min(left, hold.captured);
      left -= part;
      hold.captured -= part;
      this.spent -= part;
      this.giveBack(hold.grant, part);
    }
  }

  void(grant: RefGrant, amount: number | null): "nothing left" | "too much" | "done" {
    if (grant.available === 0 || (grant.end !== null && grant.end <= this.now)) return "nothing left";
    if (amount !== null && amount > grant.available) return "too much";
    this.settle();
    grant.available -= amount ?? grant.available;
    return "done";
  }

  /** What can be spent now, without touching anything. */
  spendable(): number {
    let sum = 0;
    for (const grant of this.grants) {
      if (grant.end === null || grant.end > this.now) sum += grant.available;
      else if (grant.source === "plan" && this.rolledEnd(grant.end) > this.now) sum += this.rolled(grant);
    }
    return sum;
  }

  /** What has run out goes, what rolls over of it stays, until nothing is left to do. */
  settle(): void {
    for (;;) {
      const due = this.grants
        .filter((grant) => grant.available > 0 && grant.end !== null && grant.end <= this.now)
        .sort((a, b) => (a.end ?? 0) - (b.end ?? 0));
      if (due.length === 0) return;
      for (const grant of due) {
        const rolled = grant.source === "plan" ? this.rolled(grant) : 0;
        this.expired += grant.available - rolled;
        grant.available = 0;
        if (rolled > 0) {
          const end = this.rolledEnd(grant.end ?? 0);
          this.born({ source: "rollover", amount: rolled, end, priority: grant.priority, parent: grant });
        }
      }
    }
  }

  private spend(reservation: string, amount: number): void {
    let left = amount;
    for (const hold of this.holds.get(reservation) ?? []) {
      const part = Math.min(left, hold.held);
      left -= part;
      hold.held -= part;
      hold.captured += part;
      hold.grant.held -= part;
      this.spent += part;
    }
  }

  private giveBack(grant: RefGrant, amount: number): void {
    if (amount === 0) return;
    if (grant.end === null || grant.end > this.now) {
      grant.available += amount;
      return;
    }
    const end = midnightAfter(this.now + this.rules.graceDays * DAY);
    this.born({ source: "refund", amount, end, priority: grant.priority, parent: grant });
  }

  private born(data: Omit<RefGrant, "id" | "available" | "held" | "born">): RefGrant {
    const made = { ...data, id: null, available: data.amount, held: 0, born: this.now };
    this.grants.push(made);
    return made;
  }

  private nextToBurn(): RefGrant | undefined {
    const paid = (grant: RefGrant) => (grant.source === "purchase" || grant.source === "refund" ? 1 : 0);
    let best: RefGrant | undefined;
    for (const grant of this.grants) {
      if (grant.available === 0) continue;
      if (!best) {
        best = grant;
        continue;
      }
      const keys = (of: RefGrant) => [of.priority, of.end ?? 9e15, paid(of), of.born];
      const [mine, theirs] = [keys(grant), keys(best)];
      const at = mine.findIndex((key, index) => key !== theirs[index]);
      // Made by the same movement: the ids decide, as they happened to come out.
      if (at === -1 ? (grant.id ?? "") < (best.id ?? "") : (mine[at] ?? 0) < (theirs[at] ?? 0)) best = grant;
    }
    return best;
  }

  private rolled(grant: RefGrant): number {
    return Math.min(Math.floor((grant.available * this.rules.share) / 10_000), this.rules.cap);
  }

  private rolledEnd(end: number): number {
    return midnightAfter(end + this.rules.rolledDays * DAY);
  }
}
