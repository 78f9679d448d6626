import { createServer, type Server } from "node:http";

/**
 * For tests, before lib/env is loaded, which has to know their ports: a server for the console and one for an OpenID
 * provider listen, and the environment says so.
 */
export async function listenForSignIn(
  environment: Record<string, string | undefined>,
  clientSecret: string,
): Promise<{ app: Server; idp: Server; origin: string; issuer: string }> {
  const [app, idp] = [await listen(), await listen()];
  Object.assign(environment, {
    NEXTAUTH_URL: app.url,
    OIDC_ISSUER: idp.url,
    OIDC_CLIENT_ID: "dumont",
    OIDC_CLIENT_SECRET: clientSecret,
  });
  return { app: app.server, idp: idp.server, origin: app.url, issuer: idp.url };
}

async function listen(): Promise<{ server: Server; url: string }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return { server, url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}` };
}
