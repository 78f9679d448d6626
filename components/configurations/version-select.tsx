"use client";
import { useMemo } from "react";
import { Select } from "@/components/ui/select";
import type { ConfigVersion } from "@/lib/contracts/config-versions";
import { versionWords } from "./words";

type VersionSelectProps = {
  versions: readonly ConfigVersion[];
  value: string;
  onValueChange: (versionId: string) => void;
  /** Leaves out those whose variant is deleted, which cannot be deployed by name. */
  presentOnly?: boolean | undefined;
  "aria-label"?: string | undefined;
};

/** One of the versions, newest first, by variant. */
export function VersionSelect({ versions, presentOnly, ...props }: VersionSelectProps) {
  const groups = useMemo(() => {
    const found = new Map<
      string,
      { label: string; options: { value: string; label: string; description?: string }[] }
    >();
    for (const version of versions) {
      if (presentOnly && version.variant_deleted) continue;
      const label = version.variant_deleted ? `${version.variant} (deleted)` : version.variant;
      const group = found.get(version.variant_id) ?? { label, options: [] };
      group.options.push({
        value: version.id,
        label: versionWords(version),
        ...(version.message !== "" && { description: version.message }),
      });
      found.set(version.variant_id, group);
    }
    return [...found.values()];
  }, [versions, presentOnly]);
  return <Select {...props} options={groups} placeholder="Choose a version" />;
}
