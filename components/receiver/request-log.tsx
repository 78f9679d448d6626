"use client";
import { ArrowUp, Inbox } from "lucide-react";
import { useState } from "react";
import { LoadError } from "@/components/shell/load-error";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code-block";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { formatNumber } from "@/components/ui/format";
import { LoadMore } from "@/components/ui/load-more";
import { SkeletonRows } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import { GuardedButton } from "@/components/webhooks/guarded";
import { RECEIVER_LIMITS } from "@/lib/contracts/receiver";
import { describeError, isApiError } from "@/store/api-error";
import { useClearReceiverRequestsMutation } from "@/store/receiver-api";
import type { useReceiverLog } from "@/store/use-receiver-log";
import { curlFor } from "./describe";
import { RequestList } from "./request-list";

type RequestLogProps = {
  projectId: string;
  log: ReturnType<typeof useReceiverLog>;
  /** The receiver's address, once known. */
  url: string | undefined;
  /** Why nothing can be cleared; undefined when it can. */
  blocked: string | undefined;
  selectedId: string | null;
  onSelect: (id: string | null) => void;
};

/** The requests that came. New ones wait behind a button, so that nothing moves under the reader's eyes. */
export function RequestLog({ projectId, log, url, blocked, selectedId, onSelect }: RequestLogProps) {
  const { requests, newCount, showNew } = log;
  return (
    <Card>
      <CardHeader
        title="Requests"
        description={`The newest ${RECEIVER_LIMITS.kept} are kept.`}
        actions={
          requests.length > 0 ? (
            <ClearButton projectId={projectId} blocked={blocked} onCleared={() => onSelect(null)} />
          ) : null
        }
      />
      {requests.length > 0 ? <NewRequests count={newCount} onShow={showNew} /> : null}
      <RequestRows log={log} url={url} selectedId={selectedId} onSelect={onSelect} />
    </Card>
  );
}

function RequestRows({
  log,
  url,
  selectedId,
  onSelect,
}: Pick<RequestLogProps, "log" | "url" | "selectedId" | "onSelect">) {
  const { requests, isLoading, error, hasMore, isLoadingMore, loadMore, showNew } = log;
  if (isLoading) return <SkeletonRows label="Loading requests" />;
  if (requests.length > 0) {
    return (
      <>
        <RequestList requests={requests} selectedId={selectedId} onSelect={onSelect} />
        <LoadMore
          shown={requests.length}
          noun={requests.length === 1 ? "request" : "requests"}
          hasMore={hasMore}
          loading={isLoadingMore}
          onLoadMore={() => loadMore()}
          error={error === undefined ? undefined : describeError(error).detail}
        />
      </>
    );
  }
  if (error !== undefined) return <LoadError error={error} onRetry={showNew} />;
  return (
    <EmptyState icon={<Inbox />} title="Nothing has come yet">
      Create a webhook with the address above and send it a test, or send something yourself:
      {url === undefined ? null : (
        <CodeBlock
          code={curlFor(url)}
          label="In a terminal"
          copyLabel="Copy command"
          wrap
          className="mt-4 text-start"
        />
      )}
    </EmptyState>
  );
}

/** Floats over the list's first line, so that its coming and going moves nothing. */
function NewRequests({ count, onShow }: { count: number; onShow: () => void }) {
  return (
    <div role="status" className="sticky top-(--table-top,0px) z-30 flex h-0 justify-center">
      {count === 0 ? null : (
        <Button variant="primary" size="sm" onClick={onShow} className="mt-0.5 shadow-pop">
          <ArrowUp aria-hidden="true" />
          {formatNumber(count)} new {count === 1 ? "request" : "requests"}
        </Button>
      )}
    </div>
  );
}

function ClearButton({
  projectId,
  blocked,
  onCleared,
}: {
  projectId: string;
  blocked: string | undefined;
  onCleared: () => void;
}) {
  const [open, setOpen] = useState(false);
  const [clear] = useClearReceiverRequestsMutation();
  return (
    <>
      <GuardedButton blocked={blocked} size="sm" onClick={() => setOpen(true)}>
        Clear
      </GuardedButton>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title="Clear all requests?"
        description="The receiver forgets every request it got, for everyone in the project. Deliveries and their attempts stay in the log."
        confirmLabel="Clear requests"
        describeError={(error) => (isApiError(error) ? describeError(error).detail : "That did not work. Try again.")}
        onConfirm={async () => {
          await clear({ projectId }).unwrap();
          onCleared();
          toast.success("Requests cleared");
        }}
      />
    </>
  );
}
