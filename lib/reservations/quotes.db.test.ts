import { expect, it } from "vitest";
import { quoteBody } from "@/lib/contracts/availability";
import { db } from "@/lib/db/client";
import { createTestPool } from "@/lib/fleet/testing";
import { cleanUp } from "@/lib/queue/cleanup";
import { createQuote, getQuote } from "@/lib/reservations/quotes";
import { bookHours, createCustomer, hour, T0 } from "@/lib/reservations/testing";

const quoteFor = (pool_id: string, from: number, to: number) =>
  quoteBody.parse({ pool_id, gpu_count: 2, starts_at: hour(from).toISOString(), ends_at: hour(to).toISOString() });

it("books at the quoted price, once, while it stands", async () => {
  const actor = await createCustomer();
  const pool = await createTestPool();
  const quote = await createQuote(actor, quoteFor(pool.id, 10, 20), T0);
  const late = await createQuote(actor, quoteFor(pool.id, 10, 20), T0);
  await db.pool.update({ where: { id: pool.id }, data: { priceMicrosPerGpuHour: 5_000_000n } });
  const book = (quote_id: string, now: Date) => bookHours(actor, pool.id, [10, 20], { quote_id, gpu_count: 2 }, now);
  const booked = await book(quote.id, hour(0.2));
  expect(booked.price).toEqual(quote.price);
  await expect(book(quote.id, hour(0.2))).rejects.toMatchObject({ code: "quote_expired" });
  await expect(book(late.id, hour(0.25))).rejects.toMatchObject({ code: "quote_expired" });
});

it("judges an old quote anew: what has begun since cannot be booked", async () => {
  const actor = await createCustomer();
  const pool = await createTestPool({ nodes: 1, lanes: 2 });
  const quote = await createQuote(actor, quoteFor(pool.id, 10, 20), T0);
  expect(quote.feasible).toBe(true);
  const past = await getQuote(actor, quote.id, hour(11));
  expect(past).toMatchObject({ feasible: false, alternatives: [], price: quote.price });
  expect(past.blockers[0]?.note).toContain("in the past");
  await bookHours(actor, pool.id, [15, 30]);
  expect(await getQuote(actor, quote.id, hour(1))).toMatchObject({ feasible: false, blockers: [{ kind: "mine" }] });
});

it("removes quotes a month after they ran out, but not those that were booked", async () => {
  const actor = await createCustomer();
  const pool = await createTestPool();
  const booked = await createQuote(actor, quoteFor(pool.id, 10, 20), T0);
  const left = await createQuote(actor, quoteFor(pool.id, 10, 20), T0);
  const recent = await createQuote(actor, quoteFor(pool.id, 10, 20), hour(5));
  await bookHours(actor, pool.id, [10, 20], { quote_id: booked.id, gpu_count: 2 });
  const { quotes } = await cleanUp(hour(30 * 24 + 1));
  expect(quotes).toBeGreaterThanOrEqual(1);
  const rows = await db.quote.findMany({ where: { projectId: actor.projectId }, select: { id: true } });
  expect(rows.map(({ id }) => id).toSorted()).toEqual([booked.id, recent.id].toSorted());
  await expect(getQuote(actor, left.id, T0)).rejects.toMatchObject({ code: "not_found" });
});
