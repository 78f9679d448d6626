import { createHmac, hkdfSync } from "node:crypto";
import { env } from "@/lib/env";

let key: Buffer | undefined;

/**
 * A name for something that whoever reads it may tell apart and recognise, but not look up: a keyed hash, 22 characters
 * of base64url. It stays the same for as long as the installation's key does.
 * @param context what is named and for whom, so that two readers cannot compare their names
 */
export function opaqueId(context: string, value: string): string {
  if (key === undefined) {
    if (!env.DUMONT_SECRET_KEY) throw new Error("DUMONT_SECRET_KEY is not set: names cannot be made opaque.");
    key = Buffer.from(hkdfSync("sha256", env.DUMONT_SECRET_KEY, "dumont", "opaque id", 32));
  }
  return createHmac("sha256", key)
    .update(JSON.stringify([context, value]))
    .digest("base64url")
    .slice(0, 22);
}
