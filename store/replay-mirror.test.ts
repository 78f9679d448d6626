import { describe, expect, it } from "vitest";
import type { Replay } from "@/lib/contracts/replays";
import { newerReplay } from "@/store/replay-mirror";
import { replayOf } from "@/store/testing";

const outcome = (delivered: number, pending = 0): Replay["outcome"] => ({ delivered, failed: 0, pending });

describe("newerReplay", () => {
  it("goes by the job's revision, whatever came first", () => {
    const [older, newer] = [replayOf({ revision: 3 }), replayOf({ revision: 4, status: "paused" })];
    expect(newerReplay(older, newer)).toBe(newer);
    expect(newerReplay(newer, older)).toBe(newer);
  });

  it("does not let progress go back while the job itself stands still", () => {
    const [older, newer] = [replayOf({ outcome: outcome(3, 7) }), replayOf({ outcome: outcome(9, 1) })];
    expect(newerReplay(older, newer)).toBe(newer);
    expect(newerReplay(newer, older)).toBe(newer);
  });

  it("takes a higher revision although fewer have ended: failed ones may have gone on to another replay", () => {
    const newer = replayOf({ revision: 2, outcome: outcome(1) });
    expect(newerReplay(replayOf({ outcome: outcome(5) }), newer)).toBe(newer);
  });
});
