/**
 * For tests that look at a process from outside: the API's route handlers on a plain HTTP server, set up from
 * DUMONT_BOOTSTRAP_*; POST /log-in takes e-mail and password to where next-auth, which runs inside Next.js only, takes
 * them. Tells its parent the port.
 */
import { createServer } from "node:http";
import path from "node:path";
import { bootstrap } from "@/lib/accounts/bootstrap";
import { logIn } from "@/lib/accounts/login";
import type { Operation } from "@/lib/contracts/operation";
import { operations } from "@/lib/contracts/registry";

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;

/** Literal parts before parameters, as Next.js chooses. */
const routes = operations
  .map((operation) => ({ operation, pattern: patternOf(operation), parameters: operation.path.split("{").length }))
  .toSorted((a, b) => a.parameters - b.parameters);

const server = createServer(async (incoming, outgoing) => {
  const url = new URL(incoming.url ?? "/", `http://${incoming.headers.host}`);
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const request = new Request(url, {
    method: incoming.method ?? "GET",
    headers: Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]),
    ...(body.length > 0 && { body }),
  });
  const response = await answer(request, url.pathname);
  outgoing
    .writeHead(response.status, Object.fromEntries(response.headers))
    .end(Buffer.from(await response.arrayBuffer()));
});

async function answer(request: Request, pathname: string): Promise<Response> {
  if (pathname === "/log-in") return Response.json({ user: await logIn(await request.json(), "192.0.2.1") });
  const found = routes.find(({ operation, pattern }) => operation.method === request.method && pattern.test(pathname));
  if (!found) return new Response(null, { status: 404 });
  const file = found.operation.path.replaceAll("{", "[").replaceAll("}", "]");
  const module: Record<string, unknown> = await import(path.resolve("app/api/v1", `.${file}`, "route.ts"));
  const handle = module[request.method] as Handler;
  return handle(request, { params: Promise.resolve({ ...found.pattern.exec(pathname)?.groups }) });
}

function patternOf({ path: template }: Operation): RegExp {
  return new RegExp(`^/api/v1${template.replaceAll(".", "\\.").replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
}

await bootstrap();
server.listen(0, "127.0.0.1");
await new Promise<void>((resolve) => server.once("listening", resolve));
const address = server.address();
const port = address !== null && typeof address === "object" ? address.port : 0;
process.send?.({ port });
process.on("disconnect", () => process.exit());
