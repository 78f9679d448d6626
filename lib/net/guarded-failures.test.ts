import { describe, expect, it } from "vitest";
import { client, failureOf, nextTurn, post, serve, serveOk, toLoopback } from "@/lib/net/fixtures/guarded-harness";
import { httpAnswer, listen, onRequest } from "@/lib/net/fixtures/raw-server";
import { selfSigned } from "@/lib/net/fixtures/self-signed";
import type { Resolve } from "@/lib/net/resolver";

describe("a kept-alive connection that is closed", () => {
  it("costs a second try on a fresh connection, visibly", async () => {
    const server = await serve((socket) =>
      onRequest(socket, (_request, count) => {
        if (count === 1) socket.write(httpAnswer("ok"));
        else socket.destroy();
      }),
    );
    const guarded = client();
    const url = `http://127.0.0.1:${server.port}/`;
    expect(await post(guarded, url)).toMatchObject({ status: 200, reconnected: false });
    await nextTurn();
    const second = await post(guarded, url);
    expect(second).toMatchObject({ status: 200, reconnected: true });
    expect(second.timings).toHaveProperty("connect_ms");
    expect(server.connections).toBe(2);
    expect(server.received.match(/POST \S+ HTTP/g)).toHaveLength(3);
  });

  it("is not tried a third time", async () => {
    let connections = 0;
    const server = await serve((socket) => {
      connections += 1;
      const isFirst = connections === 1;
      onRequest(socket, (_request, count) => {
        if (isFirst && count === 1) socket.write(httpAnswer("ok"));
        else socket.destroy();
      });
    });
    const guarded = client();
    const url = `http://127.0.0.1:${server.port}/`;
    await post(guarded, url);
    await nextTurn();
    expect(await failureOf(post(guarded, url))).toMatchObject({ code: "connection_reset", reconnected: true });
    expect(server.received.match(/POST \S+ HTTP/g)).toHaveLength(3);
  });

  it("is not tried again once a byte of the answer has come", async () => {
    const server = await serve((socket) =>
      onRequest(socket, (_request, count) => {
        if (count === 1) socket.write(httpAnswer("ok"));
        else socket.write("H", () => socket.end());
      }),
    );
    const guarded = client();
    const url = `http://127.0.0.1:${server.port}/`;
    await post(guarded, url);
    await nextTurn();
    expect(await failureOf(post(guarded, url))).toMatchObject({ code: "connection_reset", reconnected: false });
    expect(server.received.match(/POST \S+ HTTP/g)).toHaveLength(2);
  });

  it("is the receiver's failure when the connection was new", async () => {
    const server = await serve((socket) => onRequest(socket, () => socket.destroy()));
    const error = await failureOf(post(client(), `http://127.0.0.1:${server.port}/`));
    expect(error).toMatchObject({ code: "connection_reset", reconnected: false, isOurFault: false });
    expect(server.received.match(/POST \S+ HTTP/g)).toHaveLength(1);
  });

  it("works over TLS too, where the bytes of the handshake do not count as an answer", async () => {
    const certificate = selfSigned("hook.example.com");
    const server = await serve(
      (socket) =>
        onRequest(socket, (_request, count) => {
          if (count === 1) socket.write(httpAnswer("ok"));
          else socket.destroy();
        }),
      { tls: certificate },
    );
    const guarded = client({ resolve: toLoopback, ca: [certificate.cert] });
    const url = `https://hook.example.com:${server.port}/`;
    const first = await post(guarded, url);
    expect(Object.keys(first.timings)).toEqual(["dns_ms", "connect_ms", "tls_ms", "first_byte_ms", "total_ms"]);
    await nextTurn();
    expect(await post(guarded, url)).toMatchObject({ status: 200, reconnected: true });
  });
});

describe("TLS", () => {
  it("fails on a certificate that nobody vouches for, or that is for another name", async () => {
    const certificate = selfSigned("hook.example.com");
    const server = await serveOk({ tls: certificate });
    const unknown = await failureOf(post(client({ resolve: toLoopback }), `https://hook.example.com:${server.port}/`));
    expect(unknown).toMatchObject({ code: "tls_failed", message: "The receiver's certificate is self-signed." });
    expect(Object.keys(unknown.timings)).toEqual(["dns_ms", "connect_ms", "tls_ms", "total_ms"]);

    const guarded = client({ resolve: toLoopback, ca: [certificate.cert] });
    // Twice: a session kept from the first try must not open the second.
    for (let count = 0; count < 2; count += 1) {
      const other = await failureOf(post(guarded, `https://other.example.com:${server.port}/`));
      expect(other).toMatchObject({
        code: "tls_failed",
        message: "The receiver's certificate is for another host name.",
      });
    }
    expect(server.received).toBe("");
  });

  it("fails on a receiver that does not speak it", async () => {
    const server = await serve((socket) => socket.end("SSH-2.0-OpenSSH_9\r\n"));
    const error = await failureOf(post(client(), `https://127.0.0.1:${server.port}/`));
    expect(error).toMatchObject({ code: "tls_failed", isOurFault: false });
  });
});

describe("failures", () => {
  it("tell a refused connection", async () => {
    const server = await listen(() => {});
    await server.close();
    const error = await failureOf(post(client(), `http://127.0.0.1:${server.port}/`));
    expect(error).toMatchObject({ code: "connect_failed", message: "The connection was refused.", isOurFault: false });
    expect(error.message).not.toContain("127.0.0.1");
    expect(Object.keys(error.timings)).toEqual(["connect_ms", "total_ms"]);
  });

  it("count the deadline from before there is a connection", async () => {
    const guarded = client({ resolve: () => new Promise(() => {}) });
    const error = await failureOf(post(guarded, "http://hook.example.com/", { deadlineMs: 100 }));
    expect(error).toMatchObject({ code: "connect_timeout", isOurFault: false });
  });

  it("count the deadline while TLS is agreed on", async () => {
    const server = await serve(() => {});
    const error = await failureOf(post(client(), `https://127.0.0.1:${server.port}/`, { deadlineMs: 200 }));
    expect(error).toMatchObject({ code: "connect_timeout" });
  });

  it("do not send a request after its deadline, and leave the connection to others", async () => {
    let answer: (() => void) | undefined;
    const resolve: Resolve = () =>
      new Promise((done) => {
        answer = () => done([{ address: "127.0.0.1", family: 4 }]);
      });
    const server = await serveOk();
    const guarded = client({ resolve, connectionsPerOrigin: 1 });
    const url = `http://hook.example.com:${server.port}/`;
    await failureOf(post(guarded, `${url}late`, { deadlineMs: 50 }));
    const waiting = post(guarded, `${url}waiting`);
    answer?.();
    expect((await waiting).status).toBe(200);
    expect(server.received).not.toContain("/late");
    expect(server.connections).toBe(1);
  });

  it("are ours when no name server can be reached", async () => {
    const resolve: Resolve = async () => {
      throw Object.assign(new Error("getaddrinfo EAI_AGAIN"), { code: "EAI_AGAIN" });
    };
    const error = await failureOf(post(client({ resolve }), "http://hook.example.com/"));
    expect(error).toMatchObject({ code: "dns_failed", isOurFault: true });
  });

  it("are the receiver's when its own name server fails", async () => {
    for (const code of ["ETIMEOUT", "ESERVFAIL"]) {
      const resolve: Resolve = async () => {
        throw Object.assign(new Error(code), { code });
      };
      const error = await failureOf(post(client({ resolve }), "http://hook.example.com/"));
      expect(error).toMatchObject({ code: "dns_failed", isOurFault: false });
    }
  });

  it("are ours when we stop, by a signal or by closing", async () => {
    const server = await serve(() => {});
    const url = `http://127.0.0.1:${server.port}/`;
    const guarded = client();
    const stop = new AbortController();
    const stopped = Array.from({ length: 20 }, () => failureOf(post(guarded, url, { signal: stop.signal })));
    const closed = failureOf(post(guarded, url));
    while (server.connections < 21) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    for (const error of await Promise.all(stopped)) expect(error).toMatchObject({ code: "shutdown", isOurFault: true });
    await guarded.close();
    expect(await closed).toMatchObject({ code: "shutdown", isOurFault: true });
    expect(await failureOf(post(guarded, url))).toMatchObject({ code: "shutdown", isOurFault: true });
    expect(await failureOf(post(client(), url, { signal: stop.signal }))).toMatchObject({ code: "shutdown" });
  });

  it("are ours even on a connection that undici has let go of", async () => {
    let connections = 0;
    const server = await serve((socket) => {
      connections += 1;
      // After its only connection is reset, undici no longer counts the client that the second request waits on.
      if (connections === 1) onRequest(socket, () => socket.resetAndDestroy());
    });
    const guarded = client({ connectionsPerOrigin: 1 });
    const url = `http://127.0.0.1:${server.port}/`;
    const first = failureOf(post(guarded, url));
    const second = failureOf(post(guarded, url, { deadlineMs: 60_000 }));
    expect(await first).toMatchObject({ code: "connection_reset" });
    while (server.connections < 2) await nextTurn();
    await guarded.close();
    expect(await second).toMatchObject({ code: "shutdown", isOurFault: true });
  });
});
