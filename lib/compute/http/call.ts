import type { z } from "zod";
import { errorReply, type ProvisionerRequest } from "@/lib/compute/http/protocol";
import { ProviderError } from "@/lib/compute/provider";
import { newId } from "@/lib/ids";
import type { GuardedClient, OutboundResponse } from "@/lib/net/guarded-request";
import { OutboundError } from "@/lib/net/outbound-error";
import { sign, signStandard } from "@/lib/webhooks/signature";
import { type SigningKey, toSigningKey } from "@/lib/webhooks/signing-key";
import packageJson from "@/package.json" with { type: "json" };

export type ProvisionerTarget = {
  url: string;
  /** In the clear. */
  secret: string;
  client: GuardedClient;
  /** For one call, in ms. */
  deadlineMs?: number;
};

const DEADLINE_MS = 30_000;

/** A page of 1,000 machines is some 500 kB. */
const MOST_BYTES = 2 * 1024 * 1024;

const LONGEST_MESSAGE = 300;

/**
 * One signed call of a provisioner.
 * @returns its reply as the schema has it
 * @throws ProviderError
 */
export async function callProvisioner<S extends z.ZodType>(
  target: ProvisionerTarget,
  request: ProvisionerRequest,
  reply: S,
): Promise<z.output<S>> {
  const body = JSON.stringify(request);
  const answer = await post(target, body);
  const json = toJson(answer.body);
  if (answer.status < 200 || answer.status > 299) throw refusalOf(answer, json);
  if (answer.truncated) {
    throw new ProviderError("unreachable", "The provisioner's answer broke off or is larger than 2 MiB.");
  }
  if (json === undefined) throw new ProviderError("unreachable", "The provisioner's answer is not JSON.");
  const parsed = reply.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") || "the answer";
  throw new ProviderError(
    "refused",
    `The provisioner's answer to "${request.operation}" is not as docs/provisioner.md says: ${where}: ${issue?.message ?? "is wrong"}`,
  );
}

/** The headers of a call: the same signatures, over the same bytes, as those of webhooks. */
export function signedHeaders(body: string, key: SigningKey, { id, timestamp }: { id: string; timestamp: number }) {
  return {
    "content-type": "application/json",
    accept: "application/json",
    "user-agent": `Dumont-Compute/${packageJson.version}`,
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": signStandard({ id, timestamp, payload: body, secret: [key] }),
    "x-webhook-signature": sign(body, [key], timestamp),
  };
}

async function post(target: ProvisionerTarget, body: string): Promise<OutboundResponse> {
  const signed = { id: newId("request"), timestamp: Math.floor(Date.now() / 1000) };
  try {
    return await target.client.post({
      url: target.url,
      headers: signedHeaders(body, toSigningKey(target.secret), signed),
      body,
      deadlineMs: target.deadlineMs ?? DEADLINE_MS,
      maxResponseBytes: MOST_BYTES,
    });
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    // What is blocked stays so until the operator allows it.
    const kind = error.code === "address_blocked" ? "refused" : "unreachable";
    throw new ProviderError(kind, error.message.replace("The receiver", "The provisioner"));
  }
}

function refusalOf({ status, headers }: OutboundResponse, json: unknown): ProviderError {
  const said = errorReply.safeParse(json).data;
  if (said) {
    const message = said.message ? printable(said.message) : `The provisioner says: ${said.error}.`;
    return new ProviderError(said.error, message, said.retry_after_ms ?? null);
  }
  if (status === 401 || status === 403) {
    return new ProviderError("refused", `The provisioner does not accept the signature (${status}); check its secret.`);
  }
  if (status === 429 || status === 503) {
    const seconds = /^\d{1,5}$/.test(headers["retry-after"] ?? "") ? Number(headers["retry-after"]) : null;
    const kind = status === 429 ? "rate_limited" : "unreachable";
    return new ProviderError(kind, `The provisioner answered ${status}.`, seconds === null ? null : seconds * 1000);
  }
  if (status === 501) return new ProviderError("unsupported", "The provisioner does not offer this.");
  if (status === 408 || status >= 500) return new ProviderError("unreachable", `The provisioner answered ${status}.`);
  const hint = status >= 300 && status < 400 ? "; redirects are not followed" : "";
  return new ProviderError("refused", `The provisioner answered ${status}${hint}.`);
}

/** Others' words in our log and on our screens: one line, not long, nothing that a terminal obeys. */
function printable(message: string): string {
  return message
    .replace(/[\p{Cc}\p{Cs}\s]+/gu, " ")
    .trim()
    .slice(0, LONGEST_MESSAGE);
}

function toJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
