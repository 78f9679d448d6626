import { type NextRequest, NextResponse } from "next/server";
import { env } from "@/lib/env";

/** The path of the page that is asked for, which server components are not told otherwise. */
const PATH_HEADER = "x-dumont-path";

/**
 * Gives every page its content security policy with a nonce of its own. Nothing is authorised here: that is done where
 * the data is read.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
  const policy = contentSecurityPolicy(nonce);

  const headers = new Headers(request.headers);
  // Old versions of Next.js took this header as a reason to skip the proxy; nobody outside has any business sending it.
  headers.delete("x-middleware-subrequest");
  headers.set("x-nonce", nonce);
  headers.set("content-security-policy", policy);
  headers.set(PATH_HEADER, `${request.nextUrl.pathname}${request.nextUrl.search}`);

  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  response.headers.set("x-content-type-options", "nosniff");
  response.headers.set("referrer-policy", "same-origin");
  response.headers.set("x-frame-options", "DENY");
  return response;
}

export const config = {
  matcher: ["/((?!api/|receiver/|_next/static/|_next/image|icon\\.svg|favicon\\.ico).*)"],
};

function contentSecurityPolicy(nonce: string): string {
  // React needs eval in development to show where on the server an error arose.
  const development = env.NODE_ENV === "development" ? " 'unsafe-eval'" : "";
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development}`,
    // The primitives position popovers by style attributes, which no nonce covers.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
  ].join("; ");
}
