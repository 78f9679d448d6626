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

/** What people do in the console at an origin; the functions follow next-auth's redirects as a browser does. */
export function consoleAt(origin: string) {
  async function logIn(browser: Browser, email: string, password: string): Promise<Response> {
    return browser.send(`${origin}/api/auth/callback/credentials`, {
      csrfToken: await csrfToken(browser, origin),
      email,
      password,
    });
  }

  /** Where the browser is led through the provider: the callback's last redirect. */
  async function signInThroughProvider(browser: Browser, at = browser): Promise<string> {
    const started = await browser.send(`${origin}/api/auth/signin/oidc`, {
      csrfToken: await csrfToken(browser, origin),
      callbackUrl: `${origin}/app`,
    });
    const authorized = await browser.send(started.headers.get("location") ?? "");
    const finished = await at.send(authorized.headers.get("location") ?? "");
    return finalPath(at, finished);
  }

  /** next-auth leads to an error over its own error path. */
  async function finalPath(browser: Browser, response: Response): Promise<string> {
    const location = new URL(response.headers.get("location") ?? "", origin);
    if (location.pathname.startsWith("/api/auth/")) return finalPath(browser, await browser.send(location.href));
    return `${location.pathname}${location.search}`;
  }

  return { logIn, signInThroughProvider, finalPath };
}
