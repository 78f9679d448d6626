"use client";
import { SearchX } from "lucide-react";
import Link from "next/link";
import { WEBHOOKS } from "@/components/deliveries/links";
import { LoadError } from "@/components/shell/load-error";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Skeleton } from "@/components/ui/skeleton";
import type { describeError } from "@/store/api-error";

type UnavailableProps = {
  error: Parameters<typeof describeError>[0];
  onRetry: () => void;
  retrying: boolean;
};

/** There is no such webhook, or it could not be read: two different things. */
export function WebhookUnavailable({ error, ...retry }: UnavailableProps) {
  if (error !== undefined && "problem" in error && error.status === 404) {
    return (
      <>
        <h1 className="sr-only">Webhook not found</h1>
        <EmptyState
          icon={<SearchX />}
          title="There is no such webhook in this project"
          actions={
            <Button asChild>
              <Link href={WEBHOOKS}>All webhooks</Link>
            </Button>
          }
        >
          It may have been deleted, or it belongs to another project: switch projects at the top.
        </EmptyState>
      </>
    );
  }
  return (
    <>
      <h1 className="sr-only">Webhook</h1>
      <LoadError error={error} {...retry} />
    </>
  );
}

export function WebhookSkeleton() {
  return (
    <div role="status" className="flex flex-col gap-6">
      <span className="sr-only">Loading the webhook</span>
      <Skeleton className="h-6 w-64 max-w-full" />
      <Skeleton className="h-4 w-96 max-w-full" />
      <Skeleton className="h-9 w-full" />
      <Skeleton className="h-48 w-full rounded-lg" />
    </div>
  );
}
