"use client";

import { PageError } from "@/components/shell/page-error";

export default function ErrorPage({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <main className="flex min-h-dvh items-center justify-center">
      <h1 className="sr-only">Error</h1>
      <PageError error={error} onRetry={retry} />
    </main>
  );
}
