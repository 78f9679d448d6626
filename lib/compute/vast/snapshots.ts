import { ProviderError, type SnapshotProgress, type SnapshotRequest } from "@/lib/compute/provider";
import type { VastClient } from "@/lib/compute/vast/client";
import type { LabelledInstance } from "@/lib/compute/vast/machine";
import { findImage, type RegistryOptions } from "@/lib/compute/vast/registry";
import { refusalSchema } from "@/lib/compute/vast/shapes";

/** Pushing an image of some hundred gigabytes takes its time; after that it is not coming. */
const PATIENCE_MINUTES = 180;

/**
 * vast.ai commits the container and pushes it to the operator's registry; it has no way to ask how far that is. So the
 * registry is asked: the image is there, under the snapshot's id as its tag, or it is not yet.
 */
export class Snapshots {
  readonly #registry: RegistryOptions | null;
  readonly #now: () => Date;
  /** When each was asked for. A process that has forgotten asks once more, which pushes the same tag again. */
  readonly #askedAt = new Map<string, Date>();

  constructor(registry: RegistryOptions | null, now: () => Date) {
    this.#registry = registry;
    this.#now = now;
  }

  /** @param findContract called when it is to begin */
  async progress(
    client: VastClient,
    { snapshotId }: SnapshotRequest,
    findContract: () => Promise<LabelledInstance | null>,
  ): Promise<SnapshotProgress> {
    const registry = this.#registry;
    if (!registry) {
      throw new ProviderError(
        "unsupported",
        "Set VAST_REGISTRY_REPOSITORY, VAST_REGISTRY_USER and its password first.",
      );
    }
    const image = await findImage(registry, snapshotId);
    const location = `${registry.host}/${registry.repository}:${snapshotId}`;
    if (image) {
      this.#askedAt.delete(snapshotId);
      const { digest, sizeBytes, checksums } = image;
      return { state: "completed", externalId: digest, location, sizeBytes, checksums };
    }
    const askedAt = this.#askedAt.get(snapshotId);
    if (askedAt) {
      if (this.#now().getTime() - askedAt.getTime() < PATIENCE_MINUTES * 60_000) {
        return { state: "running", externalId: location };
      }
      this.#askedAt.delete(snapshotId);
      return { state: "failed", failure: `No image had reached ${location} after ${PATIENCE_MINUTES} minutes.` };
    }
    const contract = await findContract();
    if (!contract) return { state: "failed", failure: "There is no such machine at vast.ai any more." };
    this.#askedAt.set(snapshotId, this.#now());
    try {
      return await this.#ask(client, contract.id, registry, snapshotId, location);
    } catch (error) {
      this.#askedAt.delete(snapshotId);
      throw error;
    }
  }

  async #ask(
    client: VastClient,
    contractId: number,
    registry: RegistryOptions,
    tag: string,
    location: string,
  ): Promise<SnapshotProgress> {
    const { status, json } = await client.call({
      endpoint: "snapshot",
      method: "POST",
      path: `/api/v0/instances/take_snapshot/${contractId}/`,
      body: {
        id: contractId,
        container_registry: registry.host,
        personal_repo: `${registry.repository}:${tag}`,
        docker_login_user: registry.user,
        docker_login_pass: registry.password,
        pause: "true",
      },
    });
    const succeeded = typeof json === "object" && json !== null && "success" in json && json.success === true;
    if (status === 200 && succeeded) return { state: "running", externalId: location };
    const said = refusalSchema.safeParse(json).data;
    throw new ProviderError("refused", `vast.ai takes no snapshot: ${said?.msg ?? said?.error ?? `status ${status}`}.`);
  }
}
