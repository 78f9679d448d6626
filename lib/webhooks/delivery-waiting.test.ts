import { describe, expect, it } from "vitest";
import { OWN_FAULTS } from "@/lib/contracts/deliveries";
import { waitingFor } from "@/lib/webhooks/delivery-waiting";

const now = new Date("2026-11-22T04:00:00Z");
const inSeconds = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const delivery = { status: "pending", leaseUntil: null, nextAttemptAt: now, trigger: "auto", errorCode: null };
const limits = { maxInFlight: null, rateLimit: null, failingSince: null };
const webhook = { enabled: true, health: "healthy", pausedUntil: null, ...limits };

describe("waitingFor", () => {
  it("says nothing of what only its own schedule holds", () => {
    expect(waitingFor({ ...delivery, nextAttemptAt: inSeconds(60) }, webhook, null, now)).toBeNull();
    expect(waitingFor(delivery, { ...webhook, pausedUntil: inSeconds(-1) }, null, now)).toBeNull();
    expect(
      waitingFor({ ...delivery, nextAttemptAt: inSeconds(60) }, { ...webhook, pausedUntil: inSeconds(30) }, null, now),
      "the pause ends before it is due",
    ).toBeNull();
  });

  it("says nothing of what has ended or is under way", () => {
    const disabled = { ...webhook, enabled: false };
    expect(waitingFor({ ...delivery, status: "failed" }, disabled, null, now)).toBeNull();
    expect(waitingFor({ ...delivery, leaseUntil: inSeconds(10) }, disabled, null, now)).toBeNull();
  });

  it("names a disabled webhook before its lane, and the lane before a pause", () => {
    const paused = { ...webhook, pausedUntil: inSeconds(90) };
    expect(waitingFor(delivery, { ...paused, enabled: false }, "dlv_head", now)?.reason).toBe("disabled");
    expect(waitingFor(delivery, paused, "dlv_head", now)).toEqual({
      reason: "lane",
      until: null,
      head_delivery_id: "dlv_head",
      detail: null,
    });
    expect(waitingFor(delivery, paused, null, now)).toEqual({
      reason: "paused",
      until: inSeconds(90).toISOString(),
      head_delivery_id: null,
      detail: null,
    });
  });

  it("tells a pause between probes from one that the receiver asked for", () => {
    const probing = { ...webhook, health: "probing" };
    expect(waitingFor(delivery, { ...probing, pausedUntil: inSeconds(30) }, null, now)).toMatchObject({
      reason: "probing",
      until: inSeconds(30).toISOString(),
    });
    expect(waitingFor(delivery, probing, null, now)).toMatchObject({ reason: "probing", until: null });
  });

  it("lets through what a person sent, in a lane when its turn has come", () => {
    const paused = { ...webhook, pausedUntil: inSeconds(30) };
    expect(waitingFor({ ...delivery, trigger: "manual" }, paused, null, now)).toBeNull();
    expect(waitingFor({ ...delivery, trigger: "manual" }, paused, "dlv_before", now)?.reason).toBe("lane");
    expect(waitingFor({ ...delivery, trigger: "test" }, { ...webhook, enabled: false }, null, now)).toBeNull();
  });

  it("names the limit that is used up once it is due, and any longer reason before it", () => {
    const limited = { ...webhook, maxInFlight: 2 };
    const crowd = { underWay: 2, ahead: true };
    expect(waitingFor(delivery, limited, null, now, crowd)).toMatchObject({
      reason: "max_in_flight",
      detail: "It is due; 2 requests to the webhook are under way, as many as its max_in_flight allows.",
    });
    expect(waitingFor(delivery, { ...webhook, rateLimit: 5 }, null, now, crowd)?.reason).toBe("rate_limit");
    expect(waitingFor(delivery, webhook, null, now, crowd)?.reason).toBe("back_off");
    expect(waitingFor(delivery, webhook, null, now, { underWay: 0, ahead: true })).toBeNull();
    expect(waitingFor({ ...delivery, errorCode: "http_status" }, limited, null, now, crowd)?.reason).toBe(
      "max_in_flight",
    );
    expect(waitingFor(delivery, { ...limited, enabled: false }, null, now, crowd)?.reason).toBe("disabled");
    expect(waitingFor(delivery, limited, "dlv_head", now, crowd)?.reason).toBe("lane");
    expect(waitingFor({ ...delivery, leaseUntil: inSeconds(10) }, limited, null, now, crowd)).toBeNull();
    expect(waitingFor({ ...delivery, trigger: "manual" }, limited, null, now, crowd)).toBeNull();
  });

  it("names no limit where the last attempt could not be made for a reason on our side", () => {
    const crowd = { underWay: 2, ahead: true };
    for (const errorCode of OWN_FAULTS) {
      expect(waitingFor({ ...delivery, errorCode }, { ...webhook, maxInFlight: 2 }, null, now, crowd)).toBeNull();
      expect(waitingFor({ ...delivery, errorCode }, { ...webhook, enabled: false }, null, now)?.reason).toBe(
        "disabled",
      );
    }
  });
});
