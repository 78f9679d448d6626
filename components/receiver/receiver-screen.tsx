"use client";
import { Lock, SearchX } from "lucide-react";
import { parseAsString, useQueryState } from "nuqs";
import { useEffect, useRef } from "react";
import { LoadError } from "@/components/shell/load-error";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import { useMediaQuery } from "@/components/ui/use-media-query";
import { changeBlock } from "@/components/webhooks/guarded";
import { RECEIVER_LIMITS } from "@/lib/contracts/receiver";
import { useGetReceiverQuery } from "@/store/receiver-api";
import { useReceiverLog } from "@/store/use-receiver-log";
import { ReceiverSettings } from "./receiver-settings";
import { RequestDetails } from "./request-details";
import { RequestLog } from "./request-log";
import { useSelectedRequest } from "./use-selected-request";

/** The project's built-in test receiver: its address, its answers, and what it got. */
export function ReceiverScreen() {
  const { project, can } = useProject();
  return (
    <>
      <PageHeader
        title="Test receiver"
        description="An endpoint of your own to point webhooks at: it keeps what comes, checks the signature, and answers as you tell it."
      />
      {can("receiver:read") ? (
        <Receiver key={project.id} />
      ) : (
        <Card>
          <EmptyState icon={<Lock />} title="You may not see the test receiver">
            Ask an owner or admin of the project for access.
          </EmptyState>
        </Card>
      )}
    </>
  );
}

function Receiver() {
  const { project, can } = useProject();
  const log = useReceiverLog(project.id);
  const receiver = useGetReceiverQuery({ projectId: project.id });
  // In the history, so that the browser's "back" closes the request again: on phones it takes the list's place.
  const [selectedId, select] = useQueryState("request", parseAsString.withOptions({ history: "push" }));
  const selected = useSelectedRequest(log, selectedId);
  const { details, keepPlace } = useReadingPlace(selectedId);
  const blocked = can("receiver:manage")
    ? undefined
    : "Your role can look at the test receiver but not change or clear it. Ask an owner or admin of the project.";
  return (
    <>
      {receiver.data ? (
        <ReceiverSettings
          projectId={project.id}
          receiver={receiver.data}
          blocked={blocked}
          webhookBlocked={changeBlock(can)}
        />
      ) : (
        <Card>
          {receiver.isError ? (
            <LoadError error={receiver.error} onRetry={receiver.refetch} retrying={receiver.isFetching} />
          ) : (
            <SkeletonRows rows={4} label="Loading the receiver" />
          )}
        </Card>
      )}
      <div className={cn("grid min-w-0 gap-6", selectedId !== null && "xl:grid-cols-[minmax(0,6fr)_minmax(0,5fr)]")}>
        <div className={cn("min-w-0", selectedId !== null && "max-xl:hidden")}>
          <RequestLog
            projectId={project.id}
            log={log}
            url={receiver.data?.url}
            blocked={blocked}
            selectedId={selectedId}
            onSelect={(id) => {
              keepPlace();
              select(id);
            }}
          />
        </div>
        {selectedId === null ? null : (
          <div
            ref={details}
            className="min-w-0 scroll-mt-16 xl:sticky xl:top-16 xl:max-h-[calc(100dvh-5rem)] xl:self-start xl:overflow-y-auto"
          >
            <Selected {...selected} onClose={() => select(null)} />
          </div>
        )}
      </div>
    </>
  );
}

type SelectedProps = ReturnType<typeof useSelectedRequest> & { onClose: () => void };

function Selected({ request, isSearching, onClose }: SelectedProps) {
  if (request) return <RequestDetails key={request.id} request={request} onClose={onClose} />;
  return (
    <Card>
      {isSearching ? (
        <SkeletonRows label="Loading the request" />
      ) : (
        <EmptyState
          icon={<SearchX />}
          title="This request is not here"
          actions={<Button onClick={onClose}>Show all requests</Button>}
        >
          Only the newest {RECEIVER_LIMITS.kept} of the project are kept, and it may have been cleared.
        </EmptyState>
      )}
    </Card>
  );
}

/**
 * Where details take the list's place, they are brought into view when they open, and the list is again where it was
 * when they close.
 */
function useReadingPlace(selectedId: string | null) {
  const isBeside = useMediaQuery("(width >= 80rem)");
  const details = useRef<HTMLDivElement>(null);
  const place = useRef<number>(undefined);
  useEffect(() => {
    if (isBeside) return;
    if (selectedId !== null) {
      details.current?.scrollIntoView();
    } else if (place.current !== undefined) {
      window.scrollTo({ top: place.current });
      place.current = undefined;
    }
  }, [selectedId, isBeside]);
  const keepPlace = () => {
    place.current = window.scrollY;
  };
  return { details, keepPlace };
}
