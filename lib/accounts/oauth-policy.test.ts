import { describe, expect, test } from "vitest";
import {
  decideSignIn,
  type EmailTrust,
  githubEmailTrust,
  googleEmailTrust,
  oidcEmailTrust,
} from "@/lib/accounts/oauth-policy";

const TRUSTS: readonly EmailTrust[] = ["authoritative", "verified", "none"];
const stranger = {
  emailTrust: "authoritative" as EmailTrust,
  known: null,
  signedIn: null,
  account: null,
  invited: false,
};

describe("an identity that is linked already", () => {
  test.each(TRUSTS)("signs in whatever its address is worth (%s)", (emailTrust) => {
    const account = { userId: "usr_other", proven: true };
    expect(decideSignIn({ ...stranger, emailTrust, known: "usr_a", account })).toEqual({
      kind: "sign_in",
      userId: "usr_a",
    });
  });

  test("does not replace the session of somebody else", () => {
    expect(decideSignIn({ ...stranger, known: "usr_a", signedIn: "usr_b" })).toEqual({
      kind: "refuse",
      code: "IdentityInUse",
    });
  });
});

describe("a new identity", () => {
  test.each(TRUSTS)("is linked to whoever is signed in (%s)", (emailTrust) => {
    expect(decideSignIn({ ...stranger, emailTrust, signedIn: "usr_a" })).toEqual({ kind: "link", userId: "usr_a" });
  });

  test("is linked by its address only between an authoritative provider and a proven account", () => {
    for (const emailTrust of TRUSTS) {
      for (const proven of [true, false]) {
        const decision = decideSignIn({ ...stranger, emailTrust, account: { userId: "usr_a", proven }, invited: true });
        const expected =
          emailTrust === "none"
            ? { kind: "refuse", code: "EmailNotVerified" }
            : proven && emailTrust === "authoritative"
              ? { kind: "link", userId: "usr_a" }
              : { kind: "refuse", code: "SignInFirst" };
        expect(decision, `${emailTrust}, proven ${proven}`).toEqual(expected);
      }
    }
  });

  test("gets an account only by an invitation to an address that its provider has checked", () => {
    const outcome = (emailTrust: EmailTrust, invited: boolean) => decideSignIn({ ...stranger, emailTrust, invited });
    expect(outcome("authoritative", true)).toEqual({ kind: "create" });
    expect(outcome("verified", true)).toEqual({ kind: "create" });
    expect(outcome("none", true)).toEqual({ kind: "refuse", code: "EmailNotVerified" });
    expect(outcome("authoritative", false)).toEqual({ kind: "refuse", code: "NoInvitation" });
  });
});

describe("what a provider's word is worth", () => {
  test("GitHub checks addresses and runs none", () => {
    expect(githubEmailTrust({ email_verified: true })).toBe("verified");
    expect(githubEmailTrust({ email_verified: false })).toBe("none");
    expect(githubEmailTrust({})).toBe("none");
  });

  test.each([
    [{ email: "a@gmail.com", email_verified: true }, "authoritative"],
    [{ email: "a@corp.example", email_verified: true, hd: "corp.example" }, "authoritative"],
    [{ email: "a@corp.example", email_verified: true }, "verified"],
    [{ email: "a@notgmail.com", email_verified: true }, "verified"],
    [{ email: "a@gmail.com.evil.example", email_verified: true }, "verified"],
    [{ email: "a@gmail.com", email_verified: false }, "none"],
    [{ email: "a@corp.example", hd: "corp.example" }, "none"],
  ])("Google: %j", (claims, trust) => {
    expect(googleEmailTrust(claims)).toBe(trust);
  });

  test.each([
    [true, "authoritative"],
    ["true", "authoritative"],
    [false, "none"],
    ["false", "none"],
    [undefined, "none"],
    [1, "none"],
  ])("OpenID Connect: email_verified %j", (claim, trust) => {
    expect(oidcEmailTrust({ email_verified: claim })).toBe(trust);
  });
});
