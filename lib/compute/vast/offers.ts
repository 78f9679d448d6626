import { type LaunchRequest, ProviderError } from "@/lib/compute/provider";
import { keyRefused, type VastClient } from "@/lib/compute/vast/client";
import { type Offer, offersSchema, refusalSchema } from "@/lib/compute/vast/shapes";

export type OfferRules = {
  /** From 0 to 1. */
  minReliability: number;
  /** What one GPU of a machine may cost an hour, everything included; null: anything. */
  maxUsdPerGpuHour: number | null;
};

/** A machine must be to be had for so much longer than it is needed: extending is common, and clocks differ. */
const MARGIN_S = 3600;

/** More are not looked at: the cheapest are taken first, and what is dearer than the twentieth is no bargain. */
const MOST_OFFERS = 20;

/** Two letters each, as vast.ai's geolocation has them; any other region says nothing to it. */
const COUNTRIES = /^[A-Z]{2}(,[A-Z]{2})*$/;

/**
 * Machines that could be rented now, the cheapest first.
 * @throws ProviderError
 */
export async function searchOffers(
  client: VastClient,
  request: LaunchRequest,
  { minReliability, maxUsdPerGpuHour }: OfferRules,
  now: Date,
): Promise<Offer[]> {
  const seconds = Math.max(0, Math.ceil((request.until.getTime() - now.getTime()) / 1000));
  const ceiling = ceilingOf(request, maxUsdPerGpuHour);
  const { status, json } = await client.call({
    endpoint: "search",
    method: "POST",
    path: "/api/v0/bundles/",
    body: {
      type: "on-demand",
      limit: MOST_OFFERS,
      order: [["dph_total", "asc"]],
      allocated_storage: request.template.disk_gb,
      gpu_name: { eq: vastGpuName(request.gpuType) },
      num_gpus: { eq: request.gpuCount },
      disk_space: { gte: request.template.disk_gb },
      duration: { gte: seconds + MARGIN_S },
      reliability: { gte: minReliability },
      verified: { eq: true },
      external: { eq: false },
      rentable: { eq: true },
      rented: { eq: false },
      ...(ceiling !== null && { dph_total: { lte: ceiling } }),
      ...(COUNTRIES.test(request.region) && { geolocation: { in: request.region.split(",") } }),
    },
  });
  // Its search says so of a key that it does not know.
  if (status === 404) throw keyRefused();
  if (status !== 200) {
    const said = refusalSchema.safeParse(json).data;
    throw new ProviderError("refused", `vast.ai does not take the search: ${said?.msg ?? said?.error ?? status}.`);
  }
  const { offers } = offersSchema.safeParse(json).data ?? { offers: [] };
  return offers
    .filter((offer) => ceiling === null || offer.dph_total <= ceiling)
    .toSorted((one, other) => one.dph_total - other.dph_total);
}

/** US dollars an hour for the whole machine; null: anything. */
export function ceilingOf({ gpuCount }: { gpuCount: number }, maxUsdPerGpuHour: number | null): number | null {
  return maxUsdPerGpuHour === null ? null : maxUsdPerGpuHour * gpuCount;
}

/** vast.ai's names have spaces; ours are often written with hyphens or underscores instead. */
export function vastGpuName(gpuType: string): string {
  return gpuType.replace(/[-_\s]+/g, " ").trim();
}
