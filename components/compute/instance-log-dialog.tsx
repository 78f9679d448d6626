"use client";
import { LogLines } from "@/components/instances/instance-log";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody } from "@/components/ui/dialog";
import type { AdminInstance } from "@/lib/contracts/instances";
import { useListAnyInstanceLogsInfiniteQuery } from "@/store/instances-api";

/** What happened to an instance of any project. */
export function InstanceLogDialog({ instance }: { instance: AdminInstance }) {
  const name = `${instance.name} of ${instance.project.name}`;
  return (
    <Dialog
      trigger={
        <Button size="sm" variant="ghost" aria-label={`Log of ${name}`}>
          Log
        </Button>
      }
      title={`Log of ${name}`}
      description="What happened to it, newest first."
      size="lg"
    >
      <DialogBody>
        <Lines instanceId={instance.id} />
      </DialogBody>
    </Dialog>
  );
}

/** Mounted, and so read, when the dialog opens. */
function Lines({ instanceId }: { instanceId: string }) {
  return <LogLines query={useListAnyInstanceLogsInfiniteQuery({ instanceId })} />;
}
