import { safeReturnPath } from "@/lib/contracts/sign-in";

/**
 * Where to go after signing in. Our own redirects name a path, next-auth's a whole URL of the console; anything else
 * leads to the start.
 */
export function returnPath(callbackUrl: string | undefined, origin: string): string {
  return safeReturnPath(callbackUrl?.startsWith(`${origin}/`) ? callbackUrl.slice(origin.length) : callbackUrl);
}
