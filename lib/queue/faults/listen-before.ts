import { once } from "node:events";
import type { Server } from "node:net";

/** Lets a proxy listen on a free port of loopback. @returns the database's URL by way of it */
export async function listenBefore(databaseUrl: string, listener: Server): Promise<string> {
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port.");
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${address.port}`;
  return url.href;
}
