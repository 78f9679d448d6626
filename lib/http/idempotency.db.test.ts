import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client";
import { type Tx, transaction } from "@/lib/db/transaction";
import { once } from "@/lib/http/idempotency";
import { createTestProject } from "@/lib/webhooks/testing";

const ANSWER = { status: 201, body: '{"ok":true}' };

describe("one effect for one Idempotency-Key", () => {
  let projectId: string;
  let asked: { scope: string; key: string; request: string };
  beforeEach(async () => {
    ({ projectId } = await createTestProject());
    asked = { scope: projectId, key: "one", request: "POST /" };
  });

  /** The change: how often it was made is the number of stars. */
  const change = (tx: Tx) => tx.$executeRaw`UPDATE project SET name = name || '*' WHERE id = ${projectId}`;
  const changes = async () => {
    const { name } = await db.project.findUniqueOrThrow({ where: { id: projectId } });
    return name.split("*").length - 1;
  };
  const makeChange = async () => {
    await transaction(change);
    return ANSWER;
  };
  /** As if so much time had gone by that the first request counts as dead. */
  const laterOn = () =>
    db.$executeRaw`UPDATE idempotency_key SET locked_at = locked_at - interval '61 s' WHERE scope = ${projectId}`;

  it("although its process died between the commit and the answer: the repetition is told so", async () => {
    await expect(
      once(asked, async () => {
        await makeChange();
        throw new Error("killed");
      }),
    ).rejects.toThrow("killed");
    await expect(once(asked, makeChange)).rejects.toMatchObject({ code: "idempotency_in_progress" });
    await laterOn();
    await expect(once(asked, makeChange)).rejects.toMatchObject({ code: "idempotency_answer_lost" });
    expect(await changes()).toBe(1);
  });

  it("although its process died before the commit: the repetition makes it", async () => {
    const { promise: never } = Promise.withResolvers<never>();
    void once(asked, () => never);
    await expect.poll(() => db.idempotencyKey.count({ where: { scope: projectId } })).toBe(1);
    await expect(once(asked, makeChange)).rejects.toMatchObject({ code: "idempotency_in_progress" });
    await laterOn();
    expect(await once(asked, makeChange)).toEqual({ ...ANSWER, replayed: false });
    expect(await once(asked, makeChange)).toEqual({ ...ANSWER, replayed: true });
    expect(await changes()).toBe(1);
  });

  it("although the first was only slow and goes on after the second has taken over", async () => {
    const { promise: gate, resolve: goOn } = Promise.withResolvers<void>();
    const slow = once(asked, async () => {
      await gate;
      return makeChange();
    });
    await expect.poll(() => db.idempotencyKey.count({ where: { scope: projectId } })).toBe(1);
    await laterOn();
    expect(await once(asked, makeChange)).toMatchObject({ replayed: false });
    goOn();
    await expect(slow).rejects.toMatchObject({ code: "idempotency_in_progress" });
    expect(await changes()).toBe(1);
    expect(await once(asked, makeChange)).toEqual({ ...ANSWER, replayed: true });
  });

  it("although many take over at once from one whose change is made and not committed", async () => {
    const { promise: written, resolve: hasWritten } = Promise.withResolvers<void>();
    const { promise: gate, resolve: goOn } = Promise.withResolvers<void>();
    const first = Promise.allSettled([
      once(asked, async () => {
        await transaction(async (tx) => {
          await change(tx);
          hasWritten();
          await gate;
        });
        return ANSWER;
      }),
    ]);
    await written;
    await laterOn();
    const others = Promise.allSettled(Array.from({ length: 8 }, () => once(asked, makeChange)));
    await sleep(50);
    goOn();
    const outcomes = [...(await others), ...(await first)];
    expect(outcomes.filter(({ status }) => status === "fulfilled").length).toBeGreaterThan(0);
    expect(await changes()).toBe(1);
  });

  it("and none is kept by what changed nothing: reads, dry runs, what was undone", async () => {
    const nothing = async () => {
      await transaction((tx) => tx.project.findMany({ where: { id: projectId } }));
      await transaction(change, { dryRun: true });
      await transaction(async (tx) => {
        await change(tx);
        throw new Error("refused");
      });
      return ANSWER;
    };
    await expect(once(asked, nothing)).rejects.toThrow("refused");
    expect(await changes()).toBe(0);
    expect(await once(asked, makeChange)).toMatchObject({ replayed: false });
    expect(await changes()).toBe(1);
  });

  it("and what the request was the first to start goes on without it", async () => {
    const { promise: gate, resolve: goOn } = Promise.withResolvers<void>();
    let background: Promise<unknown> | undefined;
    const failing = once(asked, async () => {
      background = gate.then(() => transaction(change));
      throw new Error("refused");
    });
    await expect(failing).rejects.toThrow("refused");
    goOn();
    await background;
    expect(await changes()).toBe(1);
  });
});
