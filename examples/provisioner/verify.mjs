import { createHmac, timingSafeEqual } from "node:crypto";

/** Seconds by which a request's timestamp may differ from the clock here. */
const TOLERANCE_S = 300;

/**
 * Whether a request comes from who knows one of the secrets, and is fresh: the Standard Webhooks scheme, so the library
 * "standardwebhooks" does the same.
 * @param {{ headers: import("node:http").IncomingHttpHeaders, body: Buffer, secrets: string[], now?: number }} request
 * `secrets`: more than one while a secret is replaced. `now`: unix seconds.
 * @returns {string | null} what is wrong, or null
 */
export function problemOf({ headers, body, secrets, now = Date.now() / 1000 }) {
  const id = headers["webhook-id"];
  const timestamp = headers["webhook-timestamp"];
  const signatures = headers["webhook-signature"];
  if (typeof id !== "string" || typeof timestamp !== "string" || typeof signatures !== "string") {
    return "The request is not signed.";
  }
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now - Number(timestamp)) > TOLERANCE_S) {
    return "The timestamp is too old or in the future.";
  }
  const given = signatures.split(" ").flatMap((part) => (part.startsWith("v1,") ? [part.slice(3)] : []));
  const expected = secrets.map((secret) =>
    createHmac("sha256", keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest("base64"),
  );
  return expected.some((one) => given.some((other) => same(one, other))) ? null : "The signature is wrong.";
}

/** The bytes after `whsec_` are base64; a secret without it is taken as it is. */
function keyOf(secret) {
  return secret.startsWith("whsec_") ? Buffer.from(secret.slice(6), "base64") : Buffer.from(secret, "utf8");
}

function same(one, other) {
  const left = Buffer.from(one);
  const right = Buffer.from(other);
  return left.length === right.length && timingSafeEqual(left, right);
}
