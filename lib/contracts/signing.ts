import { z } from "zod";
import { timestamp } from "@/lib/contracts/common";

/** How deliveries are signed: with a shared secret, or with a private key whose public half anybody may have. */
export const SIGNINGS = ["hmac", "ed25519"] as const;
export const signingSchema = z.enum(SIGNINGS).meta({
  description:
    "hmac: HMAC-SHA256 with a shared secret. ed25519: an asymmetric signature that receivers check with `public_key`.",
});
export type Signing = z.infer<typeof signingSchema>;

export const SECRET_LIMITS = {
  /** Characters of a secret of one's own. */
  shortest: 16,
  longest: 256,
  /** Replaced secrets that may sign beside the present one. */
  previous: 5,
  /** Seconds for which a replaced secret signs on: a day unless told, a week at most. */
  overlap: 86_400,
  longestOverlap: 604_800,
} as const;

/** A secret of the user's own; that an Ed25519 key is one is checked where it is used. */
export const secretSchema = z
  .string()
  .min(SECRET_LIMITS.shortest, `A secret of your own needs at least ${SECRET_LIMITS.shortest} characters`)
  .max(SECRET_LIMITS.longest, `A secret has at most ${SECRET_LIMITS.longest} characters`)
  // A header or a log line could not carry control characters back to the person who has to compare secrets.
  .regex(/^[\x21-\x7e]+$/, "A secret consists of visible ASCII characters without spaces");

export const previousSecretSchema = z
  .object({
    id: z.string(),
    signing: signingSchema,
    created_at: timestamp.meta({ description: "When it was replaced." }),
    expires_at: timestamp.meta({ description: "Until then every attempt carries its signature too." }),
  })
  .meta({ id: "PreviousSecret", description: "A replaced secret that still signs." });
export type PreviousSecret = z.infer<typeof previousSecretSchema>;
