import { createHash, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";

/** For tests: an OpenID Connect provider that signs in whoever it is told to, and a browser that keeps cookies. */

export const CLIENT = { id: "dumont", secret: "client-secret" } as const;

export type Claims = { sub: string; name?: string; email?: string; email_verified?: unknown };

/** Answers on a server that listens already, as its own issuer. */
export function serveOidc(server: Server, issuer: string) {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const codes = new Map<string, { nonce: string; challenge: string }>();
  const state: { person: Claims; userinfo: Claims | null } = { person: { sub: "nobody" }, userinfo: null };

  function authorize(query: URLSearchParams, response: ServerResponse): void {
    const code = randomUUID();
    codes.set(code, { nonce: query.get("nonce") ?? "", challenge: query.get("code_challenge") ?? "" });
    const back = new URL(query.get("redirect_uri") ?? "");
    back.searchParams.set("code", code);
    back.searchParams.set("state", query.get("state") ?? "");
    response.writeHead(302, { location: back.href }).end();
  }

  function token(form: URLSearchParams, request: IncomingMessage, response: ServerResponse): void {
    const issued = codes.get(form.get("code") ?? "");
    codes.delete(form.get("code") ?? "");
    const verifier = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    const basic = `Basic ${Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString("base64")}`;
    if (!issued || issued.challenge !== verifier || request.headers.authorization !== basic) {
      response.writeHead(400, { "content-type": "application/json" }).end('{"error":"invalid_grant"}');
      return;
    }
    const now = Math.floor(Date.now() / 1000);
    const claims = { ...state.person, iss: issuer, aud: CLIENT.id, iat: now, exp: now + 60, nonce: issued.nonce };
    const unsigned = [{ alg: "RS256", kid: "1" }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .join(".");
    const signature = sign("sha256", Buffer.from(unsigned), privateKey).toString("base64url");
    json(response, { access_token: randomUUID(), token_type: "Bearer", id_token: `${unsigned}.${signature}` });
  }

  server.on("request", async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", issuer);
    if (pathname === "/authorize") authorize(searchParams, response);
    else if (pathname === "/token") token(new URLSearchParams(await readBody(request)), request, response);
    else if (pathname === "/userinfo") json(response, state.userinfo ?? state.person);
    else if (pathname === "/jwks") json(response, { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "1" }] });
    else
      json(response, {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        userinfo_endpoint: `${issuer}/userinfo`,
        jwks_uri: `${issuer}/jwks`,
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
      });
  });

  return state;
}

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** Keeps cookies per browser, by host and port, and does not follow redirects. */
export class Browser {
  readonly #jars = new Map<string, Map<string, string>>();

  async send(url: string, form?: Record<string, string>): Promise<Response> {
    const { origin } = new URL(url);
    const jar = this.#jars.get(origin) ?? new Map<string, string>();
    this.#jars.set(origin, jar);
    const response = await fetch(url, {
      redirect: "manual",
      headers: { cookie: this.cookies(origin) },
      ...(form ? { method: "POST", body: new URLSearchParams(form) } : {}),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "") jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  }

  /** The Cookie header for an origin. */
  cookies(origin: string): string {
    return [...(this.#jars.get(origin) ?? [])].map(([name, value]) => `${name}=${value}`).join("; ");
  }
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}
