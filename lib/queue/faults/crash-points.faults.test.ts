import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type CrashPoint, type CrashProxy, startCrashProxy } from "@/lib/queue/faults/crash-proxy";
import { scaled } from "@/lib/queue/faults/scale";
import { type ApiProcess, recordProof, useWorld } from "@/lib/queue/faults/world";

const HOUR_MS = 3_600_000;

/** Points of each kind of request, about. */
const POINTS = scaled(2);

/** Where what a request with a key asked for is done, and its answer not kept. */
const KEEPS_ANSWER: CrashPoint = { at: 'UPDATE "public"."idempotency_key"', when: "before" };

/** A request that is sent until it is answered, as a client would. */
type Sent = { method: string; path: string; body: object; key?: string };

type Answer = { status: number; json: { code?: string } & Record<string, unknown> };

/** What is sent, and what must be true once it has been answered, however often it was sent. */
type Scenario = { what: string; prepare: () => Promise<{ sent: Sent; check: () => Promise<void> }> };

describe("killed between any two statements", () => {
  const world = useWorld();
  let proxy: CrashProxy;
  beforeAll(async () => {
    proxy = await startCrashProxy(world.server().url);
  });
  afterEach(() => proxy.reset());
  afterAll(() => proxy.close());

  it("the API does once what it is asked again: emit, book, extend, cancel", async () => {
    const { db, createTestWebhook, createTestProject } = world.product();
    const [{ createTestPool }, testing, { auditFindings }, { storeApiKey }, { ALL_PERMISSIONS }] = await Promise.all([
      import("@/lib/fleet/testing"),
      import("@/lib/reservations/testing"),
      import("@/lib/failover/testing"),
      import("@/lib/accounts/api-keys"),
      import("@/lib/contracts/permissions"),
    ]);
    const start = Math.ceil(Date.now() / HOUR_MS) * HOUR_MS + 48 * HOUR_MS;
    const customer = await testing.createCustomer(1_000_000n, new Date());
    const emitter = await createTestProject();
    const pool = await createTestPool({ nodes: 1, lanes: 8 });
    for (let n = 0; n < 2; n += 1) {
      await createTestWebhook(emitter, { url: "https://example.com/hook", event_types: ["instance.started"] });
    }
    const keyOf = async ({ projectId, subject }: typeof customer) => {
      const key = `dmt_${randomUUID()}`;
      await storeApiKey(db, { projectId, createdBy: subject.id, name: "test", scopes: ALL_PERMISSIONS, key });
      return key;
    };
    const keys = { [customer.projectId]: await keyOf(customer), [emitter.projectId]: await keyOf(emitter) };

    let api: ApiProcess = await world.startApi(proxy.url);
    /** @returns undefined when there was no answer */
    const send = async ({ method, path, body, key }: Sent): Promise<Answer | undefined> => {
      const bearer = Object.entries(keys).find(([projectId]) => path.includes(projectId))?.[1];
      try {
        const response = await fetch(`${api.url}${path}`, {
          method,
          headers: {
            authorization: `Bearer ${bearer}`,
            "content-type": "application/json",
            ...(key !== undefined && { "idempotency-key": key }),
          },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(30_000),
        });
        return { status: response.status, json: (await response.json()) as Answer["json"] };
      } catch {
        return undefined;
      }
    };

    let slot = 0;
    const times = () => {
      const from = start + (slot++ % 500) * HOUR_MS;
      return { starts_at: new Date(from).toISOString(), ends_at: new Date(from + HOUR_MS).toISOString() };
    };
    const held = async () => (await testing.balance(customer)).held;
    const book = () => testing.bookHours(customer, pool.id, [0, 0], times(), new Date());
    const price = BigInt((await book()).price.total_micros);
    const reservations = `/projects/${customer.projectId}/reservations`;
    const scenarios: Scenario[] = [
      {
        what: "emit",
        prepare: async () => {
          const key = randomUUID();
          const body = { type: "instance.started", data: {}, correlation_id: key };
          return {
            sent: { method: "POST", path: `/projects/${emitter.projectId}/events`, body, key },
            check: async () => {
              const events = await db.event.findMany({ where: { correlationId: key } });
              expect(events).toHaveLength(1);
              expect(await db.delivery.count({ where: { eventId: events[0]?.id ?? "" } })).toBe(2);
            },
          };
        },
      },
      {
        what: "book",
        prepare: async () => {
          const [key, before] = [randomUUID(), await held()];
          const body = { pool_id: pool.id, gpu_count: 1, title: key, ...times() };
          return {
            sent: { method: "POST", path: reservations, body, key },
            check: async () => {
              expect(await db.reservation.count({ where: { title: key } })).toBe(1);
              expect((await held()) - before).toBe(price);
            },
          };
        },
      },
      {
        what: "extend",
        prepare: async () => {
          const { id, ends_at, version } = await book();
          slot += 1;
          const before = await held();
          const body = { version, ends_at: new Date(Date.parse(ends_at) + HOUR_MS).toISOString() };
          return {
            sent: { method: "PATCH", path: `${reservations}/${id}`, body },
            check: async () => {
              const row = await db.reservation.findUniqueOrThrow({ where: { id } });
              expect(row.endsAt.toISOString()).toBe(body.ends_at);
              expect((await held()) - before).toBe(price);
            },
          };
        },
      },
      {
        what: "cancel",
        prepare: async () => {
          const before = await held();
          const { id } = await book();
          return {
            sent: { method: "POST", path: `${reservations}/${id}/cancel`, body: {} },
            check: async () => {
              const row = await db.reservation.findUniqueOrThrow({ where: { id } });
              expect(row.status).toBe("cancelled");
              expect(await held()).toBe(before);
              const told = await testing.eventsOf(customer);
              const cancelled = told.filter(
                ({ type, data }) => type === "reservation.cancelled" && JSON.stringify(data).includes(id),
              );
              expect(cancelled).toHaveLength(1);
            },
          };
        },
      },
    ];

    const tally = { kills: 0, done_before_the_answer: 0, answers_lost: 0 };
    for (const { what, prepare } of scenarios) {
      let messages = 0;
      // The first fills what is remembered, so the second is what is counted.
      for (let n = 0; n < 2; n += 1) {
        const { sent, check } = await prepare();
        const counted = proxy.count();
        expect((await send(sent))?.status, what).toBeLessThan(300);
        messages = counted();
        await check();
      }
      for (const point of [...spread(messages), KEEPS_ANSWER]) {
        const { sent, check } = await prepare();
        if (point === KEEPS_ANSWER && sent.key === undefined) continue;
        const isReached = proxy.arm(point, () => api.kill());
        const first = await send(sent);
        const at = `${what}, ${point.when} message ${point.at}`;
        if (isReached()) {
          // Its last message may be an announcement, which is sent when the answer is already on its way.
          if (first) expect(first.status, at).toBeLessThan(300);
          tally.kills += 1;
          proxy.reset();
          api = await world.startApi(proxy.url);
          let again = await send(sent);
          if (again?.json.code === "idempotency_in_progress") {
            // A minute goes by.
            await db.$executeRaw`UPDATE idempotency_key SET locked_at = locked_at - interval '61 s' WHERE key = ${sent.key}`;
            again = await send(sent);
          }
          if (again?.json.code === "idempotency_answer_lost") tally.answers_lost += 1;
          // What was changed from the version that is named, or cancelled, cannot be so again, and says so.
          else if (again?.status === 409) tally.done_before_the_answer += 1;
          else expect(again?.status, `${at}: ${JSON.stringify(again?.json)}`).toBeLessThan(300);
        } else {
          proxy.reset();
          expect(first?.status, at).toBeLessThan(300);
        }
        await check();
      }
    }
    expect(await auditFindings()).toEqual([]);
    expect(tally.answers_lost).toBeGreaterThanOrEqual(2);
    recordProof("crash-points-api", {
      fault: `${tally.kills} SIGKILLs of the API, each at another statement of emit, book, extend or cancel, which is then sent again`,
      ...tally,
      done_twice: 0,
    });
  });

  it("a worker repeats only what it had sent and not settled", async () => {
    const { db, createTestProject, createTestWebhook, untilSettled, until } = world.product();
    const receiver = await world.startReceiver();
    const [plain, ordered] = [await createTestProject(), await createTestProject()];
    const of = { event_types: ["instance.started"] };
    await createTestWebhook(plain, { ...of, url: receiver.url("ok/plain") });
    await createTestWebhook(ordered, {
      ...of,
      url: receiver.url("ok/ordered"),
      ordering: "strict",
      order_key: "data.key",
    });
    const projects = { projectId: { in: [plain.projectId, ordered.projectId] } };
    const allSettled = async () => {
      for (const { projectId } of [plain, ordered]) await untilSettled(projectId, 60_000);
    };
    const statements = ["claim-named", "claim-due", "settle"];
    const points = statements.flatMap((at): CrashPoint[] => [
      { at: `${at}\0`, when: "before" },
      { at: `${at}\0`, when: "after" },
    ]);
    const ids: string[] = [];
    const numbers = new Map<string, number>();
    const emitTo = async (actor: typeof plain, keys: string[]) => {
      const events = keys.map((key) => {
        const n = numbers.get(actor.projectId + key) ?? 0;
        numbers.set(actor.projectId + key, n + 1);
        return { key, n };
      });
      ids.push(...(await world.emitAll(actor, events, 1)));
    };
    /** What was leased when its worker was killed. */
    const underWay = new Set<string>();
    const start = () => world.startWorker({ databaseUrl: proxy.url });
    let worker = start();
    for (const point of points) {
      // Only deliveries without an order are claimed by their names.
      const actor = point.at === "claim-due\0" ? ordered : plain;
      const before = await receiver.requests();
      await emitTo(actor, ["first"]);
      await until("the worker is at work", async () => (await receiver.requests()) > before, 60_000);
      await allSettled();
      const isReached = proxy.arm(point, () => worker.kill("SIGKILL"));
      // Again and again: what comes before the worker listens is not named to it.
      const emitAndLook = async () => {
        await emitTo(actor, ["a", "b", "a", "b"]);
        await sleep(200);
        return isReached();
      };
      await until(`${point.when} ${point.at}`, emitAndLook, 60_000);
      if (worker.exitCode === null && worker.signalCode === null) await once(worker, "exit");
      proxy.reset();
      const leased = await db.delivery.findMany({
        where: { ...projects, status: "pending", leaseToken: { not: null } },
        select: { id: true },
      });
      for (const { id } of leased) underWay.add(id);
      // The leases that it left run out.
      await db.$executeRaw`UPDATE delivery SET lease_until = now() WHERE lease_until > now()`;
      worker = start();
      await allSettled();
    }
    const report = await receiver.report();
    expect(new Set(report.accepted)).toEqual(new Set(ids));
    const { inversions, outOfTurn } = await receiver.report("ok/ordered");
    expect({ inversions, outOfTurn }).toEqual({ inversions: 0, outOfTurn: 0 });
    expect(report.repeated.filter((id) => !underWay.has(id))).toEqual([]);
    expect(await db.delivery.count({ where: { ...projects, status: "delivered" } })).toBe(ids.length);
    const recorded = await db.attempt.findMany({ where: { deliveryId: { in: ids } }, select: { deliveryId: true } });
    expect(recorded).toHaveLength(ids.length);
    for (const actor of [plain, ordered]) expect(await world.unaccounted(actor)).toBe(0);
    recordProof("crash-points-worker", {
      fault: `${points.length} SIGKILLs of workers, before and after each statement of a delivery`,
      deliveries: ids.length,
      arrived: new Set(report.accepted).size,
      repeated: report.repeats,
      unaccounted: 0,
      inversions,
      sent_out_of_turn: outOfTurn,
    });
  });
});

/** Before and after messages of a request that sends so many, as many points as there are to be, evenly spread. */
function spread(messages: number): CrashPoint[] {
  const all = Array.from({ length: messages }, (_, n): CrashPoint[] => [
    { at: n + 1, when: "before" },
    { at: n + 1, when: "after" },
  ]).flat();
  // An odd step, or all would be of one kind.
  const step = Math.ceil(all.length / POINTS) | 1;
  return all.toReversed().filter((_, n) => n % step === 0);
}
