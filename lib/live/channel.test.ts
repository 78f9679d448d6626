import { describe, expect, it } from "vitest";
import { nothingWaiting, parseAnnouncement, payloadsOf } from "@/lib/live/channel";

const nothing = nothingWaiting();

describe("payloadsOf", () => {
  it("says each kind in a payload of its own", () => {
    const payloads = payloadsOf("prj_1", {
      deliveries: new Set(["dlv_1"]),
      events: new Set(["evt_1"]),
      requests: new Set(["rcv_1"]),
      replays: new Set(["rpl_1"]),
      reservations: new Set(["rsv_1"]),
      pools: new Set(["pool_1"]),
      instances: new Set(["ins_1"]),
      webhooks: true,
      credits: true,
      waitlist: true,
    });
    expect(payloads.map((payload) => JSON.parse(payload))).toEqual([
      { p: "prj_1", d: ["dlv_1"] },
      { p: "prj_1", e: ["evt_1"] },
      { p: "prj_1", r: ["rcv_1"] },
      { p: "prj_1", y: ["rpl_1"] },
      { p: "prj_1", v: ["rsv_1"] },
      { p: "prj_1", g: ["pool_1"] },
      { p: "prj_1", i: ["ins_1"] },
      { p: "prj_1", w: 1 },
      { p: "prj_1", c: 1 },
      { p: "prj_1", l: 1 },
    ]);
  });

  it("cuts what PostgreSQL would refuse, and loses nothing", () => {
    const ids = Array.from({ length: 2000 }, (_, n) => `dlv_${String(n).padStart(26, "0")}`);
    const payloads = payloadsOf("prj_01k6q3t7f8g9h0j1k2m3n4p5qr", { ...nothing, deliveries: new Set(ids) });
    expect(payloads.length).toBeGreaterThan(1);
    expect(payloads.every((payload) => Buffer.byteLength(payload) <= 7900)).toBe(true);
    expect(payloads.flatMap((payload) => parseAnnouncement(payload)?.d)).toEqual(ids);
  });

  it("says nothing when there is nothing to say", () => {
    expect(payloadsOf("prj_1", nothing)).toEqual([]);
  });
});

describe("parseAnnouncement", () => {
  it.each(["", "{", "null", '{"d":["dlv_1"]}', '{"p":1}', '{"p":"prj_1","d":"dlv_1"}'])("passes over %s", (payload) => {
    expect(parseAnnouncement(payload)).toBeUndefined();
  });
});
