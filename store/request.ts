import type { z } from "zod";
import type { Operation } from "@/lib/contracts/operation";

type Schema = z.ZodType;
type Params<O extends Operation> = O extends { params: infer S extends Schema } ? { params: z.input<S> } : object;
type Query<O extends Operation> = O extends { query: infer S extends Schema } ? { query?: z.input<S> } : object;
type Body<O extends Operation> = O extends { body: infer S extends Schema } ? { body: z.input<S> } : object;

/** What a call of the operation needs: its path parameters, query and body, as far as it has them. */
export type RequestInput<O extends Operation> = Params<O> & Query<O> & Body<O>;

/** A call of one operation, ready for the base query. */
export type ApiRequest = {
  operation: Operation;
  url: string;
  body: string | undefined;
  /** Lets a POST be repeated without doing its work twice. */
  idempotencyKey?: string | undefined;
};

/**
 * Builds the call of an operation from its contract: method and path come from there, so no endpoint spells a URL.
 * @throws Error when a path parameter is missing or empty, which would silently address another resource.
 */
export function request<const O extends Operation>(operation: O, input: RequestInput<O>): ApiRequest {
  const { params, query, body } = input as { params?: unknown; query?: unknown; body?: unknown };
  const search = toSearch(query ?? {});
  return {
    operation,
    url: `/api/v1${fillPath(operation.path, params ?? {})}${search === "" ? "" : `?${search}`}`,
    body: body === undefined ? undefined : JSON.stringify(body),
  };
}

/** The operation as it answers a body that says `dry_run: true`. */
export function dryRun<const O extends Operation & { dryRunResponse: Schema }>(operation: O): O {
  return { ...operation, status: 200, response: operation.dryRunResponse };
}

function fillPath(path: string, params: object): string {
  const values = new Map<string, unknown>(Object.entries(params));
  return path.replace(/\{(\w+)\}/g, (_match, name: string) => {
    const value = values.get(name);
    if (typeof value !== "string" || value === "") throw new Error(`The path parameter ${name} of ${path} is missing.`);
    return encodeURIComponent(value);
  });
}

/** Absent, null and empty values are left out: to the API an empty filter is no filter. */
function toSearch(query: object): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === "") continue;
    search.set(name, String(value));
  }
  return search.toString();
}
