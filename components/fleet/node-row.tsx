"use client";
import { Ellipsis, Pencil, Unplug, Wrench } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import type { PoolDetail } from "@/lib/contracts/fleet";
import type { NodeUnits } from "@/lib/contracts/fleet-admin";
import { MaintenanceDialog } from "./maintenance-dialog";
import { RenameNodeDialog } from "./rename-node-dialog";
import { RetireNodeDialog } from "./retire-node-dialog";
import { UnitCell } from "./unit-cell";

type NodeRowProps = { pool: PoolDetail; node: NodeUnits };

/** A node: how much of it is taken, its GPUs, and what can be done with it. */
export function NodeRow({ pool, node }: NodeRowProps) {
  const [dialog, setDialog] = useState<"rename" | "retire" | "maintenance" | null>(null);
  const busy = node.units.filter(({ now }) => now !== null).length;
  const dialogProps = (name: NonNullable<typeof dialog>) => ({
    open: dialog === name,
    onOpenChange: (open: boolean) => setDialog(open ? name : null),
  });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5">
      <div className="w-40 min-w-0 max-sm:flex-1">
        <p className="truncate font-medium text-ink text-sm" title={node.name}>
          {node.name}
        </p>
        <p className="text-ink-muted text-xs tabular-nums">
          {busy} of {node.units.length} in use
        </p>
      </div>
      <ul
        aria-label={`GPUs of ${node.name}`}
        className="flex min-w-0 flex-1 flex-wrap gap-1.5 max-sm:order-last max-sm:basis-full"
      >
        {node.units.map((unit) => (
          <li key={unit.id}>
            <UnitCell unit={unit} node={node.name} />
          </li>
        ))}
      </ul>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button size="icon-sm" variant="ghost" aria-label={`Actions for ${node.name}`}>
            <Ellipsis aria-hidden="true" />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent>
          <DropdownMenuItem onSelect={() => setDialog("rename")}>
            <Pencil aria-hidden="true" />
            Rename…
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={() => setDialog("maintenance")}>
            <Wrench aria-hidden="true" />
            Plan maintenance…
          </DropdownMenuItem>
          <DropdownMenuSeparator />
          <DropdownMenuItem tone="danger" onSelect={() => setDialog("retire")}>
            <Unplug aria-hidden="true" />
            Take out of the fleet…
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <RenameNodeDialog poolId={pool.id} node={node} {...dialogProps("rename")} />
      <RetireNodeDialog poolId={pool.id} node={node} {...dialogProps("retire")} />
      <MaintenanceDialog pool={pool} nodeIds={[node.id]} {...dialogProps("maintenance")} />
    </li>
  );
}
