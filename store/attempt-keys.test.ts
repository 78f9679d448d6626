import { configureStore } from "@reduxjs/toolkit";
import { afterEach, describe, expect, it, vi } from "vitest";
import { api } from "@/store/api";
import { attemptKeys } from "./attempt-keys";
import { creditsApi } from "./credits-api";

afterEach(() => vi.unstubAllGlobals());

describe("the keys under which a form is sent", () => {
  it("are the same for the same until it is done", () => {
    const keys = attemptKeys();
    const first = keys.keyOf({ amount: 1 });
    expect(first).toMatch(/^[\x21-\x7e]{32}$/);
    expect(keys.keyOf({ amount: 1 })).toBe(first);
    const other = keys.keyOf({ amount: 2 });
    expect(other).not.toBe(first);
    keys.done();
    expect(keys.keyOf({ amount: 2 })).not.toBe(other);
    expect(attemptKeys().keyOf({ amount: 1 })).not.toBe(first);
  });

  it("are there on pages without https as well", () => {
    const { getRandomValues } = crypto;
    vi.stubGlobal("crypto", { getRandomValues: getRandomValues.bind(crypto) });
    expect(attemptKeys().keyOf({})).toHaveLength(32);
  });
});

it("grants of credits are sent under their key", async () => {
  const sent: RequestInit[] = [];
  vi.stubGlobal("fetch", async (_url: string, init: RequestInit) => {
    sent.push(init);
    throw new TypeError("The connection was lost.");
  });
  const store = configureStore({
    reducer: { [api.reducerPath]: api.reducer },
    middleware: (defaults) => defaults().concat(api.middleware),
  });
  const body = { source: "purchase", amount_micros: 1 } as const;
  await store.dispatch(
    creditsApi.endpoints.createGrant.initiate({ projectId: "prj_1", body, idempotencyKey: "key-1" }),
  );
  expect(sent).toHaveLength(1);
  expect(new Headers(sent[0]?.headers).get("idempotency-key")).toBe("key-1");
});
