"use client";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import {
  extended,
  headState,
  isSelected,
  type Matching,
  NOTHING_SELECTED,
  type Selection,
  sizeOf,
  toggled,
  toggledAll,
} from "./selection";

/**
 * The chosen rows of a list.
 * @param rows ids in the order on screen
 * @param key what the list shows; when it changes, nothing is chosen any more
 */
export function useSelection(rows: readonly string[], key: string) {
  const [{ of, selection }, setState] = useState({ of: key, selection: NOTHING_SELECTED });
  const current = of === key ? selection : NOTHING_SELECTED;
  const order = useRef(rows);
  useEffect(() => {
    order.current = rows;
  }, [rows]);
  const change = useCallback(
    (next: (selection: Selection) => Selection) =>
      setState((held) => ({ of: key, selection: next(held.of === key ? held.selection : NOTHING_SELECTED) })),
    [key],
  );
  const actions = useMemo(
    () => ({
      /** With `extend` everything from the row chosen before up to this one. */
      toggle: (id: string, extend: boolean) =>
        change((held) => (extend ? extended(held, order.current, id) : toggled(held, id))),
      toggleAll: () => change((held) => toggledAll(held, order.current)),
      selectMatching: (matching: Matching) => change((held) => ({ ...held, matching })),
      clear: () => change(() => NOTHING_SELECTED),
    }),
    [change],
  );
  return {
    selection: current,
    size: sizeOf(current),
    head: headState(current, rows),
    isSelected: (id: string) => isSelected(current, id),
    ...actions,
  };
}

export type UseSelection = ReturnType<typeof useSelection>;
