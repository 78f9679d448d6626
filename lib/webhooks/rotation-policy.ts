import type { FieldError } from "@/lib/contracts/problem";
import { SECRET_LIMITS, type Signing } from "@/lib/contracts/signing";
import { PRIVATE_PREFIX, readPrivateKey } from "@/lib/webhooks/ed25519";
import type { PreviousSecret } from "@/lib/webhooks/key-ring";

/** What is wrong with a secret of the user's own, for the way it is to sign. */
export function secretErrors({
  secret,
  signing,
}: {
  secret?: string | null | undefined;
  signing: Signing;
}): FieldError[] {
  const error = (message: string) => [{ field: "secret", message }];
  if (secret === undefined) return [];
  if (secret === null) {
    return signing === "hmac" ? [] : error('An unsigned webhook has no key: leave "signing" out, or send no secret.');
  }
  if (signing === "ed25519") {
    if (readPrivateKey(secret)) return [];
    return error(
      `An Ed25519 key is "${PRIVATE_PREFIX}" and the base64 of 64 bytes: the seed, then its public key. Leave the secret out to have one made.`,
    );
  }
  return secret.startsWith(PRIVATE_PREFIX)
    ? error('This is an Ed25519 private key: send "signing": "ed25519" with it.')
    : [];
}

/**
 * The replaced secrets after one more was replaced; null when there are too many already.
 * @param live those that still sign
 * @param replaced null when there is nothing to go on signing: no secret before, or no overlap wanted
 */
export function withReplaced(
  live: readonly PreviousSecret[],
  replaced: PreviousSecret | null,
): PreviousSecret[] | null {
  if (replaced === null) return [...live];
  return live.length >= SECRET_LIMITS.previous ? null : [replaced, ...live];
}
