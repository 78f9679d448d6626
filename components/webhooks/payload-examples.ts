import type { PayloadFilter } from "@/lib/contracts/payload-filter";

/** Conditions that people want first, ready to insert and to change. All are about types of the catalogue. */
export const PAYLOAD_EXAMPLES: readonly { title: string; payload: PayloadFilter }[] = [
  { title: "At least 8 GPUs", payload: { "data.gpu_count": { $gte: 8 } } },
  { title: "One of several GPU types", payload: { "data.gpu_type": { $in: ["H100-SXM", "B200"] } } },
  { title: "Nodes of one site", payload: { "data.node": { $startsWith: "fra-" } } },
  { title: "Cost above an amount (micro-credits)", payload: { "data.cost_micros": { $gt: 500_000_000 } } },
  { title: "Not stopped on request", payload: { "data.reason": { $ne: "requested" } } },
  {
    title: "Either of two",
    payload: { $or: [{ "data.gpu_count": { $gte: 8 } }, { "data.environment": "production" }] },
  },
];
