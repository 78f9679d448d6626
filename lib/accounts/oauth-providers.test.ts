import type { Account } from "next-auth";
import { describe, expect, test } from "vitest";
import { toExternalPerson } from "@/lib/accounts/oauth-providers";

function account(provider: string): Account {
  return { provider, type: "oauth", providerAccountId: "42" };
}

describe("what a provider says about somebody", () => {
  test("GitHub", () => {
    // The shape of GET /user, with the primary address of GET /user/emails laid over it.
    const profile = { login: "octocat", id: 42, name: null, email: "Octo@Example.com", email_verified: true };
    expect(toExternalPerson(account("github"), profile)).toEqual({
      provider: "github",
      subject: "42",
      email: "octo@example.com",
      emailTrust: "verified",
      name: "octocat",
    });
  });

  test("Google", () => {
    const profile = { sub: "42", name: "Ada", email: "ada@corp.example", email_verified: true, hd: "corp.example" };
    expect(toExternalPerson(account("google"), profile)).toMatchObject({ subject: "42", emailTrust: "authoritative" });
  });

  test("OpenID Connect, with no more than it must say", () => {
    expect(toExternalPerson(account("oidc"), { sub: "42" })).toEqual({
      provider: "oidc:",
      subject: "42",
      email: "",
      emailTrust: "none",
      name: "Unnamed",
    });
  });

  test("is not believed when the address is none, or the provider is unknown", () => {
    const vouched = { sub: "42", email_verified: true };
    expect(toExternalPerson(account("oidc"), { ...vouched, email: "not an address" }).emailTrust).toBe("none");
    expect(toExternalPerson(account("oidc"), { ...vouched, email: null }).emailTrust).toBe("none");
    expect(toExternalPerson(account("other"), { ...vouched, email: "a@example.com" }).emailTrust).toBe("none");
  });

  test("cannot be longer than a name here", () => {
    expect(toExternalPerson(account("oidc"), { sub: "42", name: "x".repeat(500) }).name).toHaveLength(100);
  });
});
