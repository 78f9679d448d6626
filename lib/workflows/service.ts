import type { RequestWebhook } from "@/lib/contracts/request-webhook";
import type { Tx } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";

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
};

/**
 * Begins a workflow in the transaction of the work itself: events emitted with its correlation id are numbered in one
 * sequence from then on.
 * @returns its correlation id
 */
export async function beginWorkflow(tx: Tx, workflow: NewWorkflow): Promise<string> {
  const id = newId("workflow");
  const correlationId = workflow.correlationId ?? id;
  const { projectId, kind, title, by } = workflow;
  await tx.$executeRaw`
    INSERT INTO workflow (id, project_id, correlation_id, kind, title, created_by)
    VALUES (${id}, ${projectId}, ${correlationId}, ${kind}, ${title}, ${by})
    ON CONFLICT (project_id, correlation_id) DO NOTHING`;
  return correlationId;
}
