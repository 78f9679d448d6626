import { type APIRequestContext, expect } from "@playwright/test";
import type { Operation, ResponseOf } from "@/lib/contracts/operation";
import { type RequestInput, request } from "@/store/request";

/**
 * Calls an operation of the API as its contract describes it. The test fails unless the answer is the operation's
 * success and fits its schema.
 */
export async function call<const O extends Operation>(
  client: APIRequestContext,
  operation: O,
  input: RequestInput<O>,
): Promise<ResponseOf<O>> {
  const { url, body } = request(operation, input);
  const response = await client.fetch(url, {
    method: operation.method,
    ...(body === undefined ? {} : { data: body, headers: { "content-type": "application/json" } }),
  });
  const text = await response.text();
  expect(response.status(), `${operation.id}: ${text}`).toBe(operation.status);
  // The schema is the operation's own, which the type cannot express.
  return operation.response?.parse(JSON.parse(text)) as ResponseOf<O>;
}
