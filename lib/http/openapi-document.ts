import { z } from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import type { Operation } from "@/lib/contracts/operation";
import { ERRORS, type ErrorCode, problemSchema } from "@/lib/contracts/problem";
import { operations } from "@/lib/contracts/registry";
import packageJson from "@/package.json" with { type: "json" };

type Document = ReturnType<typeof createDocument>;

let document: Document | undefined;

/** The OpenAPI 3.1 document, made from the contracts that the routes themselves are made of. */
export function openApiDocument(): Document {
  document ??= createDocument({
    openapi: "3.1.0",
    info: {
      title: "Dumont API",
      version: packageJson.version,
      description:
        "Webhooks, events and deliveries of a Dumont installation. Errors are RFC 9457 problems; lists are `{data, next_cursor}`.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/api/v1" }],
    tags: [...new Set(operations.map((operation) => operation.tag))].map((name) => ({ name })),
    security: [{ apiKey: [] }, { session: [] }],
    paths: paths(),
    components: {
      securitySchemes: {
        apiKey: { type: "http", scheme: "bearer", description: "An API key." },
        session: { type: "apiKey", in: "cookie", name: "next-auth.session-token", description: "A signed-in browser." },
      },
    },
  });
  return document;
}

function paths(): ZodOpenApiPathsObject {
  const result: ZodOpenApiPathsObject = {};
  for (const operation of operations) {
    result[operation.path] = {
      ...result[operation.path],
      [operation.method.toLowerCase()]: describeOperation(operation),
    };
  }
  return result;
}

function describeOperation(operation: Operation): ZodOpenApiOperationObject {
  return {
    operationId: operation.id,
    summary: operation.summary,
    ...(operation.description && { description: operation.description }),
    tags: [operation.tag],
    ...(operation.auth === "public" && { security: [] }),
    ...((operation.params || operation.query || operation.idempotent) && {
      requestParams: {
        // The registry's schemas are objects; only their general type says less.
        ...(operation.params && { path: operation.params as never }),
        ...(operation.query && { query: operation.query as never }),
      },
    }),
    ...(operation.idempotent && { parameters: [IDEMPOTENCY_KEY] }),
    ...(operation.body && {
      requestBody: { required: true, content: { "application/json": { schema: operation.body } } },
    }),
    responses: { ...dryRun(operation), [operation.status]: success(operation), ...failures(operation) },
  };
}

const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description: "1 to 200 visible ASCII characters. Repeating a request with the same key answers the same, once done.",
  schema: { type: "string", minLength: 1, maxLength: 200, pattern: "^[\\x21-\\x7e]+$" },
} as const;

/** Where success has another status; where it has the same, success() tells of both. */
function dryRun(operation: Operation) {
  if (!operation.dryRunResponse || operation.status === 200) return {};
  return {
    200: {
      description: "What would happen (`dry_run`).",
      content: { "application/json": { schema: operation.dryRunResponse } },
    },
  };
}

function success(operation: Operation) {
  const headers = {
    "X-Request-Id": { schema: { type: "string" }, description: "Quote it when reporting a problem." },
  } as const;
  if (operation.response) {
    const schema =
      operation.dryRunResponse && operation.status === 200
        ? z.union([operation.response, operation.dryRunResponse])
        : operation.response;
    return { description: operation.summary, headers, content: { "application/json": { schema } } };
  }
  if (operation.status === 200) {
    return {
      description: operation.summary,
      headers,
      content: { [operation.contentType ?? "text/event-stream"]: { schema: { type: "string" } as const } },
    };
  }
  return { description: operation.summary, headers };
}

function failures(operation: Operation) {
  const byStatus = Map.groupBy(possibleErrors(operation), (code) => ERRORS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${ERRORS[code].title}.`).join(" "),
        content: { "application/problem+json": { schema: problemSchema } },
      },
    ]),
  );
}

function possibleErrors(operation: Operation): ErrorCode[] {
  const codes: ErrorCode[] = ["rate_limited", "internal", "unavailable", ...(operation.errors ?? [])];
  if (operation.auth !== "public") codes.push("forbidden");
  // A wrong key is refused everywhere, even where none is needed.
  codes.push("unauthenticated");
  if (operation.path.includes("{")) codes.push("not_found");
  if (operation.method !== "GET") codes.push("cross_site_request");
  if (operation.params || operation.query || operation.body || operation.idempotent) codes.push("validation_failed");
  if (operation.body || operation.idempotent)
    codes.push("malformed_json", "payload_too_large", "unsupported_media_type");
  if (operation.idempotent) codes.push("idempotency_in_progress", "idempotency_answer_lost", "idempotency_key_reused");
  return [...new Set(codes)];
}
