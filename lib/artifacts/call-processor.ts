import { z } from "zod";
import { type Produced, presentArtifact } from "@/lib/artifacts/artifact";
import { openProcessorSecret } from "@/lib/artifacts/secrets";
import type { Task } from "@/lib/artifacts/tasks";
import { ARTIFACT_LIMITS, producedArtifactSchema } from "@/lib/contracts/artifacts";
import { PROCESSOR_LIMITS } from "@/lib/contracts/processors";
import type { Processor as ProcessorRow } from "@/lib/generated/prisma/client";
import type { GuardedClient } from "@/lib/net/guarded-request";
import { OutboundError } from "@/lib/net/outbound-error";
import { outgoingHeaders } from "@/lib/webhooks/outgoing";
import { isSuccess } from "@/lib/webhooks/policy";
import { toSigningKey } from "@/lib/webhooks/signing-key";

const answerSchema = z.object({
  artifacts: z.array(producedArtifactSchema).max(ARTIFACT_LIMITS.perAnswer).default([]),
});

/** Why a call came to nothing, in words for the project. */
export class ProcessorFailed extends Error {}

/**
 * Calls a processor of the project's own with an artifact, over the guarded way out and signed as webhooks are. The
 * header x-webhook-delivery is the same in every attempt.
 * @returns what it made of it
 * @throws ProcessorFailed
 */
export async function callProcessor(
  processor: Pick<ProcessorRow, "id" | "url" | "secret">,
  { artifact, attempt }: Task,
  { client, deadlineMs, signal }: { client: GuardedClient; deadlineMs: number; signal?: AbortSignal | undefined },
): Promise<Produced[]> {
  const body = JSON.stringify({ artifact: presentArtifact(artifact) });
  const timestamp = Math.floor(Date.now() / 1000);
  const headers = outgoingHeaders({
    eventId: artifact.id,
    eventType: "artifact.process",
    deliveryId: `${artifact.id}.${processor.id}`,
    attemptNumber: attempt,
    timestamp,
    body,
    keys: processor.secret === null ? [] : [toSigningKey(secretOf(processor.id, processor.secret))],
    custom: {},
  });
  const request = {
    url: processor.url,
    headers,
    body,
    deadlineMs,
    maxResponseBytes: PROCESSOR_LIMITS.answerBytes,
    ...(signal && { signal }),
  };
  const answer = await client.post(request).catch((error: unknown) => {
    throw error instanceof OutboundError ? new ProcessorFailed(error.message) : error;
  });
  if (!isSuccess(answer.status)) throw new ProcessorFailed(`It answered ${answer.status}; only 2xx is success.`);
  if (answer.truncated) throw new ProcessorFailed(`Its answer has more than ${PROCESSOR_LIMITS.answerBytes} bytes.`);
  return read(answer.body.toString("utf8"));
}

function secretOf(id: string, sealed: string): string {
  try {
    return openProcessorSecret(id, sealed);
  } catch {
    throw new ProcessorFailed("Its secret cannot be decrypted with this installation's key. Give it a new one.");
  }
}

function read(text: string): Produced[] {
  if (text.trim() === "") return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ProcessorFailed("Its answer is not JSON.");
  }
  const parsed = answerSchema.safeParse(value);
  if (!parsed.success) throw new ProcessorFailed(`Its answer is not as agreed: ${problemsOf(parsed.error)}`);
  const large = parsed.data.artifacts.find(
    ({ payload }) => Buffer.byteLength(JSON.stringify(payload)) > ARTIFACT_LIMITS.payloadBytes,
  );
  if (large) throw new ProcessorFailed(`A payload in its answer has more than ${ARTIFACT_LIMITS.payloadBytes} bytes.`);
  return parsed.data.artifacts;
}

/** What is wrong where, the first three. */
export function problemsOf({ issues }: z.ZodError): string {
  return issues
    .slice(0, 3)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`))
    .join("; ");
}
