import { describe, expect, it } from "vitest";
import type { ClaimedDelivery } from "@/lib/queue/claim";
import { delivery, setUp } from "@/lib/queue/testing-throttle";
import type { Throttle } from "@/lib/queue/throttle";

describe("between webhooks", () => {
  it("keeps a quarter of the slots for webhooks that have answered quickly, however many others there are", () => {
    const { throttle, hasRoomFor } = setUp({ concurrency: 8 });
    throttle.end(throttle.start(delivery("proven")), "ok");
    const tickets = ["a", "b", "c", "d", "e"].map((id) => throttle.start(delivery(id)));
    expect(throttle.request(100, "")).toMatchObject({ suspectLimit: 2, unprovenLimit: 1 });
    expect(hasRoomFor({ new: 1 })).toBe(true);
    expect(hasRoomFor({ new: 2 })).toBe(false);
    expect(hasRoomFor({ a: 1 })).toBe(true);
    // Each alone would, both do not.
    expect(hasRoomFor({ a: 1, new: 1 })).toBe(false);
    expect(hasRoomFor({ proven: 2, new: 1 })).toBe(true);
    expect(hasRoomFor({ proven: 3, new: 1 })).toBe(false);
    const claimed = throttle.request(100, "");
    throttle.start(delivery("failing", { isFailing: true }));
    throttle.learn(claimed, [delivery("failing")]);
    expect(throttle.isUnprovenFull).toBe(true);
    expect(throttle.request(100, "")).toMatchObject({ suspectLimit: 1, unprovenLimit: 0 });
    expect(["new", "a", "proven"].map((id) => hasRoomFor({ [id]: 1 }))).toEqual([false, false, true]);
    // A place that one of them frees is for the next of them.
    expect(throttle.mayHaveMore("a")).toBe(true);
    for (const ticket of tickets) throttle.markSlow(ticket);
    expect(throttle.request(100, "")).toMatchObject({ suspectLimit: 1, unprovenLimit: 5 });
  });

  it("gives none of the webhooks that have more due than a claim can take more than an even part", () => {
    const { throttle, pass } = setUp({ concurrency: 32 });
    const ids = ["a", "b", "c", "d"];
    const rooms = (limit: number) => throttle.request(limit, "").known.map(({ room }) => room);
    for (const id of ids) for (let n = 0; n < 6; n += 1) throttle.end(throttle.start(delivery(id)), "ok");
    const request = throttle.request(32, "");
    const given = ids.flatMap((id) => Array.from({ length: 8 }, () => delivery(id)));
    const tickets = given.map((each) => throttle.start(each));
    throttle.learn(request, given);
    for (const ticket of tickets) throttle.end(ticket, "ok");
    // How quick they are is not known yet.
    expect(rooms(2)).toEqual([8, 8, 8, 8]);
    // 56 in a second are 14 in the time that a round may take.
    pass(1_000);
    expect(rooms(2)).toEqual([3, 3, 3, 3]);
    expect(rooms(20)).toEqual([5, 5, 5, 5]);
    pass(500);
    expect(rooms(2)).toEqual([1, 1, 1, 1]);
    // One that cannot use its part leaves it to the others.
    for (let n = 0; n < 7; n += 1) throttle.start(delivery("a"));
    expect(throttle.request(13, "").known.map(({ webhookId, room }) => [webhookId, room])).toEqual([
      ["b", 4],
      ["c", 4],
      ["d", 4],
      ["a", 1],
    ]);
    // It is long ago that they had more than they were given.
    pass(1_000);
    expect(rooms(2)).toEqual([8, 8, 8, 1]);
  });
});

describe("between projects", () => {
  const busy = (n: number) => delivery(`busy${n}`, { projectId: "prj_busy" });
  const small = delivery("small", { projectId: "prj_small" });
  const claim = (throttle: Throttle, limit: number, given: ClaimedDelivery[]) => {
    const request = throttle.request(limit, "");
    const tickets = given.map((each) => throttle.start(each));
    throttle.learn(request, given);
    return { request, tickets };
  };

  it("lets one that is alone have every slot, and asks for nobody to go first", () => {
    const { throttle } = setUp({ concurrency: 16 });
    const given = Array.from({ length: 16 }, (_, n) => busy(n));
    expect(claim(throttle, 16, given).request.first).toEqual([]);
    expect(throttle.room).toBe(0);
    expect(throttle.request(1, "").first).toEqual([]);
    expect(throttle.served).toEqual(["prj_busy"]);
  });

  it("puts webhooks first that had more than they were given, of the project that is behind", () => {
    const { throttle, pass } = setUp({ concurrency: 16 });
    claim(
      throttle,
      14,
      Array.from({ length: 14 }, (_, n) => busy(n)),
    );
    const { tickets } = claim(throttle, 2, [small, small]);
    expect(throttle.request(2, "").first).toEqual([]);
    for (const ticket of tickets) throttle.end(ticket, "ok");
    expect(throttle.request(2, "").first).toEqual(["small"]);
    expect(throttle.served).toEqual(["prj_busy"]);
    pass(10_000);
    expect(throttle.request(2, "").first).toEqual([]);
  });

  it("forgets that a webhook asked once it was given all it had", () => {
    const { throttle } = setUp({ concurrency: 16 });
    claim(
      throttle,
      14,
      Array.from({ length: 14 }, (_, n) => busy(n)),
    );
    throttle.found([{ webhookId: "small", projectId: "prj_small" }]);
    const { request, tickets } = claim(throttle, 10, [small]);
    expect(request.first).toEqual(["small"]);
    for (const ticket of tickets) throttle.end(ticket, "ok");
    expect(throttle.request(10, "").first).toEqual([]);
  });

  it("forgets it also in a claim that was full, once that went on to others", () => {
    const { throttle } = setUp({ concurrency: 16 });
    claim(
      throttle,
      14,
      Array.from({ length: 14 }, (_, n) => busy(n)),
    );
    const { tickets } = claim(throttle, 2, [small, small]);
    for (const ticket of tickets) throttle.end(ticket, "ok");
    expect(throttle.request(1, "").first).toEqual(["small"]);
    for (const ticket of claim(throttle, 1, [small]).tickets) throttle.end(ticket, "ok");
    expect(claim(throttle, 1, [busy(20)]).request.first).toEqual(["small"]);
    expect(throttle.request(1, "").first).toEqual([]);
  });

  it("looks first at one that was found only once, and leaves the round one claim in eight", () => {
    const { throttle } = setUp({ concurrency: 16 });
    claim(throttle, 16, [busy(1)]);
    throttle.found([{ webhookId: "small", projectId: "prj_small" }]);
    expect(throttle.request(10, "").first).toEqual(["small"]);
    expect(throttle.request(10, "").first).toEqual([]);
    const seen = Array.from({ length: 16 }, () => {
      throttle.found([{ webhookId: "small", projectId: "prj_small" }]);
      return throttle.request(10, "").first.length;
    });
    expect(seen.filter((length) => length === 0)).toHaveLength(2);
  });
});
