import type { Account, AuthOptions } from "next-auth";
import GitHubProvider from "next-auth/providers/github";
import GoogleProvider from "next-auth/providers/google";
import type { OAuthConfig } from "next-auth/providers/oauth";
import { z } from "zod";
import {
  type EmailTrust,
  type ExternalPerson,
  githubEmailTrust,
  googleEmailTrust,
  oidcEmailTrust,
} from "@/lib/accounts/oauth-policy";
import { env } from "@/lib/env";

/** Milliseconds; the library's 3.5 s are short for a provider far away. */
const TIMEOUT_MS = 10_000;

const claimsSchema = z.looseObject({
  name: z.string().nullish(),
  login: z.string().nullish(),
  preferred_username: z.string().nullish(),
  email: z.string().nullish(),
  email_verified: z.unknown().optional(),
  hd: z.unknown().optional(),
});

const subjectSchema = z.looseObject({ sub: z.string().min(1) });

type Claims = z.infer<typeof claimsSchema>;
type OidcProfile = { sub: string; name?: string; email?: string };

const EMAIL_TRUST: Readonly<Record<string, (claims: Claims) => EmailTrust>> = {
  github: githubEmailTrust,
  google: googleEmailTrust,
  oidc: oidcEmailTrust,
};

/** The providers that are configured, for next-auth. */
export function oauthProviders(): AuthOptions["providers"] {
  const providers: AuthOptions["providers"] = [];
  if (env.GITHUB_CLIENT_ID && env.GITHUB_CLIENT_SECRET) {
    providers.push(github({ clientId: env.GITHUB_CLIENT_ID, clientSecret: env.GITHUB_CLIENT_SECRET }));
  }
  if (env.GOOGLE_CLIENT_ID && env.GOOGLE_CLIENT_SECRET) {
    providers.push(
      GoogleProvider({
        clientId: env.GOOGLE_CLIENT_ID,
        clientSecret: env.GOOGLE_CLIENT_SECRET,
        checks: ["pkce", "state", "nonce"],
        httpOptions: { timeout: TIMEOUT_MS },
      }),
    );
  }
  if (env.OIDC_ISSUER && env.OIDC_CLIENT_ID && env.OIDC_CLIENT_SECRET) {
    providers.push(
      oidc({ issuer: env.OIDC_ISSUER, clientId: env.OIDC_CLIENT_ID, clientSecret: env.OIDC_CLIENT_SECRET }),
    );
  }
  return providers;
}

/** The sign-in methods beside e-mail and password that are configured, for the buttons of the log-in page. */
export function enabledProviders(): { id: string; name: string }[] {
  return oauthProviders().map(({ id, name }) => ({ id, name }));
}

/**
 * How an identity is stored. One installation may change its OpenID issuer, and another issuer's subjects are other
 * people.
 */
export function identityOf(account: Account): { provider: string; subject: string } {
  const provider = account.provider === "oidc" ? `oidc:${env.OIDC_ISSUER ?? ""}` : account.provider;
  return { provider, subject: account.providerAccountId };
}

/** @param profile what the provider said about the person, unchecked */
export function toExternalPerson(account: Account, profile: unknown): ExternalPerson {
  const claims = claimsSchema.parse(profile);
  const email = z.email().max(254).safeParse(claims.email?.toLowerCase());
  const trust = EMAIL_TRUST[account.provider];
  const address = email.success ? email.data : "";
  const name = (claims.name ?? claims.login ?? claims.preferred_username ?? address).trim().slice(0, 100);
  return {
    ...identityOf(account),
    email: address,
    emailTrust: email.success && trust ? trust(claims) : "none",
    name: name || "Unnamed",
  };
}

type Client = { clientId: string; clientSecret: string };

function github(client: Client) {
  return GitHubProvider({
    ...client,
    httpOptions: { timeout: TIMEOUT_MS },
    userinfo: {
      url: "https://api.github.com/user",
      // The profile shows an address that the person chose; only this list says which ones GitHub has checked.
      async request({ client, tokens }) {
        const accessToken = tokens.access_token ?? "";
        const profile = await client.userinfo(accessToken);
        const primary = await githubPrimaryEmail(accessToken);
        return { ...profile, email: primary?.email ?? "", email_verified: primary?.verified ?? false };
      },
    },
  });
}

async function githubPrimaryEmail(accessToken: string) {
  const response = await fetch("https://api.github.com/user/emails", {
    headers: { authorization: `Bearer ${accessToken}`, accept: "application/vnd.github+json" },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) return undefined;
  const emails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));
  return emails.parse(await response.json()).find((email) => email.primary);
}

function oidc({ issuer, ...client }: Client & { issuer: string }): OAuthConfig<OidcProfile> {
  return {
    ...client,
    id: "oidc",
    name: env.OIDC_NAME,
    type: "oauth",
    wellKnown: `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
    authorization: { params: { scope: "openid email profile" } },
    idToken: true,
    checks: ["pkce", "state", "nonce"],
    httpOptions: { timeout: TIMEOUT_MS },
    userinfo: {
      // Providers differ in whether the id token or the userinfo endpoint carries the address.
      async request({ client, tokens }) {
        const claims = subjectSchema.parse(typeof tokens.claims === "function" ? tokens.claims() : undefined);
        if (!client.issuer.metadata.userinfo_endpoint || !tokens.access_token) return claims;
        const info = subjectSchema.parse(await client.userinfo(tokens.access_token));
        // OpenID Connect Core 5.3.2: without this, one person's token could bring another's address.
        if (info.sub !== claims.sub) throw new Error("The userinfo endpoint answered for somebody else.");
        return { ...claims, ...info };
      },
    },
    profile: (profile) => ({ id: profile.sub, name: profile.name ?? "", email: profile.email ?? "" }),
  };
}
