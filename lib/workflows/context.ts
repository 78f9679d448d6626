import { AsyncLocalStorage } from "node:async_hooks";

/** The workflow that a request or a task works for. */
export type WorkflowContext = { projectId: string; correlationId: string; workflowId: string };

const storage = new AsyncLocalStorage<WorkflowContext>();

/**
 * Does the work for a workflow: events that it emits in the workflow's project without naming another workflow belong to
 * this one, however deep the call. Only this call and what it awaits see it; others at the same time have their own.
 */
export function inWorkflow<T>(context: WorkflowContext, work: () => T): T {
  return storage.run(context, work);
}

/** The workflow that is worked for; undefined outside of one, or in one of another project. */
export function currentWorkflow(projectId: string): WorkflowContext | undefined {
  const context = storage.getStore();
  return context?.projectId === projectId ? context : undefined;
}
