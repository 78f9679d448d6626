"use client";
import { FileLock, RotateCw } from "lucide-react";
import { LoadError } from "@/components/shell/load-error";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { RelativeTime } from "@/components/ui/relative-time";
import { SkeletonRows } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import { errorWords } from "@/components/webhooks/use-webhook-actions";
import type { AdminWebhook, SyncResult, WebhooksFile } from "@/lib/contracts/admin";
import { useGetFileWebhooksQuery, useReloadWebhooksFileMutation } from "@/store/admin-api";
import { isApiError } from "@/store/api-error";
import { FileErrors } from "./file-errors";
import { FileWebhooks } from "./file-webhooks";

/** The webhooks that the configuration file declares, and what became of the file when it was last read. */
export function FileCard() {
  const { data, error, isFetching, refetch } = useGetFileWebhooksQuery();
  const [reload, { isLoading }] = useReloadWebhooksFileMutation();
  const run = async (reenable: boolean) => {
    const outcome = await reload({ reenable });
    if ("data" in outcome && outcome.data) toast.success(wordsOf(outcome.data));
    // A file that was refused is told by the card itself.
    else if (!isApiError(outcome.error) || outcome.error.status !== 422) toast.error(errorWords(outcome.error));
  };
  const path = data?.file.path;
  return (
    <Card>
      <CardHeader
        title="Webhooks from the configuration file"
        description={path === undefined ? "Read-only here." : <Read file={data?.file} />}
        actions={
          <>
            {data?.data.some(isOff) ? (
              <Button size="sm" onClick={() => void run(true)} loading={isLoading}>
                Reload and enable all
              </Button>
            ) : null}
            <Button size="sm" onClick={() => void run(false)} loading={isLoading}>
              <RotateCw aria-hidden="true" />
              Reload
            </Button>
          </>
        }
      />
      {data ? (
        <>
          <LastErrors file={data.file} />
          {data.data.length === 0 ? <NoFile file={data.file} /> : <FileWebhooks webhooks={data.data} />}
          {data.next_cursor === null ? null : (
            <p className="border-line border-t px-4 py-2.5 text-ink-muted text-xs">
              The newest {data.data.length} are shown; the API lists all of them.
            </p>
          )}
        </>
      ) : error ? (
        <LoadError error={error} onRetry={refetch} retrying={isFetching} />
      ) : (
        <SkeletonRows rows={3} label="Loading the webhooks of the file" />
      )}
    </Card>
  );
}

function Read({ file }: { file: WebhooksFile | undefined }) {
  const load = file?.last_load;
  return (
    <>
      <code className="font-mono text-ink">{file?.path}</code>
      {load ? (
        <>
          {" · last read "}
          <RelativeTime value={load.at} /> on {load.host} ({TRIGGERS[load.trigger]})
        </>
      ) : (
        " · not read yet"
      )}
    </>
  );
}

const TRIGGERS = {
  start: "a process started",
  signal: "SIGHUP",
  change: "the file changed",
  admin: "an administrator asked",
} as const;

function LastErrors({ file: { path, last_load } }: { file: WebhooksFile }) {
  if (!last_load || last_load.errors.length === 0) return null;
  const { errors, applied_at } = last_load;
  return (
    <CardBody className="border-line border-b">
      <Alert
        tone="danger"
        live
        title={`${path} was refused: ${errors.length === 1 ? "1 mistake" : `${errors.length} mistakes`}`}
      >
        {applied_at === null ? (
          "Nothing of it is in force."
        ) : (
          <>
            What was in force before stays so, since <RelativeTime value={applied_at} />. Mend the file; it is read
            again when it changes.
          </>
        )}
        <FileErrors errors={errors} />
      </Alert>
    </CardBody>
  );
}

function NoFile({ file }: { file: WebhooksFile }) {
  return (
    <EmptyState icon={<FileLock />} title="No webhook comes from a file" className="py-10">
      Declare them in <code className="font-mono text-ink text-xs">{file.path}</code>, as config/webhooks.yaml.example
      shows, and they appear here and in their projects.
    </EmptyState>
  );
}

/** Disabled by failures or a 410, not by the file. */
function isOff({ condition }: AdminWebhook): boolean {
  return condition.disabled_reason === "failing" || condition.disabled_reason === "gone";
}

function wordsOf({ loaded, created, updated, removed }: SyncResult): string {
  const changes = [
    [created, "created"],
    [updated, "changed"],
    [removed, "removed"],
  ] as const;
  const told = changes.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const total = loaded === 1 ? "1 webhook" : `${loaded} webhooks`;
  return told.length === 0 ? `${total}, nothing has changed` : `${total}: ${told.join(", ")}`;
}
