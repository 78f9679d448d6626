import type { Actor, Principal } from "@/lib/accounts/actor";
import { type Administrator, requireAdministrator } from "@/lib/accounts/admin";
import { authenticate } from "@/lib/accounts/authenticate";
import { resolveActor } from "@/lib/accounts/resolve-actor";
import {
  type BodyOf,
  DEFAULT_BODY_LIMIT,
  type Operation,
  type ParamsOf,
  type QueryOf,
  type ResponseInput,
} from "@/lib/contracts/operation";
import { AppError } from "@/lib/errors";
import { audited } from "@/lib/http/audited";
import { parseWith, readJson } from "@/lib/http/body";
import { clientAddress } from "@/lib/http/client-address";
import { once } from "@/lib/http/idempotency";
import { problemResponse, toAppError } from "@/lib/http/problem";
import { limitRate } from "@/lib/http/rate-limit";
import { requireSameSite } from "@/lib/http/same-site";
import { newId } from "@/lib/ids";
import { log } from "@/lib/log";
import { traceRequest } from "@/lib/telemetry/trace";

type Caller<O extends Operation> = O extends { auth: "project" }
  ? { actor: Actor; principal: Principal }
  : O extends { auth: "user" }
    ? { principal: Extract<Principal, { kind: "user" }> }
    : O extends { auth: "admin" }
      ? { admin: Administrator; principal: Principal }
      : O extends { auth: "any" }
        ? { principal: Principal }
        : { principal: Principal | null };

export type Context<O extends Operation> = Caller<O> & {
  params: ParamsOf<O>;
  query: QueryOf<O>;
  body: BodyOf<O>;
  request: Request;
  requestId: string;
};

type RouteArguments = { params: Promise<Record<string, string>> };

/**
 * Makes a route handler of an operation and the one call that carries it out. In this order: authenticate, refuse
 * cross-site changes, limit the rate, resolve the project, parse, run once per Idempotency-Key, answer by the response
 * schema. Every failure is a problem+json answer with a request id. Permissions are checked by the services.
 * A handler may also return a Response of its own, for what is not JSON.
 */
export function route<const O extends Operation>(
  operation: O,
  handle: (context: Context<O>) => Promise<ResponseInput<O> | Response>,
) {
  return async (request: Request, { params: rawParams }: RouteArguments): Promise<Response> => {
    const requestId = newId("request");
    const startedAt = performance.now();
    const response = await traceRequest({ operation: operation.id, path: operation.path, requestId, request }, () =>
      respond(operation, handle, request, rawParams, requestId),
    );
    log.debug(
      {
        request_id: requestId,
        operation: operation.id,
        status: response.status,
        ms: Math.round(performance.now() - startedAt),
      },
      "request",
    );
    return response;
  };
}

/** Never throws. */
async function respond<O extends Operation>(
  operation: O,
  handle: (context: Context<O>) => Promise<ResponseInput<O> | Response>,
  request: Request,
  rawParams: Promise<Record<string, string>>,
  requestId: string,
): Promise<Response> {
  try {
    return await answer(operation, handle, request, await rawParams, requestId);
  } catch (error) {
    return problemResponse(toAppError(error, requestId), requestId);
  }
}

async function answer<O extends Operation>(
  operation: O,
  handle: (context: Context<O>) => Promise<ResponseInput<O> | Response>,
  request: Request,
  rawParams: Record<string, string>,
  requestId: string,
): Promise<Response> {
  const principal = await authenticate(request);
  if (principal?.kind !== "api_key") requireSameSite(request);
  await limitRate(callerKey(principal, request));
  if (operation.auth !== "public" && principal === null) {
    throw new AppError("unauthenticated", "Sign in, or send an API key as `Authorization: Bearer <key>`.");
  }
  if (operation.auth === "user" && principal?.kind !== "user") {
    throw new AppError("forbidden", "This belongs to a person; sign in instead of sending an API key.");
  }
  const admin = operation.auth === "admin" && principal ? requireAdministrator(principal) : undefined;
  const params = operation.params ? parseWith(operation.params, rawParams, "path") : undefined;
  const actor =
    operation.auth === "project" && principal ? await resolveActor(principal, rawParams.project_id ?? "") : undefined;
  const url = new URL(request.url);
  const query = operation.query ? parseWith(operation.query, Object.fromEntries(url.searchParams), "query") : undefined;
  const raw =
    operation.body || operation.idempotent
      ? await readJson(request, operation.bodyLimit ?? DEFAULT_BODY_LIMIT)
      : undefined;
  const body = operation.body ? parseWith(operation.body, raw?.value, "body") : undefined;

  // The conditional types say what the checks above established; the compiler cannot follow them through O.
  const context = { principal, actor, admin, params, query, body, request, requestId } as unknown as Context<O>;
  const key = operation.idempotent ? request.headers.get("idempotency-key") : null;
  const dryRun = operation.dryRunResponse !== undefined && (body as { dry_run?: unknown }).dry_run === true;
  const carryOut = async () =>
    toResponse(
      operation,
      await audited({ operation, principal, actor, params: rawParams, body, request, requestId, dryRun }, () =>
        handle(context),
      ),
      requestId,
      dryRun,
    );
  if (key === null) return carryOut();

  const outcome = await once(
    {
      scope: `${callerKey(principal, request)}:${actor?.projectId ?? ""}`,
      key,
      request: `${request.method} ${url.pathname}\n${raw?.text ?? ""}`,
    },
    async () => {
      const response = await carryOut();
      return { status: response.status, body: await response.text() };
    },
  );
  const response = jsonResponse(outcome.status, outcome.body, requestId);
  if (outcome.replayed) response.headers.set("idempotent-replayed", "true");
  return response;
}

function toResponse(operation: Operation, result: unknown, requestId: string, dryRun: boolean): Response {
  if (result instanceof Response) {
    result.headers.set("x-request-id", requestId);
    return result;
  }
  if (dryRun && operation.dryRunResponse) {
    return jsonResponse(200, JSON.stringify(operation.dryRunResponse.parse(result)), requestId);
  }
  if (!operation.response) return new Response(null, { status: operation.status, headers: standardHeaders(requestId) });
  return jsonResponse(operation.status, JSON.stringify(operation.response.parse(result)), requestId);
}

function jsonResponse(status: number, body: string, requestId: string): Response {
  return new Response(body, { status, headers: { "content-type": "application/json", ...standardHeaders(requestId) } });
}

function standardHeaders(requestId: string): Record<string, string> {
  return { "cache-control": "private, no-store", "x-request-id": requestId };
}

function callerKey(principal: Principal | null, request: Request): string {
  if (principal?.kind === "api_key") return principal.keyId;
  if (principal?.kind === "user") return principal.userId;
  return `address:${clientAddress(request)}`;
}
