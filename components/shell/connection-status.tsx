"use client";

import { useSyncExternalStore } from "react";
import { useAppSelector } from "@/store/hooks";
import { selectDatabaseDown, selectLiveStatus } from "@/store/live-slice";
import { ConnectionIndicator } from "./connection-indicator";

/** Whether this tab receives changes as they happen. */
export function ConnectionStatus() {
  const status = useAppSelector(selectLiveStatus);
  const online = useSyncExternalStore(watchOnline, isOnline, () => true);
  const databaseDown = useAppSelector(selectDatabaseDown);
  if (databaseDown) {
    return (
      <ConnectionIndicator state="reconnecting" detail="The database cannot be reached. What you see may be old." />
    );
  }
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
