import type { WorkflowDetail } from "@/lib/contracts/workflows";

/** The webhooks that calls brought along for a workflow. */
export function RequestWebhookList({ webhooks }: { webhooks: WorkflowDetail["request_webhooks"] }) {
  return (
    <ul className="flex flex-col gap-2">
      {webhooks.map((webhook) => (
        <li key={webhook.id}>
          <span className="block break-all font-mono text-xs/5">{webhook.url}</span>
          <span className="text-ink-muted text-xs">
            {webhook.gone
              ? "It answered that it is gone; nothing more is sent to it."
              : webhook.has_secret
                ? "Signed, in order, retried after 1, 2 and 4 seconds"
                : "Unsigned, in order, retried after 1, 2 and 4 seconds"}
          </span>
        </li>
      ))}
    </ul>
  );
}
