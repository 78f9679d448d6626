import type { SignInErrorCode } from "@/lib/contracts/sign-in";

/**
 * What another provider's word about an e-mail address is worth:
 * - "authoritative": the provider runs the address, or is the identity provider that the operator configured;
 * - "verified": it once sent a message there, which says nothing about who reads that mailbox today;
 * - "none": it does not vouch for it.
 */
export type EmailTrust = "authoritative" | "verified" | "none";

/** Somebody as another provider knows them. */
export type ExternalPerson = {
  /** As stored in Identity: the provider, with its issuer where one name may stand for several. */
  provider: string;
  subject: string;
  email: string;
  emailTrust: EmailTrust;
  name: string;
};

export type SignInDecision =
  | { kind: "sign_in"; userId: string }
  | { kind: "link"; userId: string }
  | { kind: "create" }
  | { kind: "refuse"; code: SignInErrorCode };

/**
 * Who somebody coming from another provider is here. The reasons are in docs/decisions/0005-oauth-linking.md.
 *
 * @param known whose this identity is already
 * @param signedIn who is signed in in the browser that brought it
 * @param account the account with the same address; `proven` when only authoritative providers lead into it, so that
 * nobody can have made it with an address that is not theirs
 */
export function decideSignIn({
  emailTrust,
  known,
  signedIn,
  account,
  invited,
}: {
  emailTrust: EmailTrust;
  known: string | null;
  signedIn: string | null;
  account: { userId: string; proven: boolean } | null;
  invited: boolean;
}): SignInDecision {
  if (known !== null) {
    if (signedIn !== null && signedIn !== known) return { kind: "refuse", code: "IdentityInUse" };
    return { kind: "sign_in", userId: known };
  }
  if (signedIn !== null) return { kind: "link", userId: signedIn };
  if (emailTrust === "none") return { kind: "refuse", code: "EmailNotVerified" };
  if (account) {
    if (account.proven && emailTrust === "authoritative") return { kind: "link", userId: account.userId };
    return { kind: "refuse", code: "SignInFirst" };
  }
  return invited ? { kind: "create" } : { kind: "refuse", code: "NoInvitation" };
}

/** GitHub checks addresses but does not run them. */
export function githubEmailTrust(claims: { email_verified?: unknown }): EmailTrust {
  return isTrue(claims.email_verified) ? "verified" : "none";
}

/**
 * Google speaks for its own addresses and for the domains it hosts (claim `hd`); any other address it only checked
 * when the account was made.
 * @see https://developers.google.com/identity/gsi/web/guides/verify-google-id-token
 */
export function googleEmailTrust(claims: { email?: unknown; email_verified?: unknown; hd?: unknown }): EmailTrust {
  if (!isTrue(claims.email_verified) || typeof claims.email !== "string") return "none";
  const hosted = typeof claims.hd === "string" && claims.hd !== "";
  return hosted || /@(gmail|googlemail)\.com$/i.test(claims.email) ? "authoritative" : "verified";
}

/** The operator's own identity provider is believed, but only what it says outright: many omit the claim. */
export function oidcEmailTrust(claims: { email_verified?: unknown }): EmailTrust {
  return isTrue(claims.email_verified) ? "authoritative" : "none";
}

/** Some providers send the claim as text. */
function isTrue(claim: unknown): boolean {
  return claim === true || claim === "true";
}
