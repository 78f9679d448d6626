import { publicOrigin } from "@/lib/env";
import { AppError } from "@/lib/errors";

/**
 * Refuses changes that another site makes a signed-in browser send. Cookies alone authenticate, so a change must come
 * from our own pages: browsers say so in Sec-Fetch-Site, older ones in Origin. Calls with an API key need none of this.
 * @throws AppError "cross_site_request".
 */
export function requireSameSite(request: Request): void {
  if (request.method === "GET" || request.method === "HEAD") return;
  const site = request.headers.get("sec-fetch-site");
  if (site !== null) {
    if (site === "same-origin" || site === "none") return;
  } else {
    const origin = request.headers.get("origin");
    const host = request.headers.get("host");
    // "null" is what a sandboxed frame and some redirects send, and no URL.
    const sender = origin !== null && URL.canParse(origin) ? new URL(origin).host : null;
    if (origin === null || origin === publicOrigin || (host !== null && sender === host)) return;
  }
  throw new AppError(
    "cross_site_request",
    "Changes with a session cookie are accepted only from this console's pages.",
  );
}
