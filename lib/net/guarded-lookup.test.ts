import type { LookupAddress, LookupOptions } from "node:dns";
import { describe, expect, it } from "vitest";
import { createEgressPolicy } from "@/lib/net/address";
import { EgressDenied } from "@/lib/net/egress-url";
import { createGuardedLookup, LookupFailed, mayReach, UNRESOLVED } from "@/lib/net/guarded-lookup";

interface Given {
  answers: string[] | Error;
  hostname?: string;
  allow?: string[];
  port?: number;
  options?: LookupOptions;
}

interface Answer {
  error: Error | null;
  address: string | LookupAddress[];
  family: number | undefined;
}

function look({ answers, hostname = "hook.example.com", allow = [], port = 443, options = { all: true } }: Given) {
  const lookup = createGuardedLookup({
    policy: createEgressPolicy(allow),
    port,
    resolve: async () => {
      if (answers instanceof Error) throw answers;
      return answers.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    },
  });
  return new Promise<Answer>((resolve) => {
    lookup(hostname, options, (error, address, family) => resolve({ error, address, family }));
  });
}

function dnsError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

describe("createGuardedLookup", () => {
  it("answers in both forms", async () => {
    const answers = ["93.184.216.34", "2606:2800:220:1::1"];
    expect(await look({ answers })).toEqual({
      error: null,
      address: [
        { address: "93.184.216.34", family: 4 },
        { address: "2606:2800:220:1::1", family: 6 },
      ],
      family: undefined,
    });
    expect(await look({ answers, options: {} })).toEqual({ error: null, address: "93.184.216.34", family: 4 });
  });

  it.each([[[]], [["127.0.0.1"]], [["93.184.216.34", "127.0.0.1"]], [["93.184.216.34", "::1"]], [["NOTANIP"]], [[""]]])(
    "refuses the answers %j with one and the same text, without the addresses",
    async (answers) => {
      const { error } = await look({ answers });
      expect(error).toBeInstanceOf(EgressDenied);
      expect(error?.message).toBe(UNRESOLVED);
    },
  );

  it.each(["ENOTFOUND", "ENODATA"])("says the same of a name without addresses (%s)", async (code) => {
    const { error } = await look({ answers: dnsError(code) });
    expect(error).toBeInstanceOf(EgressDenied);
    expect(error?.message).toBe(UNRESOLVED);
  });

  it.each(["ETIMEOUT", "ESERVFAIL", "EAI_AGAIN"])("hands on that nothing was answered (%s)", async (code) => {
    const { error } = await look({ answers: dnsError(code) });
    expect(error).toBeInstanceOf(LookupFailed);
    expect(error).toMatchObject({ dnsCode: code });
  });

  it.each([
    { allow: ["127.0.0.0/8"], answers: ["127.0.0.1"], allowed: true },
    { allow: ["127.0.0.0/8"], answers: ["127.0.0.1", "93.184.216.34"], allowed: true },
    { allow: ["127.0.0.0/8"], answers: ["127.0.0.1", "10.0.0.1"], allowed: false },
    { allow: ["127.0.0.0/8:444"], answers: ["127.0.0.1"], allowed: false },
    { allow: ["127.0.0.0/8:443"], answers: ["127.0.0.1"], allowed: true },
    { allow: ["hook.example.com"], answers: ["10.0.0.1", "fd00::1"], allowed: true },
    { allow: ["hook.example.com"], answers: ["NOTANIP"], allowed: false },
    { allow: ["hook.example.com:444"], answers: ["10.0.0.1"], allowed: false },
    { allow: ["other.example.com"], answers: ["10.0.0.1"], allowed: false },
  ])("with EGRESS_ALLOW=$allow the answers $answers are allowed: $allowed", async ({ allow, answers, allowed }) => {
    const { error } = await look({ allow, answers });
    expect(error === null).toBe(allowed);
  });

  it("takes of localhost only the addresses that are allowed", async () => {
    const answers = ["::1", "127.0.0.1"];
    const given = { hostname: "localhost", allow: ["127.0.0.0/8"], answers };
    expect(await look(given)).toMatchObject({ error: null, address: [{ address: "127.0.0.1", family: 4 }] });
    expect(await look({ ...given, options: {} })).toMatchObject({ error: null, address: "127.0.0.1" });
    expect((await look({ ...given, answers: ["::1"] })).error).toBeInstanceOf(EgressDenied);
    expect((await look({ ...given, hostname: "notlocalhost.example.com" })).error).toBeInstanceOf(EgressDenied);
  });

  it("does not believe that an internal name is public", async () => {
    const given = { hostname: "redis", allow: ["127.0.0.0/8"] };
    expect((await look({ ...given, answers: ["93.184.216.34"] })).error).toBeInstanceOf(EgressDenied);
    expect((await look({ ...given, answers: ["127.0.0.1"] })).error).toBeNull();
  });
});

describe("mayReach", () => {
  it("is false for what is not an address, whatever is allowed", () => {
    const policy = createEgressPolicy(["0.0.0.0/0", "::/0", "hook.example.com"]);
    expect(mayReach("", { hostname: "hook.example.com", port: 443, policy })).toBe(false);
    expect(mayReach("", { hostname: "8.8.8.8", port: 443, policy })).toBe(false);
  });

  it("does not take a literal for a host name", () => {
    const policy = createEgressPolicy([]);
    expect(mayReach("8.8.8.8", { hostname: "8.8.8.8", port: 443, policy })).toBe(true);
    expect(mayReach("2600::1", { hostname: "2600::1", port: 443, policy })).toBe(true);
    expect(mayReach("127.0.0.1", { hostname: "127.0.0.1", port: 443, policy })).toBe(false);
  });
});
