"use client";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Skeleton } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import { usePreviewRetireNodeQuery, useRetireNodeMutation } from "@/store/fleet-api";
import { Refused } from "./refused";
import type { NodeDialogProps } from "./rename-node-dialog";
import { movedWords } from "./words";

/** Takes a node out of the fleet: first what that would do, then the confirmation. */
export function RetireNodeDialog(props: NodeDialogProps) {
  return (
    <Dialog
      open={props.open}
      onOpenChange={props.onOpenChange}
      title={`Take ${props.node.name} out of the fleet?`}
      description="Its GPUs are no longer sold, for good. What was booked on them in the past stays in the history."
    >
      <Retire {...props} />
    </Dialog>
  );
}

/** Mounted while the dialog is open. */
function Retire({ poolId, node, onOpenChange }: NodeDialogProps) {
  const preview = usePreviewRetireNodeQuery({ poolId, nodeId: node.id });
  const [retire, { isLoading, error }] = useRetireNodeMutation();
  const refusal = error ?? (preview.isFetching ? undefined : preview.error);
  const confirm = async () => {
    const { data } = await retire({ poolId, nodeId: node.id });
    if (!data) return;
    toast.success(`${node.name} is out of the fleet`, { description: movedWords(data.moved) });
    onOpenChange(false);
  };
  return (
    <>
      <DialogBody>
        {refusal ? (
          <Refused error={refusal} onRetry={preview.refetch} retrying={preview.isFetching} />
        ) : preview.currentData ? (
          <Alert tone={preview.currentData.moved === 0 ? "positive" : "info"} live title="It can be taken out">
            {movedWords(preview.currentData.moved)}
          </Alert>
        ) : (
          <div role="status">
            <span className="sr-only">Looking what is booked on it</span>
            <Skeleton className="h-14 w-full rounded-lg" />
          </div>
        )}
      </DialogBody>
      <DialogFooter>
        <DialogClose>
          <Button>Cancel</Button>
        </DialogClose>
        <Button
          variant="danger"
          loading={isLoading}
          disabled={preview.currentData === undefined || refusal !== undefined}
          onClick={() => void confirm()}
        >
          Take out of the fleet
        </Button>
      </DialogFooter>
    </>
  );
}
