"use client";
import Link from "next/link";
import { Fact } from "@/components/deliveries/fact-list";
import { textLinkClass } from "@/components/deliveries/links";
import { useProject } from "@/components/shell/project-context";
import { useGetWorkflowQuery } from "@/store/workflows-api";
import { workflowHref } from "./links";
import { RequestWebhookList } from "./request-webhook-list";

/** Where the events of a workflow go beside the project's webhooks; nothing where that is nowhere, or not for the reader. */
export function AlsoTold({ correlationId }: { correlationId: string }) {
  const { project, can } = useProject();
  const { currentData: workflow } = useGetWorkflowQuery(
    { projectId: project.id, correlationId },
    { skip: !can("artifacts:read") },
  );
  if (workflow === undefined || workflow.request_webhooks.length === 0) return null;
  return (
    <Fact label="Its events also go to" wide>
      <RequestWebhookList webhooks={workflow.request_webhooks} />
      <Link href={workflowHref(correlationId)} className={`${textLinkClass} mt-1 inline-block text-xs`}>
        What was sent there
      </Link>
    </Fact>
  );
}
