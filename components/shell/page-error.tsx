"use client";

import { useEffect, useState, useTransition } from "react";
import { ErrorState } from "@/components/ui/error-state";
import { healthSchema } from "@/lib/contracts/health";

const ASK_EVERY_MS = 3000;

/**
 * A page that could not be rendered. The server tells the browser no reasons, so this asks whether the database is
 * reachable, says so if it is not, and tries the page again by itself once it is.
 */
export function PageError({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const [database, setDatabase] = useState<"unknown" | "ok" | "down">("unknown");
  const [retrying, startRetry] = useTransition();
  const digest = error instanceof Error && "digest" in error ? String(error.digest) : undefined;

  useEffect(() => {
    const gone = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    let wasDown = false;
    const ask = async () => {
      const answer = await askDatabase(gone.signal);
      if (gone.signal.aborted) return;
      if (wasDown && answer === "ok") onRetry();
      wasDown = answer === "down";
      setDatabase(answer);
      if (answer !== "ok") timer = setTimeout(ask, ASK_EVERY_MS);
    };
    timer = setTimeout(ask, 0);
    return () => {
      gone.abort();
      clearTimeout(timer);
    };
  }, [onRetry]);

  return (
    <ErrorState
      title={database === "down" ? "The database cannot be reached" : "This page could not be shown"}
      message={
        database === "down"
          ? "Nothing is lost: what was accepted is stored, and deliveries go on once the database is back. This page then returns by itself."
          : "Something went wrong on our side. Try again; if it stays, look for the reference below in the server's log."
      }
      onRetry={() => startRetry(onRetry)}
      retrying={retrying}
      {...(digest === undefined || database === "down" ? {} : { requestId: digest })}
    />
  );
}

async function askDatabase(signal: AbortSignal): Promise<"unknown" | "ok" | "down"> {
  try {
    const response = await fetch("/api/health", { cache: "no-store", signal });
    return healthSchema.parse(await response.json()).database;
  } catch {
    return "unknown";
  }
}
