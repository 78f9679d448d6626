// A receiver of webhooks signed with Ed25519; needs no package and no secret. DUMONT_JWKS_URL=https://… node receiver-ed25519.mjs
import { createPublicKey, verify } from "node:crypto";
import { createServer } from "node:http";

const TOLERANCE_S = 300;
const CACHE_MS = 300_000;
let known = { keys: [], at: Number.NEGATIVE_INFINITY };

async function publicKeys() {
  if (Date.now() - known.at > CACHE_MS) {
    const { keys } = await (await fetch(process.env.DUMONT_JWKS_URL)).json();
    known = { keys: keys.map((key) => createPublicKey({ key, format: "jwk" })), at: Date.now() };
  }
  return known.keys;
}

async function isGenuine(headers, body) {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": header = "" } = headers;
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) <= TOLERANCE_S)) return false;
  const message = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  const signatures = header.split(" ").filter((part) => part.startsWith("v1a,"));
  const keys = await publicKeys();
  return signatures.some((part) =>
    keys.some((key) => verify(null, message, key, Buffer.from(part.slice("v1a,".length), "base64"))),
  );
}

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const genuine = await isGenuine(request.headers, Buffer.concat(chunks)).catch(() => false);
  response.writeHead(genuine ? 204 : 401).end();
}).listen(8080);
