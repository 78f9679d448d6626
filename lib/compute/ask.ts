import { setTimeout as sleep } from "node:timers/promises";
import { ANSWER_MS, type ClaimedInstance, type ClaimedSnapshot } from "@/lib/compute/claim";
import type { Answer, Call } from "@/lib/compute/life";
import { callFor } from "@/lib/compute/machine";
import { type ComputeProvider, ProviderError, type ProviderErrorKind } from "@/lib/compute/provider";
import type { ProviderChoice } from "@/lib/compute/providers";
import { lifeOf } from "@/lib/compute/rows";
import type { SnapshotAnswer } from "@/lib/compute/snapshot-step";
import { launchTemplateSchema } from "@/lib/contracts/launch-template";
import { log } from "@/lib/log";

/** How a provider is found; another one in tests. */
export type ProviderOf = (choice: ProviderChoice) => ComputeProvider;

/** Milliseconds between two looks where there is no provider that says so. */
const POLL_MS = 1_000;

type Failure = { kind: ProviderErrorKind; message: string; retryAfterMs: number | null };

/** What the provider says to the question that is next for an instance. Never throws. */
export async function askInstance(
  row: ClaimedInstance,
  providerOf: ProviderOf,
): Promise<{ answer: Answer | "units"; pollMs: number }> {
  const call = callFor(lifeOf(row), row);
  if (call === "none") return { answer: { call }, pollMs: POLL_MS };
  if (call === "take") return { answer: "units", pollMs: POLL_MS };
  let pollMs = POLL_MS;
  try {
    const provider = providerOf(choiceOf(row));
    pollMs = provider.pollMs;
    return { answer: { call, machine: await inTime(question(provider, call, row)) }, pollMs };
  } catch (err) {
    return { answer: { call, error: toFailure(err, { instance: row.id, call }) }, pollMs };
  }
}

function question(provider: ComputeProvider, call: Exclude<Call, "take" | "none">, row: ClaimedInstance) {
  const { label, gpuCount, pool, node, reservation } = row;
  if (call !== "start") return provider[call](label);
  return provider.start({
    label,
    gpuType: pool.gpuType.name,
    gpuCount,
    nodeName: node.name,
    region: pool.region,
    template: launchTemplateSchema.parse(row.template),
    until: reservation.endsAt,
  });
}

/** The same for a snapshot. */
export async function askSnapshot(
  row: ClaimedSnapshot,
  providerOf: ProviderOf,
): Promise<{ answer: SnapshotAnswer; pollMs: number }> {
  let pollMs = POLL_MS;
  try {
    const provider = providerOf(choiceOf(row.instance));
    pollMs = provider.pollMs;
    const asked = provider.snapshot({ snapshotId: row.id, label: row.instance.label, name: row.name });
    return { answer: await inTime(asked), pollMs };
  } catch (err) {
    return { answer: { state: "error", ...toFailure(err, { snapshot: row.id }) }, pollMs };
  }
}

/** The provider that it was made with, whatever its pool has chosen since. */
function choiceOf({ provider, pool }: Pick<ClaimedInstance, "provider"> & { pool: ProviderChoice }): ProviderChoice {
  return { computeProvider: provider, provisioner: pool.provisioner };
}

/** Whatever is no word of the provider decides nothing: it is asked again. */
function toFailure(err: unknown, about: Record<string, string>): Failure {
  if (err instanceof ProviderError) {
    return { kind: err.kind, message: err.message, retryAfterMs: err.retryAfterMs };
  }
  log.error({ err, ...about }, "a compute provider could not be asked");
  return { kind: "unreachable", message: "The provider could not be asked.", retryAfterMs: null };
}

async function inTime<T>(asked: Promise<T>): Promise<T> {
  const given = new AbortController();
  const late = sleep(ANSWER_MS, undefined, { signal: given.signal, ref: false }).then(() => {
    throw new ProviderError("unreachable", `The provider has not answered for ${ANSWER_MS / 1000} seconds.`);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    given.abort();
    late.catch(() => undefined);
  }
}
