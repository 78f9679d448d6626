import { afterEach, describe, expect, it } from "vitest";
import { createEgressPolicy } from "@/lib/net/address";
import { startNameServer, type Zone } from "@/lib/net/fixtures/name-server";
import { createResolver } from "@/lib/net/resolver";

const SIX = "2606:2800:0220:0001:0000:0000:0000:0001";

const zone: Zone = {
  "both.example.com": { a: ["93.184.216.34", "93.184.216.35"], aaaa: [SIX] },
  "four.example.com": { a: ["93.184.216.34"] },
  "six.example.com": { aaaa: [SIX] },
  "late.example.com": { a: ["93.184.216.34"], aaaa: "silent" },
  "empty.example.com": {},
  "missing.example.com": "nxdomain",
  "broken.example.com": "servfail",
  "silent.example.com": "silent",
};

let server: Awaited<ReturnType<typeof startNameServer>> | undefined;

afterEach(() => {
  server?.close();
  server = undefined;
});

async function resolver(allow: string[] = []) {
  server = await startNameServer(zone);
  return createResolver(createEgressPolicy(allow), { servers: [server.address] });
}

describe("createResolver", () => {
  it.each([
    ["both.example.com", ["93.184.216.34", "93.184.216.35", "2606:2800:220:1::1"]],
    ["four.example.com", ["93.184.216.34"]],
    ["six.example.com", ["2606:2800:220:1::1"]],
    ["late.example.com", ["93.184.216.34"]],
  ])("finds the addresses of %s, IPv4 first", async (hostname, expected) => {
    const resolve = await resolver();
    const found = await resolve(hostname, 443);
    expect(found.map(({ address }) => address)).toEqual(expected);
    for (const { address, family } of found) expect(family).toBe(address.includes(":") ? 6 : 4);
  });

  it.each([
    ["empty.example.com", "ENODATA"],
    ["missing.example.com", "ENOTFOUND"],
    ["broken.example.com", "ESERVFAIL"],
  ])("rejects for %s with %s", async (hostname, code) => {
    const resolve = await resolver();
    await expect(resolve(hostname, 443)).rejects.toMatchObject({ code });
  });

  it("answers the others while many names have a name server that is silent", async () => {
    const resolve = await resolver();
    let ended = 0;
    // More than the threads that the system's look-up would have.
    for (let count = 0; count < 32; count += 1) {
      resolve("silent.example.com", 443).catch(() => {
        ended += 1;
      });
    }
    expect(await resolve("four.example.com", 443)).toEqual([{ address: "93.184.216.34", family: 4 }]);
    expect(ended).toBe(0);
  });

  it("asks the system, which knows the hosts file, for the names that only the operator can have allowed", async () => {
    const resolve = await resolver(["localhost"]);
    const found = await resolve("localhost", 443);
    expect(found.map(({ address }) => address)).toContain("127.0.0.1");
    expect(server?.queries).toEqual([]);
  });

  it("does not ask the system after a failing zone, which a tenant could make at will", async () => {
    const resolve = await resolver(["127.0.0.0/8"]);
    await expect(resolve("broken.example.com", 443)).rejects.toMatchObject({ code: "ESERVFAIL" });
  });
});
