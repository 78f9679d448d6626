import type { IncomingMessage, ServerResponse } from "node:http";
import type { NextApiRequest, NextApiResponse } from "next";
import NextAuth from "next-auth";
import { authOptions } from "@/lib/accounts/auth-options";
import { type Browser, readBody } from "@/lib/accounts/testing-oidc";

/** For tests: next-auth as it runs in the console, on a plain server. */

/** next-auth's handler for plain Node.js requests; the one for route handlers runs only inside Next.js. */
export function nextAuthOn(origin: string) {
  return (request: IncomingMessage, response: ServerResponse) => serveNextAuth(origin, request, response);
}

async function serveNextAuth(origin: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", origin);
  const headers = new Headers(
    Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const body = request.method === "POST" ? Object.fromEntries(new URLSearchParams(await readBody(request))) : undefined;
  const cookies = Object.fromEntries(
    (headers.get("cookie") ?? "")
      .split("; ")
      .map((pair) => /^([^=]*)=(.*)$/.exec(pair))
      .flatMap((pair) => (pair ? [[pair[1], decodeURIComponent(pair[2] ?? "")]] : [])),
  );
  const query = { ...Object.fromEntries(url.searchParams), nextauth: url.pathname.split("/").slice(3) };
  const nextRequest = Object.assign(request, { query, cookies, body, env: {} });
  const nextResponse = Object.assign(response, {
    status: (code: number) => {
      response.statusCode = code;
      return nextResponse;
    },
    json: (value: unknown) => response.setHeader("content-type", "application/json").end(JSON.stringify(value)),
    send: (value: unknown) => response.end(typeof value === "object" ? JSON.stringify(value) : String(value ?? "")),
  });
  const options = authOptions(new Request(url, { method: request.method ?? "GET", headers }));
  // next-auth calls no other method of the response.
  await NextAuth(nextRequest as NextApiRequest, nextResponse as unknown as NextApiResponse, options);
}

/** What next-auth wants with every form. */
export async function csrfToken(browser: Browser, origin: string): Promise<string> {
  const answer: unknown = await (await browser.send(`${origin}/api/auth/csrf`)).json();
  if (typeof answer !== "object" || answer === null || !("csrfToken" in answer)) throw new Error("No CSRF token.");
  return String(answer.csrfToken);
}
