import { totalmem } from "node:os";
import { expect, test } from "vitest";
import { memoryBytes, sharedBuffersMib } from "@/lib/db/embedded/memory";

const GIB = 1024 ** 3;

test("PostgreSQL's cache is an eighth of the memory, from 128 MiB to 1 GiB", () => {
  expect([0.5, 1, 2, 4, 8, 64].map((gib) => sharedBuffersMib(gib * GIB))).toEqual([128, 128, 256, 512, 1024, 1024]);
});

test("the memory is at most the machine's", () => {
  expect(memoryBytes()).toBeGreaterThan(0);
  expect(memoryBytes()).toBeLessThanOrEqual(totalmem());
});
