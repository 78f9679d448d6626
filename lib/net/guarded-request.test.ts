import { describe, expect, it } from "vitest";
import { createEgressPolicy } from "@/lib/net/address";
import { client, failureOf, nextTurn, post, serve, serveOk, toLoopback } from "@/lib/net/fixtures/guarded-harness";
import { httpAnswer, onRequest, type RawServer } from "@/lib/net/fixtures/raw-server";
import type { OutboundError } from "@/lib/net/outbound-error";
import type { Resolve } from "@/lib/net/resolver";

describe("post", () => {
  it("sends the request as given and reports the answer", async () => {
    const server = await serve((socket) =>
      onRequest(socket, () =>
        socket.write(
          httpAnswer("grüße", {
            status: "418 I'm a teapot",
            headers: "X-A: 1\r\nx-a: 2\r\n__proto__: p\r\nX-B: caf\u00e9\r\n",
          }),
          "utf8",
        ),
      ),
    );
    const response = await client().post({
      url: `http://127.0.0.1:${server.port}/hook?x=1#fragment`,
      headers: { "content-type": "application/json", "x-custom": "v" },
      body: Buffer.from('{"a":"ü"}'),
    });
    expect(response).toMatchObject({
      status: 418,
      truncated: false,
      reconnected: false,
      totalBytes: 7,
      remoteAddress: `127.0.0.1:${server.port}`,
    });
    expect(response.body.toString()).toBe("grüße");
    expect(Object.entries(response.headers)).toContainEqual(["x-a", "1, 2"]);
    expect(Object.entries(response.headers)).toContainEqual(["__proto__", "p"]);
    expect(server.received).toMatch(/^POST \/hook\?x=1 HTTP\/1\.1\r\n/);
    expect(server.received).toContain(`host: 127.0.0.1:${server.port}\r\n`);
    expect(server.received).toContain("x-custom: v\r\n");
    expect(server.received).toContain(`content-length: ${Buffer.byteLength('{"a":"ü"}')}\r\n`);
  });

  it("reports how the connection was opened only to the request that opened it", async () => {
    const server = await serveOk();
    const guarded = client({ resolve: toLoopback });
    const url = `http://hook.example.com:${server.port}/`;
    const first = await post(guarded, url);
    await nextTurn();
    const second = await post(guarded, url);
    expect(Object.keys(first.timings)).toEqual(["dns_ms", "connect_ms", "first_byte_ms", "total_ms"]);
    expect(Object.keys(second.timings)).toEqual(["first_byte_ms", "total_ms"]);
    expect(server.connections).toBe(1);
  });

  it("opens no more connections to an origin than it may", async () => {
    const server = await serveOk();
    const guarded = client({ connectionsPerOrigin: 2 });
    const url = `http://127.0.0.1:${server.port}/`;
    const responses = await Promise.all(Array.from({ length: 12 }, () => post(guarded, url)));
    expect(responses.map(({ status }) => status)).toEqual(Array(12).fill(200));
    expect(server.connections).toBe(2);
    expect(responses.filter(({ timings }) => "connect_ms" in timings)).toHaveLength(2);
  });

  it("does not follow a redirect", async () => {
    const inside = await serveOk();
    const target = `http://127.0.0.1:${inside.port}/`;
    for (const status of ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]) {
      const server = await serve((socket) =>
        onRequest(socket, () => socket.write(httpAnswer("", { status, headers: `location: ${target}\r\n` }))),
      );
      const response = await post(client(), `http://127.0.0.1:${server.port}/`);
      expect(response.status).toBe(Number(status.slice(0, 3)));
      expect(response.headers.location).toBe(target);
    }
    expect(inside.connections).toBe(0);
  });

  it("turns a request that cannot be written into a failure", async () => {
    const server = await serveOk();
    const url = `http://127.0.0.1:${server.port}/`;
    const error = await failureOf(post(client(), url, { headers: { "x-a": "1\r\nx-b: 2" } }));
    expect(error).toMatchObject({ code: "invalid_request", isOurFault: false });
    expect(server.received).not.toContain("x-b");
  });
});

describe("what must not be reached", () => {
  it("is refused as a literal, plainly and without connecting", async () => {
    const server = await serveOk();
    const guarded = client({ policy: createEgressPolicy([]) });
    const hosts = ["127.0.0.1", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]", "[::1]", "127。0。0。1"];
    for (const host of hosts) {
      const error = await failureOf(post(guarded, `http://${host}:${server.port}/`));
      expect(error).toMatchObject({ code: "address_blocked", isOurFault: false });
      expect(error.message).toMatch(/^The address .* is not a public address\.$/);
    }
    expect(server.connections).toBe(0);
  });

  it("looks to the tenant like a name that does not exist", async () => {
    const server = await serveOk();
    const resolve: Resolve = async (hostname) => {
      if (hostname === "inside.example.com") return [{ address: "127.0.0.1", family: 4 }];
      throw Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" });
    };
    const guarded = client({ policy: createEgressPolicy([]), resolve });
    const inside = await failureOf(post(guarded, `http://inside.example.com:${server.port}/`));
    const missing = await failureOf(post(guarded, `http://missing.example.com:${server.port}/`));
    const shape = ({ code, message, isOurFault, timings }: OutboundError): unknown => [
      code,
      message,
      isOurFault,
      Object.keys(timings),
    ];
    expect(shape(inside)).toEqual(shape(missing));
    expect(inside.code).toBe("dns_failed");
    expect(inside.message).not.toContain("127");
    expect(inside.detail).toContain("127.0.0.1");
    expect(server.connections).toBe(0);
  });

  it("is not reached when a name is pointed elsewhere between two requests", async () => {
    const outside = await serve((socket) =>
      onRequest(socket, () => socket.end(httpAnswer("ok", { headers: "connection: close\r\n" }))),
    );
    const inside = await serve((socket) => onRequest(socket, () => socket.write(httpAnswer("secret"))), {
      address: "127.0.0.2",
    });
    let address = "127.0.0.1";
    const guarded = client({ resolve: async () => [{ address, family: 4 }] });
    const url = (server: RawServer): string => `http://rebind.example.com:${server.port}/`;
    expect((await post(guarded, url(outside))).status).toBe(200);
    address = "127.0.0.2";
    expect(await failureOf(post(guarded, url(outside)))).toMatchObject({ code: "dns_failed" });
    expect(await failureOf(post(guarded, url(inside)))).toMatchObject({ code: "dns_failed" });
    expect(inside.connections).toBe(0);
  });

  it("is not looked up again while a connection is kept", async () => {
    const server = await serveOk();
    let lookups = 0;
    const resolve: Resolve = async () => [{ address: lookups++ === 0 ? "127.0.0.1" : "127.0.0.2", family: 4 }];
    const guarded = client({ resolve });
    for (let count = 0; count < 3; count += 1) {
      await post(guarded, `http://rebind.example.com:${server.port}/`);
      await nextTurn();
    }
    expect(lookups).toBe(1);
    expect(server.connections).toBe(1);
  });

  it("stays refused when the resolver answers nothing or garbage", async () => {
    for (const answer of [[], [{ address: "NOTANIP", family: 0 }], [{ address: "", family: 4 }]]) {
      const error = await failureOf(post(client({ resolve: async () => answer }), "http://hook.example.com/"));
      expect(error).toMatchObject({ code: "dns_failed", isOurFault: false });
    }
  });
});

describe("the console's own receiver", () => {
  const token = "abcdefghij_KLMNOP-012345";

  it("is reached although it is internal, and nothing else of the console", async () => {
    const server = await serveOk();
    const selfOrigin = `http://localhost:${server.port}`;
    const guarded = client({ policy: createEgressPolicy([]), http: "nowhere", selfOrigin, resolve: toLoopback });
    expect((await post(guarded, `${selfOrigin}/receiver/${token}`)).status).toBe(200);
    const others = ["/api/v1/projects", `/receiver/${token}/../../api`, `/receiver/${token}?x`, "/receiver/..%2fapi"];
    for (const other of others) {
      expect(await failureOf(post(guarded, `${selfOrigin}${other}`))).toMatchObject({ code: "address_blocked" });
    }
    expect(await failureOf(post(guarded, `http://127.0.0.1:${server.port}/receiver/${token}`))).toMatchObject({
      code: "address_blocked",
    });
    expect(server.received.match(/POST \S+ HTTP/g)).toEqual([`POST /receiver/${token} HTTP`]);
  });

  it("lends its connections to no other path of the same origin", async () => {
    const server = await serveOk();
    // An origin with an ordinary name passes the check of the URL, so that only the connection is left to refuse it.
    const selfOrigin = `http://console.example.com:${server.port}`;
    const guarded = client({ policy: createEgressPolicy([]), selfOrigin, resolve: toLoopback });
    expect((await post(guarded, `${selfOrigin}/receiver/${token}`)).status).toBe(200);
    expect(await failureOf(post(guarded, `${selfOrigin}/api/v1/projects`))).toMatchObject({ code: "dns_failed" });
    expect(server.received.match(/POST \S+ HTTP/g)).toHaveLength(1);
  });
});
