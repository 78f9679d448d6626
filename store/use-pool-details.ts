import { useEffect, useMemo } from "react";
import { shallowEqual } from "react-redux";
import type { PoolDetail } from "@/lib/contracts/fleet";
import type { describeError } from "@/store/api-error";
import { useAppDispatch, useAppSelector } from "@/store/hooks";
import { reservationsApi } from "@/store/reservations-api";

const { getPool } = reservationsApi.endpoints;

export type PoolDetails = {
  /** Those that have arrived, by id. */
  details: ReadonlyMap<string, PoolDetail>;
  /** Why one of the others has not. */
  error: Parameters<typeof describeError>[0];
  retry: () => void;
};

/** The nodes and units of several pools at once; as many are read as are named, so name only what is on screen. */
export function usePoolDetails(poolIds: readonly string[]): PoolDetails {
  const dispatch = useAppDispatch();
  const key = poolIds.join(",");
  useEffect(() => {
    const ids = key === "" ? [] : key.split(",");
    const held = ids.map((poolId) => dispatch(getPool.initiate({ poolId })));
    return () => {
      for (const subscription of held) subscription.unsubscribe();
    };
  }, [dispatch, key]);
  const answers = useAppSelector((state) => poolIds.map((poolId) => getPool.select({ poolId })(state)), shallowEqual);
  return useMemo(() => {
    const details = new Map<string, PoolDetail>();
    for (const { data } of answers) if (data) details.set(data.id, data);
    return {
      details,
      error: answers.find(({ isError, data }) => isError && data === undefined)?.error,
      retry: () => {
        for (const poolId of key.split(",")) {
          if (!details.has(poolId)) dispatch(getPool.initiate({ poolId }, { subscribe: false, forceRefetch: true }));
        }
      },
    };
  }, [answers, dispatch, key]);
}
