import { Badge } from "@/components/ui/badge";
import type { Webhook } from "@/lib/contracts/webhooks";

/** How the secret of a webhook from the file is called, and where it was found; never the secret. */
export function SecretName({ file }: { file: NonNullable<Webhook["file"]> }) {
  return (
    <span className="inline-flex max-w-full flex-wrap items-center gap-x-2">
      <code className="font-mono text-xs [overflow-wrap:anywhere]">{file.secret_name}</code>
      {file.secret_source === "file" ? (
        <span className="text-ink-muted text-xs">from a mounted file</span>
      ) : (
        <Badge tone="caution">from the environment</Badge>
      )}
    </span>
  );
}
