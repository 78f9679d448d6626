import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALONE } from "@/lib/queue/share";
import { HEARD_MS } from "@/lib/queue/standing";
import { delivery, setUp } from "@/lib/queue/testing-throttle";
import { INITIAL_LIMIT, SLOW_MS, type Ticket } from "@/lib/queue/throttle";

describe("Throttle", () => {
  it("starts slowly, and gives a webhook that answers quickly one more request per success up to its cap", () => {
    const { throttle, room } = setUp();
    expect(throttle.request(100, "").initialRoom).toBe(INITIAL_LIMIT);
    for (let success = 1; success <= 20; success += 1) {
      throttle.end(throttle.start(delivery("a")), "ok");
      expect(room("a")).toBe(Math.min(8, INITIAL_LIMIT + success));
    }
  });

  it("halves what an overloaded webhook gets, down to one, and takes a plain refusal for an answer", () => {
    const { throttle, room } = setUp();
    for (let n = 0; n < 6; n += 1) throttle.end(throttle.start(delivery("a")), "ok");
    for (const left of [4, 2, 1, 1]) {
      throttle.end(throttle.start(delivery("a")), "overloaded");
      expect(room("a")).toBe(left);
    }
    throttle.end(throttle.start(delivery("a")), "refused");
    expect(room("a")).toBe(1);
  });

  it("does not raise the limit for answers that take long", () => {
    const { throttle, pass, room } = setUp();
    const ticket = throttle.start(delivery("a"));
    pass(SLOW_MS + 1);
    throttle.end(ticket, "ok");
    expect(room("a")).toBe(INITIAL_LIMIT);
  });

  it("gives the slot of a slow request back, and keeps suspects to a quarter of the slots", () => {
    const { throttle } = setUp({ concurrency: 8 });
    const tickets = ["a", "b", "c"].map((id) => throttle.start(delivery(id)));
    expect(throttle.room).toBe(5);
    for (const ticket of tickets) throttle.markSlow(ticket);
    expect(throttle.room).toBe(8);
    expect(throttle.request(100, "").suspectLimit).toBe(2);
    throttle.start(delivery("a"));
    throttle.start(delivery("b"));
    expect(throttle.request(100, "").suspectLimit).toBe(0);
    expect(throttle.request(100, "").known.every(({ trust }) => trust === "suspect")).toBe(true);
  });

  it("has room for four times as many slow requests as slots, and no more", () => {
    const { throttle } = setUp({ concurrency: 2 });
    for (let n = 0; n < 9; n += 1) throttle.markSlow(throttle.start(delivery(`w${n}`)));
    expect(throttle.room).toBe(1);
  });

  it("shares a webhook's own limits among the workers, to the last request", () => {
    for (const [maxInFlight, shares] of [
      [20, [5, 5, 5, 5]],
      [2, [0, 0, 1, 1]],
    ] as const) {
      const rooms = [0, 1, 2, 3].map((rank) => {
        const { throttle, room } = setUp();
        throttle.places = [{ workers: 4, rank }];
        for (let n = 0; n < 20; n += 1) throttle.end(throttle.start(delivery("a", { maxInFlight })), "ok");
        return room("a") ?? 0;
      });
      expect(rooms.toSorted()).toEqual(shares);
    }
  });

  it("takes a share that became smaller at once, also of webhooks that it knows", () => {
    const { throttle, pass, room } = setUp();
    for (let n = 0; n < 20; n += 1) throttle.end(throttle.start(delivery("a", { maxInFlight: 4 })), "ok");
    expect(room("a")).toBe(4);
    throttle.places = [{ workers: 4, rank: 0 }];
    expect(room("a")).toBe(1);
    throttle.places = [ALONE];
    expect(room("a")).toBe(1);
    pass(HEARD_MS);
    expect(room("a")).toBe(4);
  });

  it("shares a rate in whole requests, so that all workers together begin with no more than it", () => {
    for (const rateLimit of [1, 2, 5, 9]) {
      const rooms = [0, 1, 2, 3].map((rank) => {
        const { throttle, pass, room } = setUp({ perWebhook: 128 });
        throttle.places = [{ workers: 4, rank }];
        for (let n = 0; n < 20; n += 1) throttle.end(throttle.start(delivery("a", { rateLimit })), "ok");
        pass(60_000);
        return room("a") ?? 0;
      });
      expect(rooms.reduce((sum, each) => sum + each, 0)).toBe(rateLimit);
    }
  });

  it("never forgets a bucket that is not full again, nor a pause, however many webhooks there are", () => {
    const { throttle, pass, room } = setUp();
    const others = (from: number) => {
      for (let n = from; n < from + 1_500; n += 1) throttle.end(throttle.start(delivery(`other${n}`)), "ok");
    };
    throttle.end(throttle.start(delivery("limited", { rateLimit: 1 })), "ok");
    throttle.end(throttle.start(delivery("paused")), "refused", 3_000);
    others(0);
    expect(room("limited")).toBe(0);
    expect(room("paused")).toBe(0);
    pass(3_000);
    others(1_500);
    expect(room("limited")).toBeUndefined();
    expect(room("paused")).toBeUndefined();
    expect(throttle.request(100, "").known).toHaveLength(1_000);
  });

  it("sends a probing webhook one request at a time", () => {
    const { throttle, room } = setUp();
    for (let n = 0; n < 6; n += 1) throttle.end(throttle.start(delivery("a")), "ok");
    const probe = throttle.start(delivery("a", { isProbing: true }));
    expect(room("a")).toBe(0);
    throttle.end(probe, "overloaded", 2_000);
    expect(room("a")).toBe(0);
  });

  it("never lets more than the rate through, nor less when there is always work", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 5, maxLength: 100 }),
        (rateLimit, pauses) => {
          const { throttle, pass, room } = setUp({ concurrency: 1_000, perWebhook: 1_000 });
          const limited = delivery("a", { rateLimit, maxInFlight: 128 });
          // Until it is known how much it takes, the start is slow; that is not what is looked at here.
          for (let n = 0; n < 130; n += 1) {
            throttle.end(throttle.start(limited), "ok");
            pass(1_000);
          }
          let sent = 0;
          let elapsed = 0;
          for (const ms of pauses) {
            const allowed = room("a") ?? 0;
            const tickets: Ticket[] = Array.from({ length: allowed }, () => throttle.start(limited));
            sent += allowed;
            for (const ticket of tickets) throttle.end(ticket, "ok");
            pass(ms);
            elapsed += ms;
          }
          const most = rateLimit + (elapsed / 1000) * rateLimit;
          expect(sent).toBeLessThanOrEqual(Math.ceil(most));
          expect(sent).toBeGreaterThanOrEqual(Math.floor(most - 1 - rateLimit * 0.4) - 1);
        },
      ),
    );
  });

  it("says when a limit that is used up gives room again", () => {
    const { throttle, pass } = setUp();
    expect(throttle.nextRoomMs()).toBe(Number.POSITIVE_INFINITY);
    throttle.end(throttle.start(delivery("a", { rateLimit: 2 })), "ok");
    throttle.end(throttle.start(delivery("a", { rateLimit: 2 })), "ok");
    expect(throttle.nextRoomMs()).toBe(500);
    pass(500);
    expect(throttle.nextRoomMs()).toBe(Number.POSITIVE_INFINITY);
  });

  it("accounts for every request whatever the order of events", () => {
    const step = fc.record({
      webhook: fc.constantFrom("a", "b", "c"),
      what: fc.constantFrom("start", "slow", "ok", "overloaded", "refused"),
      ms: fc.integer({ min: 0, max: 3_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const { throttle, pass, room } = setUp({ concurrency: 10, perWebhook: 4 });
        const open: Ticket[] = [];
        for (const { webhook, what, ms } of steps) {
          pass(ms);
          const ticket = open.find(({ webhookId }) => webhookId === webhook);
          if (what === "start") {
            if (throttle.room > 0 && (room(webhook) ?? INITIAL_LIMIT) > 0) open.push(throttle.start(delivery(webhook)));
          } else if (ticket && what === "slow") {
            throttle.markSlow(ticket);
          } else if (ticket && what !== "slow") {
            open.splice(open.indexOf(ticket), 1);
            throttle.end(ticket, what);
          }
          for (const id of ["a", "b", "c"]) {
            expect(open.filter(({ webhookId }) => webhookId === id).length).toBeLessThanOrEqual(4);
          }
          expect(throttle.room).toBe(10 - open.filter(({ slow }) => !slow).length);
        }
        for (const ticket of open) throttle.end(ticket, "ok");
        expect(throttle.room).toBe(10);
      }),
    );
  });

  it("says whether deliveries that it is told of may go at once", () => {
    const { throttle, pass, hasRoomFor } = setUp();
    expect(hasRoomFor({ new: INITIAL_LIMIT })).toBe(true);
    expect(hasRoomFor({ new: INITIAL_LIMIT + 1 })).toBe(false);
    const ticket = throttle.start(delivery("new"));
    expect(hasRoomFor({ new: INITIAL_LIMIT - 1 })).toBe(true);
    expect(hasRoomFor({ new: INITIAL_LIMIT })).toBe(false);
    throttle.end(ticket, "ok");
    expect(hasRoomFor({ new: INITIAL_LIMIT + 1 })).toBe(true);
    throttle.end(throttle.start(delivery("new")), "ok", 1_000);
    expect(hasRoomFor({ new: 1 })).toBe(false);
    pass(1_001);
    expect(hasRoomFor({ new: 1 })).toBe(true);
    throttle.end(throttle.start(delivery("new")), "overloaded");
    expect(hasRoomFor({ new: 1 })).toBe(false);
  });

  it("asks for a look when a place becomes free only where more may be due", () => {
    const { throttle, pass } = setUp();
    expect(throttle.mayHaveMore("a")).toBe(true);
    const claim = (given: string[]) => {
      const request = throttle.request(10, "");
      const tickets = given.map((webhookId) => throttle.start(delivery(webhookId)));
      throttle.learn(
        request,
        given.map((webhookId) => delivery(webhookId)),
      );
      return tickets;
    };
    const both = claim(["a", "a"]);
    expect(throttle.mayHaveMore("a")).toBe(true);
    // All its places are taken, so what else is due could not be seen.
    claim([]);
    expect(throttle.mayHaveMore("a")).toBe(true);
    for (const ticket of both) throttle.end(ticket, "ok");
    const [one] = claim(["a"]);
    expect(throttle.mayHaveMore("a")).toBe(false);
    if (one) throttle.end(one, "overloaded");
    expect(throttle.mayHaveMore("a")).toBe(true);
    for (const ticket of claim(["a"])) throttle.end(ticket, "ok");
    pass(2_001);
    expect(throttle.mayHaveMore("a")).toBe(false);
  });
});
