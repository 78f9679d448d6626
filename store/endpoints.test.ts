import { readdirSync } from "node:fs";
import { afterEach, expect, it, vi } from "vitest";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it("no two files of the store give an endpoint the same name: the second one would be passed over in silence", async () => {
  // Only then does Redux Toolkit say so.
  vi.stubEnv("NODE_ENV", "development");
  const complained = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const files = readdirSync("store").filter((name) => name.endsWith("-api.ts"));
  expect(files.length).toBeGreaterThan(10);
  for (const file of files) await import(`./${file}`);
  expect(complained.mock.calls.flat().filter((text) => String(text).includes("injectEndpoints"))).toEqual([]);
});
