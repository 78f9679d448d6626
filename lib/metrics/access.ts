import { createHash, timingSafeEqual } from "node:crypto";
import { authenticate } from "@/lib/accounts/authenticate";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";

/**
 * Lets in who sends METRICS_TOKEN or an API key with the scope "admin" as a bearer token.
 * @throws AppError "unauthenticated" for everybody else; a scraper can do nothing about a finer answer.
 */
export async function requireMetricsAccess(request: Request, token = env.METRICS_TOKEN): Promise<void> {
  const sent = /^bearer\s+(.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1]?.trim();
  if (sent !== undefined && token !== undefined && isSame(sent, token)) return;
  const principal = sent === undefined ? null : await authenticate(request);
  if (principal?.kind === "api_key" && principal.scopes.includes("admin")) return;
  throw new AppError(
    "unauthenticated",
    'Send METRICS_TOKEN, or an API key with the scope "admin", as `Authorization: Bearer <token>`.',
  );
}

/** In a time that tells nothing of where they differ. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
