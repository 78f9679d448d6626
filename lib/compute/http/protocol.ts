import { z } from "zod";
import type { LaunchRequest, Machine, NodeProblem, SnapshotProgress, SnapshotRequest } from "@/lib/compute/provider";
import { isStorable } from "@/lib/contracts/common";

/**
 * What Dumont and a provisioner say to each other; docs/provisioner.md is the same for people. Everything is a POST to
 * one URL, and what is to be done stands in the body: the signature covers the body and nothing else, so a request for
 * one thing cannot be made into a request for another.
 */
export type ProvisionerRequest =
  | ({ operation: "start"; label: string } & LaunchBody)
  | { operation: "find"; label: string }
  | { operation: "stop"; label: string }
  | { operation: "list"; label_prefix: string; cursor: string | null }
  | { operation: "snapshot"; label: string; snapshot_id: string; name: string }
  | { operation: "health"; node_names: readonly string[] };

type LaunchBody = {
  gpu_type: string;
  gpu_count: number;
  node_name: string;
  region: string;
  /** ISO 8601. */
  until: string;
  template: LaunchRequest["template"];
};

export function startBody(request: LaunchRequest): ProvisionerRequest {
  return {
    operation: "start",
    label: request.label,
    gpu_type: request.gpuType,
    gpu_count: request.gpuCount,
    node_name: request.nodeName,
    region: request.region,
    until: request.until.toISOString(),
    template: request.template,
  };
}

export function snapshotBody({ snapshotId, label, name }: SnapshotRequest): ProvisionerRequest {
  return { operation: "snapshot", label, snapshot_id: snapshotId, name };
}

const text = (most: number) => z.string().max(most).refine(isStorable, "holds characters that cannot be stored");

const scalar = z.union([text(1000), z.number(), z.boolean(), z.null()]);

const machineSchema = z
  .object({
    label: text(256),
    id: text(256).min(1),
    state: z.enum(["loading", "running", "stopping", "stopped", "failed"]),
    address: z
      .object({
        host: text(255).min(1),
        port: z.int().min(1).max(65_535).nullish(),
        url: z
          .url({ protocol: /^https?$/ })
          .max(2000)
          .nullish(),
      })
      .nullish(),
    failure: text(1000).nullish(),
    details: z
      .record(text(100), scalar)
      .refine((details) => Object.keys(details).length <= 30, "has more than 30 entries")
      .nullish(),
  })
  .transform(
    ({ label, id, state, address, failure, details }): Machine => ({
      label,
      externalId: id,
      state,
      address: address ? { host: address.host, port: address.port ?? null, url: address.url ?? null } : null,
      failure: failure ?? null,
      details: details ?? {},
    }),
  );

export const startReply = z.object({ machine: machineSchema });
export const findReply = z.object({ machine: machineSchema.nullable() });
export const stopReply = findReply;

export const listReply = z.object({ machines: z.array(machineSchema), next_cursor: text(500).nullish() });

const snapshotSchema = z.discriminatedUnion("state", [
  z.object({ state: z.literal("running"), id: text(500).nullish() }),
  z.object({
    state: z.literal("completed"),
    id: text(500).min(1),
    location: text(2000).min(1),
    size_bytes: z.int().min(0),
    checksums: z.record(text(500), z.string().regex(/^sha256:[0-9a-f]{64}$/, 'is not "sha256:" and 64 hex digits')),
  }),
  z.object({ state: z.literal("failed"), failure: text(1000).min(1) }),
]);

export const snapshotReply = z.object({
  snapshot: snapshotSchema.transform((snapshot): SnapshotProgress => {
    if (snapshot.state === "running") return { state: "running", externalId: snapshot.id ?? null };
    if (snapshot.state === "failed") return snapshot;
    const { id, location, size_bytes: sizeBytes, checksums } = snapshot;
    return { state: "completed", externalId: id, location, sizeBytes, checksums };
  }),
});

export const healthReply = z.object({
  ok: z.literal(true),
  problems: z
    .array(
      z
        .object({ node_name: text(200), cause: text(1000) })
        .transform(({ node_name, cause }): NodeProblem => ({ nodeName: node_name, cause })),
    )
    .max(10_000)
    .nullish()
    .transform((problems) => problems ?? []),
});

export const ERROR_KINDS = ["capacity", "rate_limited", "unreachable", "refused", "unsupported"] as const;

export const errorReply = z.object({
  error: z.enum(ERROR_KINDS),
  message: z.string().nullish(),
  retry_after_ms: z.number().min(0).max(86_400_000).nullish(),
});
