import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ChangeAuthor } from "@/lib/contracts/webhook-changes";
import { explainMatch } from "@/lib/webhooks/explain";
import { matchEvent } from "@/lib/webhooks/policy";
import {
  canSend,
  type JudgedDelivery,
  type JudgedEvent,
  type JudgedWebhook,
  judge,
  judgeNow,
  SKEW_MS,
  type Version,
  type Versions,
} from "@/lib/webhooks/verdict";

const AT = new Date("2026-11-22T12:00:00Z");
const inMs = (ms: number) => new Date(AT.getTime() + ms);
const HOUR = 3600 * 1000;

const event: JudgedEvent = {
  type: "instance.started",
  labels: { team: "ml" },
  application: "train",
  environment: null,
  body: {},
  createdAt: AT,
  testOf: null,
  troubleOf: null,
};
const webhook: JudgedWebhook = {
  id: "wh_1",
  eventTypes: ["*"],
  enabled: true,
  filter: null,
  createdAt: inMs(-24 * HOUR),
  deletedAt: null,
  health: "healthy",
  failingSince: null,
  pausedUntil: null,
  disabledAt: null,
  maxInFlight: null,
  rateLimit: null,
};
const ada: ChangeAuthor = { kind: "member", id: "usr_1", name: "Ada" };
const version = (changes: Partial<Version> = {}): Version => ({
  eventTypes: ["*"],
  enabled: true,
  filter: null,
  at: inMs(-HOUR),
  kind: "updated",
  by: ada,
  reason: null,
  ...changes,
});
const versions = (changes: Partial<Versions> = {}): Versions => ({
  judged: null,
  before: null,
  after: null,
  disabledBy: null,
  ...changes,
});
const absent = (given: Partial<Versions>, changes: { event?: JudgedEvent; webhook?: JudgedWebhook } = {}) =>
  judge({ event, webhook, delivery: null, versions: versions(given), now: inMs(HOUR), ...changes });

describe("the verdict on a webhook without a delivery", () => {
  it.each([
    [
      { eventTypes: ["snapshot.*", "config.deployed"] },
      "not_subscribed",
      "It asked for snapshot.*, config.deployed; the event is instance.started.",
      { field: "event_types", wanted: "snapshot.*, config.deployed", had: "instance.started" },
    ],
    [
      { filter: { applications: ["serve", "batch"] } },
      "application",
      "It asked for application serve or batch; the event has application train.",
      { field: "filter.applications", wanted: "serve, batch", had: "train" },
    ],
    [
      { filter: { environments: ["production"] } },
      "environment",
      "It asked for environment production; the event has no environment.",
      { field: "filter.environments", wanted: "production", had: null },
    ],
    [
      { filter: { labels: { team: "ml", tier: "gold" } } },
      "labels",
      "It asked for label tier gold; the event has no label tier.",
      { field: "filter.labels.tier", wanted: "gold", had: null },
    ],
    [
      { filter: { labels: { toString: "x" } } },
      "labels",
      "It asked for label toString x; the event has no label toString.",
      { field: "filter.labels.toString", wanted: "x", had: null },
    ],
    [
      { filter: { labels: { team: "web" } } },
      "labels",
      "It asked for label team web; the event has label team ml.",
      { field: "filter.labels.team", wanted: "web", had: "ml" },
    ],
  ])("names the clause that decided: %j", (subscription, verdict, detail, clause) => {
    expect(absent({ judged: version(subscription) })).toMatchObject({ verdict, detail, clause });
  });

  it("says since when, by whom and why it was disabled", () => {
    const disabledBy = version({ enabled: false, kind: "disabled", at: inMs(-2 * HOUR), reason: "Answered 410." });
    // Edited since, while it was disabled.
    const judged = version({ enabled: false, kind: "updated" });
    expect(absent({ judged, disabledBy })).toMatchObject({
      verdict: "disabled",
      detail: "It had been disabled by Ada: Answered 410.",
      since: inMs(-2 * HOUR),
    });
    const fromTheStart = version({ enabled: false, kind: "created", by: { kind: "file", id: "file", name: null } });
    expect(absent({ judged: fromTheStart, disabledBy: fromTheStart }).detail).toBe(
      "It was created disabled by the configuration file.",
    );
  });

  it("judges by the subscription of the event's time, not by the present one", () => {
    const judged = version({ eventTypes: ["snapshot.*"] });
    expect(absent({ judged, after: version({ at: inMs(HOUR) }) }).verdict).toBe("not_subscribed");
    expect(judgeNow({ event, webhook }).would_match).toBe(true);
  });

  it("tells webhooks that came later, had gone, or were not meant", () => {
    const later = { ...webhook, createdAt: inMs(HOUR) };
    expect(absent({ after: version({ at: inMs(HOUR), kind: "created" }) }, { webhook: later })).toMatchObject({
      verdict: "created_later",
      since: inMs(HOUR),
    });
    expect(absent({ judged: version({ kind: "deleted", enabled: false }) })).toMatchObject({
      verdict: "deleted",
      detail: "It had been deleted by Ada.",
      since: inMs(-HOUR),
    });
    const test = { ...event, type: "webhook.test", testOf: "wh_2" };
    expect(absent({ judged: version() }, { event: test }).verdict).toBe("addressed_to_another");
    const trouble = { ...event, type: "endpoint.disabled", troubleOf: "wh_1" };
    expect(absent({ judged: version() }, { event: trouble }).verdict).toBe("about_itself");
    expect(absent({ judged: version() }, { event: { ...trouble, troubleOf: "wh_2" } }).verdict).toBe("missing");
  });

  it("takes a change of about that time as not yet or already in force", () => {
    const off = version({ enabled: false, kind: "disabled", at: inMs(-10 * HOUR) });
    expect(absent({ judged: version({ at: inMs(-SKEW_MS), kind: "enabled" }), before: off }).verdict).toBe("disabled");
    expect(absent({ judged: version({ at: inMs(-SKEW_MS - 1) }), before: off }).verdict).toBe("missing");
    const deleted = version({ kind: "deleted", enabled: false, at: inMs(SKEW_MS) });
    expect(absent({ judged: version(), after: deleted }).verdict).toBe("deleted");
    expect(absent({ judged: version(), after: { ...deleted, at: inMs(SKEW_MS + 1) } }).verdict).toBe("missing");
    expect(absent({ judged: version({ at: inMs(-5), kind: "created" }) }).verdict).toBe("created_later");
  });

  it("calls a delivery that should be there missing, and nothing else", () => {
    expect(absent({ judged: version() }).verdict).toBe("missing");
    // A webhook older than its history is judged by what is known of it.
    expect(absent({}).verdict).toBe("missing");
    expect(absent({ after: version({ at: inMs(HOUR), eventTypes: ["snapshot.*"] }) }).verdict).toBe("not_subscribed");
  });
});

describe("the verdict on a delivery", () => {
  const delivery: JudgedDelivery = {
    status: "pending",
    trigger: "auto",
    attemptCount: 1,
    maxAttempts: 4,
    httpStatus: 503,
    errorCode: "http_status",
    errorMessage: "Answered 503.",
    nextAttemptAt: inMs(HOUR),
    behind: null,
    crowd: { underWay: 0, ahead: false },
  };
  const of = (changes: Partial<JudgedDelivery>, webhookChanges: Partial<JudgedWebhook> = {}) =>
    judge({
      event,
      webhook: { ...webhook, ...webhookChanges },
      delivery: { ...delivery, ...changes },
      // It was disabled by the clock; the delivery is the truth.
      versions: versions({ judged: version({ enabled: false }) }),
      now: AT,
    });

  it.each([
    [{ status: "delivered", httpStatus: 204 } as const, "delivered", "Answered 204 to attempt 1."],
    [{ status: "delivering", attemptCount: 2 } as const, "delivering", "Attempt 2 of 4 is under way."],
    [{ status: "failed", attemptCount: 4 } as const, "failed", "Given up after 4 attempts. Answered 503."],
    [{ status: "cancelled" } as const, "cancelled", "The webhook was deleted before it could be sent."],
    [
      { status: "failed", errorCode: "address_blocked", errorMessage: "It is internal." } as const,
      "blocked",
      "The address may not be sent to: It is internal.",
    ],
    [
      { errorCode: "address_blocked", errorMessage: "It is internal." } as const,
      "blocked",
      "The address may not be sent to: It is internal. Attempt 2 of 4 follows. Attempt 1 failed: It is internal.",
    ],
  ])("of %j is %s", (changes, verdict, detail) => {
    expect(of(changes)).toMatchObject({ verdict, detail });
  });

  it("says what a pending one waits for", () => {
    const due = { nextAttemptAt: inMs(-1000) };
    expect(of({})).toMatchObject({ verdict: "pending", waits_for: "retry", until: inMs(HOUR) });
    const ours = { errorCode: "our_side", errorMessage: "No way out." };
    const detail =
      "Not sent yet, for a reason on our side: No way out. It is tried until it can be; this uses up no attempt.";
    expect(of(ours)).toMatchObject({ waits_for: "retry", until: inMs(HOUR), detail });
    expect(of({ ...ours, nextAttemptAt: inMs(-HOUR) })).toMatchObject({ waits_for: "worker", until: null, detail });
    expect(of(due)).toMatchObject({ waits_for: "worker", until: null });
    expect(of(due, { pausedUntil: inMs(HOUR) })).toMatchObject({ waits_for: "paused", until: inMs(HOUR) });
    expect(of(due, { pausedUntil: inMs(-1) })).toMatchObject({ waits_for: "worker" });
    expect(of(due, { pausedUntil: inMs(HOUR), health: "probing" })).toMatchObject({ waits_for: "probing" });
    expect(of(due, { health: "probing" })).toMatchObject({ waits_for: "probing", until: null });
    expect(of({ ...due, behind: "dlv_1" })).toMatchObject({ waits_for: "lane", waits_behind: "dlv_1" });
    const disabled = { enabled: false, disabledAt: inMs(-HOUR) };
    expect(of({ nextAttemptAt: null }, disabled)).toMatchObject({ waits_for: "disabled", since: inMs(-HOUR) });
    // What people send goes out in spite of a pause, and a test even to a disabled webhook.
    expect(of({ ...due, trigger: "manual" }, { pausedUntil: inMs(HOUR) })).toMatchObject({ waits_for: "worker" });
    expect(of({ ...due, trigger: "test" }, disabled)).toMatchObject({ waits_for: "worker" });
  });

  it("says which limit keeps a due one, where something under way or before it shows that", () => {
    const due = { nextAttemptAt: inMs(-1000) };
    const with_ = (underWay: number, ahead: boolean, of: Partial<JudgedDelivery> = {}) => ({
      ...due,
      crowd: { underWay, ahead },
      ...of,
    });
    expect(of(with_(3, false), { maxInFlight: 3 })).toMatchObject({
      verdict: "pending",
      waits_for: "max_in_flight",
      detail: expect.stringContaining("3 requests to the webhook are under way, as many as its max_in_flight allows."),
    });
    expect(of(with_(0, true), { rateLimit: 2 })).toMatchObject({
      waits_for: "rate_limit",
      detail: expect.stringContaining("at most 2 requests per second, and others go first."),
    });
    expect(of(with_(1, true))).toMatchObject({
      waits_for: "back_off",
      detail: expect.stringContaining("1 request to the webhook is under way, and requests at once follow what"),
    });
    expect(of(with_(1, true), { failingSince: inMs(-HOUR) }).detail).toContain("are fewer while its attempts fail.");
    // Nothing shows that a worker runs, or that the limit is used up.
    expect(of(with_(0, false), { maxInFlight: 3, rateLimit: 2 })).toMatchObject({ waits_for: "worker" });
    expect(of(with_(0, true), { maxInFlight: 3 })).toMatchObject({ waits_for: "worker" });
    // Limits do not hold what people send, and what waits longer for something else says so.
    expect(of(with_(3, true, { trigger: "manual" }), { maxInFlight: 3 })).toMatchObject({ waits_for: "worker" });
    expect(of(with_(3, true, { nextAttemptAt: inMs(HOUR) }), { maxInFlight: 3 })).toMatchObject({ waits_for: "retry" });
    expect(of(with_(3, true), { maxInFlight: 3, pausedUntil: inMs(HOUR) })).toMatchObject({ waits_for: "paused" });
  });
});

describe("canSend", () => {
  it("is what sending allows", () => {
    expect(canSend(event, webhook, null)).toBe(true);
    expect(canSend(event, webhook, { status: "failed" })).toBe(true);
    expect(canSend(event, webhook, { status: "delivering" })).toBe(false);
    expect(canSend(event, { ...webhook, enabled: false }, null)).toBe(false);
    expect(canSend(event, { ...webhook, deletedAt: AT }, null)).toBe(false);
    expect(canSend({ testOf: "wh_2" }, webhook, null)).toBe(false);
    expect(canSend({ testOf: "wh_1" }, webhook, null)).toBe(true);
  });
});

describe("explainMatch", () => {
  const word = fc.constantFrom("a", "b", "c");
  const labels = fc.dictionary(word, word, { maxKeys: 3 });
  const subscriptions = fc.record({
    eventTypes: fc.array(fc.constantFrom("*", "instance.*", "snapshot.completed"), { minLength: 1, maxLength: 3 }),
    enabled: fc.boolean(),
    filter: fc.option(
      fc.record(
        { applications: fc.array(word, { minLength: 1 }), environments: fc.array(word, { minLength: 1 }), labels },
        { requiredKeys: [] },
      ),
    ),
  });
  const events = fc.record({
    type: fc.constantFrom("instance.started", "snapshot.completed", "user.login"),
    labels,
    application: fc.option(word),
    environment: fc.option(word),
    body: fc.constant({}),
  });

  it("says what matchEvent says, and its clause is one that the event does not meet", () => {
    fc.assert(
      fc.property(subscriptions, events, (subscription, candidate) => {
        const { verdict, clause, detail } = explainMatch(subscription, candidate, "asks");
        expect(verdict).toBe(matchEvent(subscription, candidate));
        expect(clause === null).toBe(verdict === "match" || verdict === "disabled");
        if (clause === null) return;
        expect(detail).toContain(clause.wanted.split(", ")[0]);
        expect(clause.wanted.split(", ")).not.toContain(clause.had);
      }),
    );
  });

  it("agrees with the verdict of an event without a delivery, whatever the subscription", () => {
    fc.assert(
      fc.property(subscriptions, events, (subscription, candidate) => {
        const judged = version(subscription);
        const { verdict } = absent({ judged, disabledBy: judged }, { event: { ...event, ...candidate } });
        const expected = matchEvent(subscription, candidate);
        const names: Record<string, string> = { match: "missing", type: "not_subscribed" };
        expect(verdict).toBe(names[expected] ?? expected);
      }),
    );
  });
});
