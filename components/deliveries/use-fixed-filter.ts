"use client";
import { useMemo, useState } from "react";
import type { DeliveryFilter } from "@/store/delivery-mirror";
import { type LogFilter, toDeliveryFilter } from "./log-filter";

/**
 * The filter with a relative range fixed to the moment when it was chosen: if it moved on with the clock, the list would
 * be another one at every render. `moveWindow` lets it catch up and says whether that changed anything.
 */
export function useFixedFilter(filter: LogFilter): { deliveryFilter: DeliveryFilter; moveWindow: () => boolean } {
  const key = JSON.stringify(filter);
  const [fixed, setFixed] = useState(() => ({ key, at: Date.now() }));
  if (fixed.key !== key) setFixed({ key, at: Date.now() });
  const deliveryFilter = useMemo(() => toDeliveryFilter(filter, fixed.at), [filter, fixed.at]);
  const moveWindow = () => {
    const at = Date.now();
    if (toDeliveryFilter(filter, at).from === deliveryFilter.from) return false;
    setFixed({ key, at });
    return true;
  };
  return { deliveryFilter, moveWindow };
}
