"use client";

import { useSyncExternalStore } from "react";
import { useAppSelector } from "@/store/hooks";
import { selectLiveStatus } from "@/store/live-slice";
import { ConnectionIndicator } from "./connection-indicator";

/** Whether this tab receives changes as they happen. */
export function ConnectionStatus() {
  const status = useAppSelector(selectLiveStatus);
  const online = useSyncExternalStore(watchOnline, isOnline, () => true);
  return <ConnectionIndicator state={status === "live" || online ? status : "offline"} />;
}

function watchOnline(onChange: () => void): () => void {
  window.addEventListener("online", onChange);
  window.addEventListener("offline", onChange);
  return () => {
    window.removeEventListener("online", onChange);
    window.removeEventListener("offline", onChange);
  };
}

function isOnline(): boolean {
  return navigator.onLine;
}
