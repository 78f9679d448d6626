import type { Account, AuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import { logIn, recordLogin } from "@/lib/accounts/login";
import { admit, userOf } from "@/lib/accounts/oauth";
import { identityOf, oauthProviders, toExternalPerson } from "@/lib/accounts/oauth-providers";
import {
  readSession,
  SESSION_COOKIE,
  SESSION_MAX_AGE,
  secureCookies,
  sessionTokenOf,
} from "@/lib/accounts/session-token";
import { recordAudit } from "@/lib/audit-log/record";
import { type SignInErrorCode, tooManyAttemptsCode } from "@/lib/contracts/sign-in";
import { isUnavailable } from "@/lib/db/errors";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { clientAddress } from "@/lib/http/client-address";
import { log } from "@/lib/log";

const LOGIN_PAGE = "/login";

/**
 * next-auth's settings for one request: who is signed in already and where the request comes from decide what it may
 * do. A session is an encrypted cookie with the account's id and the version of its sessions.
 */
export function authOptions(request: Request): AuthOptions {
  return {
    ...(env.NEXTAUTH_SECRET ? { secret: env.NEXTAUTH_SECRET } : {}),
    session: { strategy: "jwt", maxAge: SESSION_MAX_AGE },
    useSecureCookies: secureCookies,
    cookies: {
      sessionToken: {
        name: SESSION_COOKIE,
        options: { httpOnly: true, sameSite: "lax", path: "/", secure: secureCookies },
      },
    },
    pages: { signIn: LOGIN_PAGE, error: LOGIN_PAGE },
    providers: [
      CredentialsProvider({
        name: "E-mail and password",
        credentials: { email: { type: "email" }, password: { type: "password" } },
        authorize: (credentials) => authorize(credentials, request),
      }),
      ...oauthProviders(),
    ],
    jwt: {
      async decode({ token }) {
        const session = await readSession(token);
        if (!session) return null;
        const { user, version } = session;
        return { sub: user.id, email: user.email, name: user.name, version };
      },
    },
    callbacks: {
      async signIn({ account, profile }) {
        if (account?.type !== "oauth") return true;
        const refused = await refusalOf(request, account, profile);
        return refused === null || `${LOGIN_PAGE}?error=${refused}`;
      },
      async jwt({ token, account, user }) {
        if (!account) return token;
        const userId = account.type === "oauth" ? await userOf(identityOf(account)) : user.id;
        if (userId === null) throw new Error("The account was deleted while signing in.");
        const { version, email } = await recordLogin(userId, account.provider);
        await recordAudit({
          projectId: null,
          actor: { kind: "user", id: userId, name: email },
          action: "signIn",
          outcome: "done",
          asked: { method: account.provider },
          address: clientAddress(request),
          userAgent: request.headers.get("user-agent"),
          requestId: null,
        });
        return { sub: userId, version };
      },
      session({ session, token }) {
        return { ...session, user: { id: token.sub ?? "", email: session.user.email, name: session.user.name } };
      },
    },
    logger: {
      error: (code, metadata) => log.warn({ code, reason: reasonOf(metadata) }, "signing in failed"),
      warn: (code) => log.warn({ code }, "next-auth"),
      debug: () => {},
    },
  };
}

/** next-auth puts the message of what is thrown here into the URL of the log-in page, so it is a code. */
async function authorize(credentials: unknown, request: Request) {
  try {
    return await logIn(credentials, clientAddress(request), request.headers.get("user-agent"));
  } catch (error) {
    if (error instanceof AppError && error.retryAfterS !== undefined) {
      throw new Error(tooManyAttemptsCode(error.retryAfterS));
    }
    throw new Error(failureCode(error));
  }
}

/** Why somebody who comes from another provider is not let in; null when they are. */
async function refusalOf(request: Request, account: Account, profile: unknown): Promise<SignInErrorCode | null> {
  try {
    const session = await readSession(sessionTokenOf(request.headers));
    const outcome = await admit(toExternalPerson(account, profile), session?.user.id ?? null);
    return "refused" in outcome ? outcome.refused : null;
  } catch (error) {
    return failureCode(error);
  }
}

function failureCode(error: unknown): SignInErrorCode {
  log.error({ err: error }, "signing in failed");
  return isUnavailable(error) ? "Unavailable" : "Callback";
}

/** Names and messages only: what else is in there may be tokens. */
function reasonOf(metadata: unknown): string {
  const error =
    metadata instanceof Error
      ? metadata
      : metadata && typeof metadata === "object" && "error" in metadata
        ? metadata.error
        : undefined;
  return error instanceof Error ? `${error.name}: ${error.message}` : "unknown";
}
