"use client";
import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useState } from "react";

/** A text that stands in the URL under this name, so that a link shows the same. Typing adds no step to go back over. */
export function useQueryText(name: string): [string, (text: string) => void] {
  const params = useSearchParams();
  const pathname = usePathname();
  // Kept here as well: a field that waited for the router would drop fast key strokes.
  const [text, setText] = useState(() => params.get(name) ?? "");
  const change = useCallback(
    (next: string) => {
      setText(next);
      const search = new URLSearchParams(window.location.search);
      if (next === "") search.delete(name);
      else search.set(name, next);
      window.history.replaceState(null, "", search.size === 0 ? pathname : `${pathname}?${search}`);
    },
    [name, pathname],
  );
  return [text, change];
}
