import type { RequestWebhook } from "@/lib/contracts/request-webhook";
import type { Tx } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { attachRequestWebhook, checkRequestWebhook } from "@/lib/webhooks/request-webhooks";
import type { WorkflowContext } from "@/lib/workflows/context";

export type WorkflowKind = "artifact" | "reservation" | "instance" | "deployment" | "event";

export type NewWorkflow = {
  projectId: string;
  /** The user or API key whose call begins it. */
  by: string;
  kind: WorkflowKind;
  title: string;
  /** The id that the caller wants; generated unless given. A workflow of this id that is there already goes on. */
  correlationId?: string | undefined;
  webhook?: RequestWebhook | undefined;
  /** Whether the webhook may be bound to a workflow that somebody else began: who may write webhooks may. */
  mayJoinOthers?: boolean;
};

/**
 * Begins a workflow in the transaction of the work itself: events emitted with its correlation id are numbered in one
 * sequence from then on, and go to the webhook that was brought along.
 * @returns its correlation id
 * @throws AppError "validation_failed" naming `webhook.url`, "conflict" for too many webhooks, "forbidden" for a webhook
 *   at a workflow of somebody else
 */
export async function beginWorkflow(tx: Tx, workflow: NewWorkflow): Promise<string> {
  return (await openWorkflow(tx, workflow)).correlationId;
}

/** As beginWorkflow; locks the workflow's row until the commit. @returns what `inWorkflow` wants */
export async function openWorkflow(tx: Tx, workflow: NewWorkflow): Promise<WorkflowContext> {
  const { projectId, kind, title, by, webhook } = workflow;
  if (webhook) checkRequestWebhook(webhook);
  const newWorkflowId = newId("workflow");
  const correlationId = workflow.correlationId ?? newWorkflowId;
  const [row] = await tx.$queryRaw<[{ id: string; created_by: string }]>`
    INSERT INTO workflow (id, project_id, correlation_id, kind, title, created_by)
    VALUES (${newWorkflowId}, ${projectId}, ${correlationId}, ${kind}, ${title}, ${by})
    ON CONFLICT (project_id, correlation_id) DO UPDATE SET last_seq = workflow.last_seq
    RETURNING id, created_by`;
  if (webhook) {
    if (row.created_by !== by && !workflow.mayJoinOthers) {
      throw new AppError(
        "forbidden",
        `Somebody else began the workflow "${correlationId}"; its events go to further webhooks only for those who have "webhooks:write".`,
      );
    }
    await attachRequestWebhook(tx, { projectId, workflowId: row.id, by, webhook });
  }
  return { projectId, correlationId, workflowId: row.id };
}
