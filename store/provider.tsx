"use client";

import { type ReactNode, useEffect, useState } from "react";
import { Provider } from "react-redux";
import { makeStore } from "@/store/make-store";
import { DENSITIES, densityChanged, selectDensity } from "@/store/ui-slice";

const DENSITY_KEY = "dumont-density";

export function StoreProvider({ children }: { children: ReactNode }) {
  const [store] = useState(makeStore);

  // After mount, so that the first render is the server's; from then on every change is written back.
  useEffect(() => {
    const stored = readStored();
    const density = DENSITIES.find((known) => known === stored);
    if (density) store.dispatch(densityChanged(density));
    let written = density;
    return store.subscribe(() => {
      const current = selectDensity(store.getState());
      if (current === written) return;
      written = current;
      writeStored(current);
    });
  }, [store]);

  return <Provider store={store}>{children}</Provider>;
}

/** Storage can be forbidden by the browser's settings; the preference then lasts for the page. */
function readStored(): string | null {
  try {
    return localStorage.getItem(DENSITY_KEY);
  } catch {
    return null;
  }
}

function writeStored(density: string): void {
  try {
    localStorage.setItem(DENSITY_KEY, density);
  } catch {
    return;
  }
}
