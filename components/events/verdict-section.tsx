"use client";
import { Webhook as WebhookIcon } from "lucide-react";
import Link from "next/link";
import { WEBHOOKS } from "@/components/deliveries/links";
import { LoadError } from "@/components/shell/load-error";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { Card, Section } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import { useListVerdictsQuery } from "@/store/events-api";
import { VerdictList } from "./verdict-list";

/** Every webhook's verdict on an event, which go on by themselves. */
export function VerdictSection({ eventId }: { eventId: string }) {
  const { project } = useProject();
  const {
    currentData: verdicts,
    error,
    isFetching,
    refetch,
  } = useListVerdictsQuery({ projectId: project.id, eventId });
  return (
    <Section
      title="Who got it, and why not"
      description="Each webhook as it was when the event was emitted. What passed one by can be sent to it all the same."
    >
      <Card>
        {verdicts === undefined ? (
          error === undefined || isFetching ? (
            <SkeletonRows rows={3} label="Loading the verdicts" />
          ) : (
            <LoadError error={error} onRetry={() => void refetch()} />
          )
        ) : verdicts.length === 0 ? (
          <NoWebhook />
        ) : (
          <VerdictList eventId={eventId} verdicts={verdicts} />
        )}
      </Card>
    </Section>
  );
}

function NoWebhook() {
  const { can } = useProject();
  return (
    <EmptyState
      icon={<WebhookIcon />}
      title="There is no webhook to get it"
      actions={
        can("webhooks:write") ? (
          <Button asChild variant="primary">
            <Link href={`${WEBHOOKS}/new`}>Create a webhook</Link>
          </Button>
        ) : undefined
      }
    >
      A webhook gets the events that are emitted after it was made. This one can then be sent to it from here.
    </EmptyState>
  );
}
