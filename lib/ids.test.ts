import { describe, expect, it } from "vitest";
import { firstIdAt, idsOfNow, isId, newId, timeOfId } from "@/lib/ids";

describe("ids", () => {
  it("tell their kind and when they were made", () => {
    const before = Date.now();
    const id = newId("delivery");
    expect(isId("delivery", id)).toBe(true);
    expect(isId("event", id)).toBe(false);
    expect(timeOfId(id).getTime()).toBeGreaterThanOrEqual(before);
    expect(timeOfId(id).getTime()).toBeLessThanOrEqual(Date.now());
  });

  it("of one moment count upwards, and are ids like any other", () => {
    const before = Date.now();
    const next = idsOfNow("delivery");
    const ids = Array.from({ length: 2 ** 20 }, next);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? ""))).toBe(true);
    for (const id of [ids[0] ?? "", ids[31] ?? "", ids[32] ?? "", ids.at(-1) ?? ""]) {
      expect(isId("delivery", id)).toBe(true);
      expect(timeOfId(id).getTime()).toBeGreaterThanOrEqual(before);
    }
    expect(next).toThrow(RangeError);
    expect(idsOfNow("delivery")()).not.toBe(ids[0]);
  });

  it("bound a moment from below: every id made from then on is higher, every one made before is lower", () => {
    const id = newId("event");
    const made = timeOfId(id).getTime();
    expect(firstIdAt("event", new Date(made)) <= id).toBe(true);
    expect(firstIdAt("event", new Date(made + 1)) > id).toBe(true);
    expect(timeOfId(firstIdAt("event", new Date(made))).getTime()).toBe(made);
  });

  it.each(["", "dlv_", "dlv_short", "dlv_01k6q3v9y2e8pb5m7d4tzwx0hU", "evt_01k6q3v9y2e8pb5m7d4tzwx0ha'"])(
    "do not take %j for a delivery's",
    (text) => expect(isId("delivery", text)).toBe(false),
  );
});
