/**
 * The caller's address as far as it is known: the first of X-Forwarded-For, which a reverse proxy in front of the
 * console sets and Next.js fills in from the socket otherwise. Used to limit rates, never to grant anything.
 */
export function clientAddress(request: Request): string {
  const forwarded = request.headers.get("x-forwarded-for")?.split(",")[0]?.trim();
  return forwarded || request.headers.get("x-real-ip") || "unknown";
}
