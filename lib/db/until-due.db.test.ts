import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { pool } from "@/lib/db/pool";
import { untilDue } from "@/lib/db/until-due";

const due = (name: string) => `EXISTS (SELECT FROM until_due WHERE name = '${name}')`;

const begin = (name: string) => pool().query("INSERT INTO until_due VALUES ($1)", [name]);

/** What has come of waiting, as it is at the moment. */
function watch(condition: string, signal = new AbortController().signal) {
  const state = { over: false };
  const waited = untilDue(condition, signal).then(() => {
    state.over = true;
  });
  return { state, waited };
}

describe("waiting for what is due", () => {
  beforeAll(async () => {
    await pool().query("CREATE TABLE until_due (name text)");
  });
  afterEach(() => vi.restoreAllMocks());
  afterAll(async () => {
    await pool().query("DROP TABLE until_due");
  });

  it("ends when its condition holds, and not with that of another", async () => {
    const first = watch(due("first"));
    const second = watch(due("second"));
    await begin("first");
    await first.waited;
    await sleep(1_200);
    expect(second.state.over).toBe(false);
    await begin("second");
    await second.waited;
  });

  it("ends at once with the signal, before it and during it", async () => {
    await untilDue(due("never"), AbortSignal.abort());
    const stop = new AbortController();
    const { waited } = watch(due("never"), stop.signal);
    const other = watch(due("other"));
    stop.abort();
    await waited;
    expect(other.state.over).toBe(false);
    await begin("other");
    await other.waited;
  });

  it("is found out for all who wait with one statement, whoever they are, and for nobody when nobody waits", async () => {
    const stop = new AbortController();
    const asked = vi.spyOn(pool(), "query");
    const all = Array.from({ length: 40 }, (_, index) => watch(due(`of ${index % 8}`), stop.signal));
    await sleep(1_700);
    const looks = asked.mock.calls.length;
    expect(looks).toBeGreaterThanOrEqual(2);
    expect(looks).toBeLessThanOrEqual(4);
    stop.abort();
    await Promise.all(all.map(({ waited }) => waited));
    await sleep(700);
    const after = asked.mock.calls.length;
    await sleep(1_200);
    expect(asked.mock.calls.length).toBe(after);
  });

  it("goes on when the database refuses, and finds what became due meanwhile", async () => {
    const { state, waited } = watch(due("late"));
    await pool().query("ALTER TABLE until_due RENAME TO until_due_away");
    await pool().query("INSERT INTO until_due_away VALUES ('late')");
    await sleep(1_200);
    expect(state.over).toBe(false);
    await pool().query("ALTER TABLE until_due_away RENAME TO until_due");
    await waited;
  });
});
