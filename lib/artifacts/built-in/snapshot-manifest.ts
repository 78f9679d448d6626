import { createHash } from "node:crypto";
import { z } from "zod";
import type { BuiltInProcessor } from "@/lib/artifacts/built-in/registry";

/** The payload of a `snapshot.completed` artifact, as the platform publishes it. */
export const snapshotPayload = z.looseObject({
  snapshot_id: z.string(),
  instance_id: z.string(),
  name: z.string().default(""),
  location: z.string().nullable().default(null),
  size_bytes: z.number().int().min(0),
  checksums: z.record(z.string(), z.string()).default({}),
});

/**
 * The list of a snapshot's files with their checksums, and one checksum over the list: whoever restores the snapshot
 * can check that it is whole. The digest is the SHA-256 of the lines "<checksum>  <path>\n", sorted by path.
 */
export const snapshotManifest: BuiltInProcessor = {
  name: "snapshot-manifest",
  description: "Makes a manifest with checksums of each completed snapshot.",
  types: ["snapshot.completed"],
  process: ({ payload, tags }) => {
    const { snapshot_id, instance_id, name, location, size_bytes, checksums } = snapshotPayload.parse(payload);
    const files = Object.entries(checksums)
      .map(([path, checksum]) => ({ path, checksum }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
    const text = files.map(({ path, checksum }) => `${checksum}  ${path}\n`).join("");
    const digest = `sha256:${createHash("sha256").update(text).digest("hex")}`;
    return [
      {
        type: "snapshot.manifest",
        payload: { snapshot_id, instance_id, name, location, size_bytes, file_count: files.length, files, digest },
        tags: [...tags],
      },
    ];
  },
};
