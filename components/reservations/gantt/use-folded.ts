"use client";
import { useCallback, useMemo, useState } from "react";
import type { Pool } from "@/lib/contracts/fleet";
import { OPEN_AT_FIRST } from "./row-tree";

/** Which pools and nodes are folded up: of a small fleet none at first, of a large one all pools. */
export function useFolded(pools: readonly Pool[]) {
  const [changed, setChanged] = useState<ReadonlyMap<string, boolean>>(new Map());
  const isFolded = useMemo(() => {
    const isLarge = pools.reduce((sum, { unit_count }) => sum + unit_count, 0) > OPEN_AT_FIRST;
    const poolIds = new Set(pools.map(({ id }) => id));
    return (key: string) => changed.get(key) ?? (isLarge && poolIds.has(key));
  }, [pools, changed]);
  const setFolded = useCallback((keys: readonly string[], folded: boolean) => {
    setChanged((held) => new Map([...held, ...keys.map((key) => [key, folded] as const)]));
  }, []);
  return { isFolded, setFolded };
}
