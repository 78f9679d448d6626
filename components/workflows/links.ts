export const WORKFLOWS = "/app/workflows";
export const PROCESSORS = "/app/processors";

/** The page of a workflow; a correlation id may be anything that a caller chose. */
export function workflowHref(correlationId: string): string {
  return `${WORKFLOWS}/${encodeURIComponent(correlationId)}`;
}
