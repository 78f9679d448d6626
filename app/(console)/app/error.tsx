"use client";

import { PageError } from "@/components/shell/page-error";

export default function ConsoleErrorPage({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <>
      <h1 className="sr-only">Error</h1>
      <PageError error={error} onRetry={retry} />
    </>
  );
}
