import type { EgressPolicy } from "@/lib/net/address";
import { checkUrl, EgressDenied, type HttpRule } from "@/lib/net/egress-url";

/**
 * What is wrong with a webhook's URL when it is saved, as a sentence for the tenant; null if nothing is. The same check
 * runs again before each request.
 */
export function checkDestination(
  url: string,
  { policy, http, selfOrigin }: { policy: EgressPolicy; http: HttpRule; selfOrigin: string },
): string | null {
  try {
    checkUrl(url, policy, { http, selfOrigin });
    return null;
  } catch (error) {
    if (error instanceof EgressDenied) return error.message;
    throw error;
  }
}
