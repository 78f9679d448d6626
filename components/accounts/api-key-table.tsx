"use client";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { RelativeTime, RelativeWords } from "@/components/ui/relative-time";
import { StatusBadge } from "@/components/ui/status-badge";
import { ActionsTH, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { toast } from "@/components/ui/toast";
import { errorWords } from "@/components/webhooks/use-webhook-actions";
import type { ApiKey } from "@/lib/contracts/api-keys";
import { useRevokeApiKeyMutation } from "@/store/api-keys-api";
import { ScopeList } from "./scope-list";
import { useCreatorNames } from "./use-creator-names";

/** The keys of the project, those that still work first. */
export function ApiKeyTable({ keys }: { keys: readonly ApiKey[] }) {
  const creatorOf = useCreatorNames(keys);
  const sorted = [...keys.filter((key) => key.revoked_at === null), ...keys.filter((key) => key.revoked_at !== null)];
  return (
    <Table label="API keys" density="relaxed">
      <THead>
        <TR>
          <TH>Name</TH>
          <TH>Key</TH>
          <TH>Scopes</TH>
          <TH>Created</TH>
          <TH>Last used</TH>
          <TH>State</TH>
          <ActionsTH />
        </TR>
      </THead>
      <TBody>
        {sorted.map((key) => (
          <TR key={key.id}>
            <TD stackAs="title" className="md:max-w-64">
              <span className="block truncate max-md:whitespace-normal" title={key.name}>
                {key.name}
              </span>
            </TD>
            <TD label="Key" mono>
              {key.prefix}…
            </TD>
            <TD label="Scopes">
              <ScopeList keyName={key.name} scopes={key.scopes} />
            </TD>
            <TD label="Created">
              <span className="md:block">
                <RelativeTime value={key.created_at} />
                <span className="text-ink-muted md:block md:text-xs"> by {creatorOf(key)}</span>
              </span>
            </TD>
            <TD label="Last used">
              {key.last_used_at === null ? (
                <span className="text-ink-muted">Never</span>
              ) : (
                <RelativeTime value={key.last_used_at} />
              )}
            </TD>
            <TD stackAs="corner">
              {key.revoked_at === null ? (
                <StatusBadge tone="positive">Active</StatusBadge>
              ) : (
                <span className="max-md:text-end md:block">
                  <StatusBadge tone="off" className="text-ink-muted">
                    Revoked
                  </StatusBadge>
                  <span className="block text-ink-muted text-xs">
                    <RelativeTime value={key.revoked_at} />
                  </span>
                </span>
              )}
            </TD>
            <TD stackAs={key.revoked_at === null ? "full" : "hide"} align="end" className="max-md:pt-2!">
              {key.revoked_at === null ? <RevokeDialog apiKey={key} /> : null}
            </TD>
          </TR>
        ))}
      </TBody>
    </Table>
  );
}

function RevokeDialog({ apiKey }: { apiKey: ApiKey }) {
  const { project } = useProject();
  const [revoke] = useRevokeApiKeyMutation();
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" aria-label={`Revoke ${apiKey.name}`}>
          Revoke
        </Button>
      }
      title={`Revoke “${apiKey.name}”?`}
      description={
        <>
          <span className="block">
            <code className="font-mono text-ink text-xs">{apiKey.prefix}…</code>{" "}
            {apiKey.last_used_at === null ? (
              "was never used."
            ) : (
              <>
                was last used{" "}
                <span className="text-ink">
                  <RelativeWords value={apiKey.last_used_at} />
                </span>
                .
              </>
            )}
          </span>
          <span className="mt-2 block">
            Programs that send it are refused from this moment on. This cannot be undone.
          </span>
        </>
      }
      confirmLabel="Revoke key"
      onConfirm={async () => {
        await revoke({ projectId: project.id, keyId: apiKey.id }).unwrap();
        toast.success(`“${apiKey.name}” is revoked`);
      }}
      describeError={errorWords}
    />
  );
}
