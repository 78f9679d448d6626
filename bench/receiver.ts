import { createServer } from "node:http";

/**
 * Counts requests; tells on request how many. Paths: `/` answers at once, `/hang` never, and every request to `/` that
 * carries `x-sent-at` is reported to the parent with the time at which it arrived.
 */
let count = 0;

const server = createServer((request, response) => {
  const at = performance.timeOrigin + performance.now();
  request.resume();
  request.on("end", () => {
    count += 1;
    if (request.url === "/hang") return;
    if (request.url === "/timed") process.send?.({ arrived: request.headers["x-webhook-delivery"], at });
    response.end("ok");
  });
});

process.on("message", (message) => {
  if (message === "count") process.send?.({ count });
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address && typeof address === "object") process.send?.({ port: address.port });
});
