/** npm run web: serves the console and the API from the production build. Start as many as you like. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { hasBuild, nextCommand } from "./launcher/build";
import { endSignal, reportReady } from "./launcher/child";
import { LaunchError } from "./launcher/environment";
import { run } from "./launcher/run";

/** What requests that are under way, and event streams that do not end by themselves, get when the server closes. */
const GRACE_MS = 2_000;
const DEV_GRACE_MS = 4_000;
const POLL_MS = 100;
/** Longer than the usual 60 s of load balancers, which would otherwise send into a connection that is just closing. */
const KEEP_ALIVE_MS = 65_000;

await run(async () => {
  const { values } = parseArgs({ options: { dev: { type: "boolean", default: false } } });
  const { env, publicOrigin } = await import("@/lib/env");
  const { stopTracing } = await import("@/lib/telemetry/trace");
  // next-auth looks for it in the environment.
  process.env.NEXTAUTH_URL ??= publicOrigin;
  const signal = endSignal();
  await (values.dev ? serveDevelopment(env.PORT, signal) : serveProduction(env.PORT, signal));
  await stopTracing();
  process.exit(0);
});

/** Next.js behind a server of our own, because `next start` waits for event streams that never end. */
async function serveProduction(port: number, signal: AbortSignal): Promise<void> {
  if (!hasBuild()) throw new LaunchError('The console is not built yet. Run "npm run build" first.');
  Object.assign(process.env, { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" });
  const { default: next } = await import("next"); // Which looks at NODE_ENV as it is loaded.
  const app = next({ dev: false, port });
  await app.prepare();
  const handle = app.getRequestHandler();
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await listen(server, port);
  reportReady();
  if (!signal.aborted) await once(signal, "abort");
  const closed = once(server, "close");
  server.close();
  const overdue = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await closed;
  clearTimeout(overdue);
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port);
  try {
    await once(server, "listening");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") throw portInUse(port);
    throw error;
  }
}

function portInUse(port: number): LaunchError {
  return new LaunchError(`Port ${port} is taken by another program. Stop that, or choose another: PORT=${port + 1}`);
}

async function serveDevelopment(port: number, signal: AbortSignal): Promise<void> {
  const child = spawn(process.execPath, [nextCommand(), "dev", "--port", String(port)], {
    stdio: "inherit",
    env: { ...process.env, NODE_ENV: "development", NEXT_TELEMETRY_DISABLED: "1" },
  });
  const ended = once(child, "exit");
  signal.addEventListener("abort", () => child.kill("SIGTERM"), { once: true });
  void untilListening(port, signal).then(reportReady);
  const [code] = await Promise.race([ended, signal.aborted ? [null] : once(signal, "abort").then(() => [null])]);
  if (!signal.aborted) throw new LaunchError(`next dev ended (exit code ${code}).`);
  const overdue = setTimeout(() => child.kill("SIGKILL"), DEV_GRACE_MS);
  await ended;
  clearTimeout(overdue);
}

async function untilListening(port: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const socket = connect(port, "127.0.0.1");
    const reached = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (reached) return;
    await sleep(POLL_MS);
  }
}
