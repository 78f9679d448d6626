import { RateLimiterPrisma, RateLimiterRes } from "rate-limiter-flexible";
import { recordAudit } from "@/lib/audit-log/record";
import { db } from "@/lib/db/client";
import { log } from "@/lib/log";

/**
 * Failed sign-ins that are noted within a day: of one account, of all accounts together, and of addresses that no account
 * has. Whoever tries more fills no disk, and hides nobody else's: those of unknown addresses take no room from the others.
 */
export const NOTED_FAILURES = { account: 100, accounts: 2_000, unknown: 500 } as const;

const DAY_S = 24 * 3600;

const limit = (points: number, keyPrefix: string) =>
  new RateLimiterPrisma({
    storeClient: db,
    tableName: "rateLimit",
    // Expired rows are left to the nightly cleanup.
    clearExpiredByTimeout: false,
    keyPrefix,
    points,
    duration: DAY_S,
  });
const ofAccount = limit(NOTED_FAILURES.account, "noted-failures-account");
const ofAccounts = limit(NOTED_FAILURES.accounts, "noted-failures-accounts");
const ofUnknown = limit(NOTED_FAILURES.unknown, "noted-failures-unknown");

export type FailedLogin = {
  /** The account that was addressed; null where there is none of that address. */
  user: { id: string; email: string; passwordHash: string | null } | null;
  address: string;
  userAgent: string | null;
};

/**
 * Notes a failed sign-in in the audit log of the installation, within NOTED_FAILURES. Of an address without an account
 * only that it was tried is noted: people type passwords into the wrong field. Never fails.
 */
export async function noteFailedLogin({ user, address, userAgent }: FailedLogin): Promise<void> {
  try {
    const isLast = user ? await take([ofAccount, user.id], [ofAccounts, "all"]) : await take([ofUnknown, "all"]);
    if (isLast === null) return;
    await recordAudit({
      projectId: null,
      actor: user ? { kind: "user", id: user.id, name: user.email } : { kind: "anonymous" },
      action: "signIn",
      outcome: "refused",
      code: user === null ? "unknown_account" : user.passwordHash === null ? "no_password" : "wrong_password",
      asked: { method: "credentials", ...(isLast && { note: "Further ones are not noted for up to a day." }) },
      address,
      userAgent,
      requestId: null,
    });
  } catch (err) {
    log.error({ err }, "a failed sign-in is not in the audit log");
  }
}

/** @returns whether it is the last that may be noted; null: it may not be */
async function take(...limits: [RateLimiterPrisma, string][]): Promise<boolean | null> {
  let isLast = false;
  for (const [limiter, key] of limits) {
    try {
      const { remainingPoints } = await limiter.consume(key);
      isLast ||= remainingPoints === 0;
    } catch (refused) {
      if (refused instanceof RateLimiterRes) return null;
      throw refused;
    }
  }
  return isLast;
}
