"use client";
import { KeyRound, Lock, Plus } from "lucide-react";
import { useState } from "react";
import { LoadError } from "@/components/shell/load-error";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import { GuardedButton } from "@/components/webhooks/guarded";
import { useListApiKeysQuery } from "@/store/api-keys-api";
import { ApiKeyTable } from "./api-key-table";
import { CreateKeyDialog, type CreateKeyState } from "./create-key-dialog";

const BLOCKED = "Only owners and admins create and revoke API keys.";

/** The API keys of the project: which there are, what they may do, and whether they are used. */
export function ApiKeysScreen() {
  const { can } = useProject();
  const [dialog, setDialog] = useState<CreateKeyState>({ open: false, made: false });
  const mayManage = can("keys:manage");
  return (
    <>
      <PageHeader
        title="API keys"
        description="Programs use them to emit events and to call the API in this project."
        actions={
          <CreateKeyDialog
            state={dialog}
            onChange={setDialog}
            trigger={
              <GuardedButton blocked={mayManage ? undefined : BLOCKED} variant="primary">
                <Plus aria-hidden="true" />
                Create API key
              </GuardedButton>
            }
          />
        }
      />
      <Card>
        {mayManage ? (
          <Keys onCreate={() => setDialog({ open: true, made: false })} />
        ) : (
          <EmptyState icon={<Lock />} title="You may not see the API keys">
            {BLOCKED} Ask one of them for a key, or for another role.
          </EmptyState>
        )}
      </Card>
    </>
  );
}

function Keys({ onCreate }: { onCreate: () => void }) {
  const { project } = useProject();
  const keys = useListApiKeysQuery({ projectId: project.id });
  if (keys.currentData === undefined) {
    if (keys.error) return <LoadError error={keys.error} onRetry={keys.refetch} retrying={keys.isFetching} />;
    return <SkeletonRows rows={4} label="Loading API keys" className="[&>div]:h-11" />;
  }
  if (keys.currentData.length === 0) {
    return (
      <EmptyState
        icon={<KeyRound />}
        title="No API key yet"
        actions={
          <Button variant="primary" onClick={onCreate}>
            <Plus aria-hidden="true" />
            Create API key
          </Button>
        }
      >
        Create one and send your first event with the command that comes with it.
      </EmptyState>
    );
  }
  return <ApiKeyTable keys={keys.currentData} />;
}
