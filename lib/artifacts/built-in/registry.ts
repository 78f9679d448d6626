import type { Produced, PublishedArtifact } from "@/lib/artifacts/artifact";
import { reservationUsage } from "@/lib/artifacts/built-in/reservation-usage";
import { snapshotManifest } from "@/lib/artifacts/built-in/snapshot-manifest";

/** A processor that is part of Dumont: a pure function of the artifact. */
export type BuiltInProcessor = {
  name: string;
  description: string;
  types: readonly string[];
  /** @throws ZodError for a payload that it cannot read, which no repetition mends */
  process: (artifact: Pick<PublishedArtifact, "type" | "payload" | "tags">) => Produced[];
};

const processors: BuiltInProcessor[] = [snapshotManifest, reservationUsage];

export function builtInProcessors(): readonly BuiltInProcessor[] {
  return processors;
}
