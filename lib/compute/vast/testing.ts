import type { VastOptions } from "@/lib/compute/vast/provider";
import type { FakeVast } from "@/lib/compute/vast/testing-server";

/** For a fake that nobody needs to spare. */
export function optionsFor(fake: FakeVast, change: Partial<VastOptions> = {}): VastOptions {
  return {
    apiUrl: fake.url,
    apiKey: fake.apiKey,
    minReliability: 0.98,
    maxUsdPerGpuHour: null,
    registry: null,
    timeoutMs: 5_000,
    doubtMs: 0,
    pace: { spacingMs: { search: 0, create: 0, list: 0, change: 0, destroy: 0, snapshot: 0 } },
    ...change,
  };
}
