import type { z } from "zod";
import type { FieldError } from "@/lib/contracts/problem";
import { AppError } from "@/lib/errors";

/** Objects and lists within each other. Schemas, filters and serialisers go down by recursion, which has an end. */
export const MOST_NESTED = 200;

/**
 * Reads a JSON body of at most `limit` bytes, counting as it reads: a missing or false Content-Length changes nothing.
 * An absent body counts as `{}` so that calls without parameters need none.
 * @throws AppError "unsupported_media_type", "payload_too_large" or "malformed_json".
 */
export async function readJson(request: Request, limit: number): Promise<{ text: string; value: unknown }> {
  const text = await readText(request, limit);
  if (text === "") return { text, value: {} };
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw new AppError("unsupported_media_type", "Send the body as JSON with `Content-Type: application/json`.");
  }
  if (isDeeper(text, MOST_NESTED)) {
    throw new AppError("malformed_json", `The body nests objects and lists more than ${MOST_NESTED} deep.`);
  }
  try {
    return { text, value: JSON.parse(text) };
  } catch (error) {
    throw new AppError("malformed_json", `The body is not valid JSON: ${error instanceof Error ? error.message : ""}`);
  }
}

/** @throws AppError "validation_failed" with one entry per wrong field. */
export function parseWith<S extends z.ZodType>(
  schema: S,
  value: unknown,
  where: "body" | "query" | "path",
): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap(toFieldErrors);
  const fields = errors.map((error) => error.field || `the ${where}`).join(", ");
  throw new AppError("validation_failed", `Check ${fields}.`, { errors });
}

async function readText(request: Request, limit: number): Promise<string> {
  if (!request.body) return "";
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > limit) throw new AppError("payload_too_large", `The body may have at most ${limit} bytes.`);
    chunks.push(chunk);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new AppError("malformed_json", "The body is not valid UTF-8.");
  }
}

/** Looks at the text, so that nothing that deep is ever built. */
function isDeeper(json: string, limit: number): boolean {
  let depth = 0;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === "{" || token === "[") depth += 1;
    else if (token === "}" || token === "]") depth -= 1;
    if (depth > limit) return true;
  }
  return false;
}

function toFieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      field: fieldPath([...issue.path, key]),
      message: "There is no such field here; check its spelling or leave it out.",
    }));
  }
  return [{ field: fieldPath(issue.path), message: issue.message }];
}

function fieldPath(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index ? "." : ""}${String(part)}`))
    .join("");
}
