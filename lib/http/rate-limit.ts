import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";

/** Counted in each web process: a shared counter would cost every request a write to the database. */
const limiter = new RateLimiterMemory({ points: env.API_RATE_LIMIT, duration: 60 });

/**
 * @param caller an API key id, a user id, or an address.
 * @throws AppError "rate_limited" with the seconds to wait.
 */
export async function limitRate(caller: string): Promise<void> {
  try {
    await limiter.consume(caller);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    const retryAfterS = Math.ceil(error.msBeforeNext / 1000);
    throw new AppError(
      "rate_limited",
      `At most ${env.API_RATE_LIMIT} requests a minute; try again in ${retryAfterS} s.`,
      {
        retryAfterS,
      },
    );
  }
}
