import { announceArtifact } from "@/lib/artifacts/announce";
import type { PublishedArtifact } from "@/lib/artifacts/artifact";
import { queueTasks } from "@/lib/artifacts/queue-tasks";
import { storeArtifact } from "@/lib/artifacts/store";
import type { Tx } from "@/lib/db/transaction";

export type PublishOptions = {
  /** Until when the tasks belong to whoever publishes, who carries them out itself; null: any worker may. */
  leaseUntil: Date | null;
};

/** What is done with every artifact, in the transaction that publishes it: if it throws, nothing is published. */
export type ArtifactComponent = {
  name: string;
  /** Lower ones come first. */
  order: number;
  onPublished: (tx: Tx, artifact: PublishedArtifact, options: PublishOptions) => Promise<void>;
};

const components: ArtifactComponent[] = [];

/** Adds a component to what happens on "artifact published". @returns what takes it away again */
export function onArtifactPublished(component: ArtifactComponent): () => void {
  components.push(component);
  components.sort((a, b) => a.order - b.order);
  return () => {
    components.splice(components.indexOf(component), 1);
  };
}

onArtifactPublished({ name: "store", order: 100, onPublished: storeArtifact });
// The event is what webhooks get, among them those that requests brought along.
onArtifactPublished({ name: "announce", order: 200, onPublished: announceArtifact });
onArtifactPublished({ name: "queue processors", order: 300, onPublished: queueTasks });

/** Runs all of them, one after the other. */
export async function runComponents(tx: Tx, artifact: PublishedArtifact, options: PublishOptions): Promise<void> {
  for (const { onPublished } of [...components]) await onPublished(tx, artifact, options);
}
