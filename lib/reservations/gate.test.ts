import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { inTurn } from "@/lib/reservations/gate";

describe("inTurn", () => {
  it("lets two work on a pool at a time, in the order in which they came, and other pools alone", async () => {
    const started: number[] = [];
    let working = 0;
    let most = 0;
    const work = (n: number) => async () => {
      started.push(n);
      working += 1;
      most = Math.max(most, working);
      await sleep(5);
      working -= 1;
      if (n % 3 === 0) throw new Error("refused");
      return n;
    };
    const all = Array.from({ length: 12 }, (_, n) => inTurn("pool_a", work(n)));
    expect(await inTurn("pool_b", async () => "at once")).toBe("at once");
    expect(started).toEqual([0, 1]);
    const settled = await Promise.allSettled(all);
    expect(settled.filter(({ status }) => status === "rejected")).toHaveLength(4);
    expect(started).toEqual(Array.from({ length: 12 }, (_, n) => n));
    expect(most).toBe(2);
    await inTurn("pool_a", work(1));
  });
});
