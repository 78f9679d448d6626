import type { z } from "zod";
import type { ErrorCode } from "@/lib/contracts/problem";

type Schema = z.ZodType;

/**
 * One API operation, described once. The route wrapper parses and answers by it, the client calls by it, the OpenAPI
 * document is made from it, and a test checks that every route file has one.
 */
export type Operation = {
  /** The OpenAPI operationId. */
  id: string;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below /api/v1, with {name} for parameters. */
  path: `/${string}`;
  summary: string;
  description?: string;
  tag: string;
  /**
   * "project": a session or API key with access to {project_id}. "user": a signed-in person. "any": a signed-in person
   * or any API key. "admin": who runs the installation, or an API key with the scope "admin". "public": anyone.
   */
  auth: "public" | "user" | "any" | "project" | "admin";
  params?: Schema;
  query?: Schema;
  body?: Schema;
  /** Largest request body in bytes; DEFAULT_BODY_LIMIT unless told. */
  bodyLimit?: number;
  /** The status of success and its body; no schema means an empty answer. */
  status: 200 | 201 | 202 | 204;
  response?: Schema;
  /** The answer, with status 200, to a body that says `dry_run: true`. */
  dryRunResponse?: Schema;
  /** The media type of an answer of status 200 that is not JSON; a stream of events unless told. */
  contentType?: string;
  /** Whether a POST honours Idempotency-Key. */
  idempotent?: boolean;
  /** false: it changes nothing although it is no GET, or what it stores has a list of its own: the audit log leaves it out. */
  audit?: false;
  /** Error codes of this operation beside those that every operation can answer. */
  errors?: readonly ErrorCode[];
};

export const DEFAULT_BODY_LIMIT = 64 * 1024;

/** Keeps the literal types, so that handlers and clients are typed by the schemas. */
export function defineOperation<const O extends Operation>(operation: O): O {
  return operation;
}

export type ParamsOf<O extends Operation> = O extends { params: infer S extends Schema } ? z.output<S> : undefined;
export type QueryOf<O extends Operation> = O extends { query: infer S extends Schema } ? z.output<S> : undefined;
export type BodyOf<O extends Operation> = O extends { body: infer S extends Schema } ? z.output<S> : undefined;
export type BodyInput<O extends Operation> = O extends { body: infer S extends Schema } ? z.input<S> : undefined;
export type QueryInput<O extends Operation> = O extends { query: infer S extends Schema } ? z.input<S> : undefined;
export type ResponseOf<O extends Operation> = O extends { response: infer S extends Schema } ? z.output<S> : undefined;
/** What a handler returns; the wrapper parses it through the response schema, so nothing undeclared leaks. */
export type ResponseInput<O extends Operation> =
  | (O extends { response: infer S extends Schema } ? z.input<S> : undefined)
  | (O extends { dryRunResponse: infer S extends Schema } ? z.input<S> : never);
