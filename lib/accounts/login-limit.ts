import { createHash } from "node:crypto";
import { RateLimiterPrisma, RateLimiterRes } from "rate-limiter-flexible";
import { networkOf } from "@/lib/accounts/network";
import { db } from "@/lib/db/client";
import { AppError } from "@/lib/errors";

/** Failures that cost nothing, for one account and for one network, which many people may share. */
export const FREE_FAILURES = { account: 5, network: 50 } as const;
/** Seconds after which failures are forgotten: a day. */
const MEMORY_S = 24 * 3600;
/** Seconds. Long enough against guessing (1,440 a day), short enough that nobody can lock somebody else out for long. */
const LONGEST_DELAY_S = 60;

// Expired rows are left to the nightly cleanup rather than to a timer in every process.
const store = { storeClient: db, tableName: "rateLimit", clearExpiredByTimeout: false };
const failures = new RateLimiterPrisma({ ...store, keyPrefix: "login-failures", points: 1, duration: MEMORY_S });
const gate = new RateLimiterPrisma({ ...store, keyPrefix: "login-gate", points: 1, duration: LONGEST_DELAY_S });

/**
 * Makes one attempt to log in, counted in the database for the account and for the network it comes from. After the
 * free failures one attempt is admitted per delay, which doubles from 2 s to a minute. Attempts are counted before
 * they are made, so that many at once do not pass together; those that succeed or are refused do not count.
 *
 * @param attempt answers null for wrong credentials
 * @throws AppError "rate_limited" with the seconds to wait, whether or not the credentials are right.
 */
export async function limitLogin<T>(
  { email, address }: { email: string; address: string },
  attempt: () => Promise<T | null>,
): Promise<T | null> {
  const account = `account:${createHash("sha256").update(email).digest("base64url")}`;
  const network = `network:${networkOf(address)}`;
  await admit(account, FREE_FAILURES.account);
  try {
    await admit(network, FREE_FAILURES.network);
  } catch (error) {
    await forgetOne(account);
    throw error;
  }
  let result: T | null;
  try {
    result = await attempt();
  } catch (error) {
    await Promise.all([forgetOne(account), forgetOne(network)]);
    throw error;
  }
  if (result !== null) {
    await Promise.all([failures.delete(account), gate.delete(account), forgetOne(network)]);
  }
  return result;
}

async function admit(key: string, free: number): Promise<void> {
  const { consumedPoints } = await failures.penalty(key);
  if (consumedPoints <= free) return;
  const delay = Math.min(2 ** (consumedPoints - free), LONGEST_DELAY_S);
  try {
    await gate.consume(key, 1, { customDuration: delay });
  } catch (error) {
    await forgetOne(key);
    if (!(error instanceof RateLimiterRes)) throw error;
    const retryAfterS = Math.max(1, Math.ceil(error.msBeforeNext / 1000));
    throw new AppError("rate_limited", `Too many attempts, try again in ${retryAfterS} s.`, { retryAfterS });
  }
}

async function forgetOne(key: string): Promise<void> {
  await failures.reward(key);
}
