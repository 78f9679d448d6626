"use client";
import { CircleSlash, DoorOpen, Ellipsis, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { toast } from "@/components/ui/toast";
import { errorWords, showError } from "@/components/webhooks/use-webhook-actions";
import type { Pool } from "@/lib/contracts/fleet";
import { useDeletePoolMutation, useUpdatePoolMutation } from "@/store/fleet-api";
import { FLEET } from "./links";

/** Opens, closes or removes a pool. */
export function PoolMenu({ pool }: { pool: Pool }) {
  const router = useRouter();
  const [update] = useUpdatePoolMutation();
  const [remove] = useDeletePoolMutation();
  const [dialog, setDialog] = useState<"close" | "remove" | null>(null);
  const setOpen = async (open: boolean) => {
    await update({ poolId: pool.id, body: { open, version: pool.version } }).unwrap();
    toast.success(`${pool.name} ${open ? "takes bookings" : "takes no new bookings"}`);
  };
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button size="icon" aria-label="More actions">
            <Ellipsis aria-hidden="true" />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent>
          {pool.open ? (
            <DropdownMenuItem onSelect={() => setDialog("close")}>
              <CircleSlash aria-hidden="true" />
              Close…
            </DropdownMenuItem>
          ) : (
            <DropdownMenuItem
              onSelect={() =>
                void setOpen(true).catch((error: unknown) => showError(`${pool.name} could not be opened`, error))
              }
            >
              <DoorOpen aria-hidden="true" />
              Open
            </DropdownMenuItem>
          )}
          <DropdownMenuSeparator />
          <DropdownMenuItem tone="danger" onSelect={() => setDialog("remove")}>
            <Trash2 aria-hidden="true" />
            Remove…
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <ConfirmDialog
        open={dialog === "close"}
        onOpenChange={(open) => setDialog(open ? "close" : null)}
        title={`Close ${pool.name}?`}
        description="It takes no new bookings until it is opened again. Those that it has go on, and can still be changed and cancelled."
        confirmLabel="Close pool"
        tone="primary"
        onConfirm={() => setOpen(false)}
        describeError={errorWords}
      />
      <ConfirmDialog
        open={dialog === "remove"}
        onOpenChange={(open) => setDialog(open ? "remove" : null)}
        title={`Remove ${pool.name}?`}
        description="It goes with its nodes, for good. A pool that was ever booked cannot be removed: close it instead."
        confirmLabel="Remove pool"
        typeToConfirm={pool.name}
        onConfirm={async () => {
          await remove({ poolId: pool.id }).unwrap();
          toast.success(`${pool.name} was removed`);
          router.push(FLEET);
        }}
        describeError={errorWords}
      />
    </>
  );
}
