import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEgressPolicy } from "@/lib/net/address";
import { client, failureOf, post, serveOk } from "@/lib/net/fixtures/guarded-harness";
import { type NameServer, startNameServer, type Zone } from "@/lib/net/fixtures/name-server";
import { nameServersAnswer } from "@/lib/net/resolver";

const zone: Zone = {
  "hook.example.com": { a: ["127.0.0.1"] },
  "dead.example.org": "silent",
  "broken.example.org": "servfail",
};

let server: NameServer;

beforeEach(async () => {
  server = await startNameServer(zone);
});
afterEach(() => server.close());

const NOT_OURS = { code: "dns_failed", isOurFault: false };
const OURS = {
  code: "dns_failed",
  isOurFault: true,
  message: "No name server could be reached to look up the host name; the request was not sent.",
};

/** A client with that name server; its patience is short, so that silence is told soon. */
function guarded(allow = ["127.0.0.1"]) {
  return client({ policy: createEgressPolicy(allow), nameServers: [server.address], connectTimeoutMs: 500 });
}

describe("a look-up without an answer", () => {
  it.each(["dead.example.org", "broken.example.org"])(
    "is the fault of %s while other names are known",
    async (name) => {
      expect(await failureOf(post(guarded(), `http://${name}/`))).toMatchObject(NOT_OURS);
    },
  );

  it("is ours when no name server answers anything, until one does", async () => {
    const receiver = await serveOk();
    const url = `http://hook.example.com:${receiver.port}/`;
    const ours = guarded();
    server.dropsAll = true;
    const failures = await Promise.all([url, "http://dead.example.org/", url].map((to) => failureOf(post(ours, to))));
    for (const failure of failures) expect(failure).toMatchObject(OURS);
    const control = server.queries.filter((query) => query.endsWith(".arpa"));
    expect(new Set(control).size, "one control question for all of them").toBe(1);

    server.dropsAll = false;
    expect((await post(ours, url)).status).toBe(200);
    expect(await failureOf(post(ours, "http://dead.example.org/"))).toMatchObject(NOT_OURS);
  });
});

// The kernel has no way to a multicast address by TCP; it says so without a packet.
const NO_WAY = ["224.1.0.1", "225.1.0.1", "226.1.0.1"] as const;

describe.runIf(process.platform === "linux")("an address without a way to it", () => {
  it("is the receiver's fault while others of its network fail only, and ours when several networks do", async () => {
    const ours = guarded(["224.0.0.0/4"]);
    const [first, second, third] = NO_WAY;
    for (const address of [first, "224.1.0.2", "224.1.0.3", second]) {
      const failure = await failureOf(post(ours, `http://${address}/`));
      expect(failure).toMatchObject({ code: "connect_failed", isOurFault: false });
    }
    for (const address of [third, first]) {
      expect(await failureOf(post(ours, `http://${address}/`))).toMatchObject({
        code: "connect_failed",
        isOurFault: true,
        message: "This server had no way to the network; the request was not sent.",
      });
    }
  });

  it("is ours, even the only one, when no name server answers either", async () => {
    server.dropsAll = true;
    const failure = await failureOf(post(guarded(["224.0.0.0/4"]), `http://${NO_WAY[0]}/`));
    expect(failure).toMatchObject({ code: "connect_failed", isOurFault: true });
  });
});

describe("the control question", () => {
  it("is answered by the name server that knows of no such name, and not by one that drops it", async () => {
    expect(await nameServersAnswer([server.address])).toBe(true);
    server.dropsAll = true;
    expect(await nameServersAnswer([server.address])).toBe(false);
  });

  it("is not answered where there is no name server", async () => {
    server.close();
    expect(await nameServersAnswer([server.address])).toBe(false);
    server = await startNameServer(zone);
  });
});
