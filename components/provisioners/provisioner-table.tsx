"use client";
import { Ellipsis, KeyRound, Pencil, Trash2 } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { poolHref } from "@/components/fleet/links";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { RelativeTime } from "@/components/ui/relative-time";
import { StatusBadge } from "@/components/ui/status-badge";
import { ActionsTH, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { toast } from "@/components/ui/toast";
import { errorWords, showError } from "@/components/webhooks/use-webhook-actions";
import type { Provisioner, ProvisionerWithSecret } from "@/lib/contracts/provisioners";
import {
  useCheckProvisionerMutation,
  useDeleteProvisionerMutation,
  useRegenerateProvisionerSecretMutation,
} from "@/store/provisioners-api";
import { ProvisionerDialog } from "./provisioner-dialog";
import { checkWords, stateOf } from "./words";

type ProvisionerTableProps = {
  rows: readonly Provisioner[];
  onSecret: (provisioner: ProvisionerWithSecret) => void;
};

export function ProvisionerTable({ rows, onSecret }: ProvisionerTableProps) {
  return (
    <Table label="Provisioners" density="relaxed">
      <THead>
        <TR>
          <TH>Provisioner</TH>
          <TH>Pools</TH>
          <TH>State</TH>
          <TH>Last seen</TH>
          <ActionsTH />
        </TR>
      </THead>
      <TBody>
        {rows.map((row) => (
          <ProvisionerRow key={row.id} provisioner={row} onSecret={onSecret} />
        ))}
      </TBody>
    </Table>
  );
}

type ProvisionerRowProps = { provisioner: Provisioner; onSecret: ProvisionerTableProps["onSecret"] };

function ProvisionerRow({ provisioner, onSecret }: ProvisionerRowProps) {
  const state = stateOf(provisioner);
  return (
    <TR>
      <TD stackAs="title" className="md:max-w-80">
        {/* One child: on a phone the cell sets its children side by side. */}
        <span className="block">
          <span className="block truncate max-md:whitespace-normal">{provisioner.name}</span>
          <span className="block break-all font-mono font-normal text-ink-muted text-xs">{provisioner.url}</span>
        </span>
      </TD>
      <TD label="Pools">
        <PoolLinks pools={provisioner.pools} />
      </TD>
      <TD label="State" className="md:max-w-80">
        <span className="block max-md:text-end">
          <StatusBadge tone={state.tone}>{state.label}</StatusBadge>
          {provisioner.last_error === null ? null : (
            <span className="block break-words text-ink-muted text-xs">{provisioner.last_error}</span>
          )}
        </span>
      </TD>
      <TD label="Last seen">
        {provisioner.last_seen_at === null ? (
          <span className="text-ink-muted">Never</span>
        ) : (
          <RelativeTime value={provisioner.last_seen_at} />
        )}
      </TD>
      <TD stackAs="full" align="end">
        <span className="inline-flex gap-1">
          <CheckButton provisioner={provisioner} />
          <ProvisionerMenu provisioner={provisioner} onSecret={onSecret} />
        </span>
      </TD>
    </TR>
  );
}

function PoolLinks({ pools }: { pools: Provisioner["pools"] }) {
  if (pools.length === 0) return <span className="text-ink-muted">None</span>;
  return (
    <ul className="flex flex-col items-start max-md:items-end">
      {pools.map(({ id, name }) => (
        <li key={id}>
          <Link href={poolHref(id)} className="text-accent-ink hover:underline">
            {name}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function CheckButton({ provisioner }: { provisioner: Provisioner }) {
  const [check, { isLoading }] = useCheckProvisionerMutation();
  const run = async () => {
    try {
      const outcome = await check({ provisionerId: provisioner.id }).unwrap();
      const { title, description } = checkWords(outcome);
      if (outcome.ok && outcome.problems.length === 0) toast.success(title, { description });
      else toast.error(title, { description });
    } catch (error) {
      showError(`${provisioner.name} could not be checked`, error);
    }
  };
  return (
    <Button size="sm" loading={isLoading} aria-label={`Check ${provisioner.name}`} onClick={() => void run()}>
      Check
    </Button>
  );
}

function ProvisionerMenu({ provisioner, onSecret }: ProvisionerRowProps) {
  const { id, name, pools } = provisioner;
  const [dialog, setDialog] = useState<"change" | "secret" | "remove" | null>(null);
  const [regenerate, { reset }] = useRegenerateProvisionerSecretMutation();
  const [remove] = useDeleteProvisionerMutation();
  const shows = (which: typeof dialog) => ({
    open: dialog === which,
    onOpenChange: (open: boolean) => setDialog(open ? which : null),
  });
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button size="icon-sm" variant="ghost" aria-label={`More actions for ${name}`}>
            <Ellipsis aria-hidden="true" />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent>
          <DropdownMenuItem onSelect={() => setDialog("change")}>
            <Pencil aria-hidden="true" />
            Change…
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={() => setDialog("secret")}>
            <KeyRound aria-hidden="true" />
            Replace the secret…
          </DropdownMenuItem>
          <DropdownMenuSeparator />
          <DropdownMenuItem tone="danger" onSelect={() => setDialog("remove")}>
            <Trash2 aria-hidden="true" />
            Remove…
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <ProvisionerDialog provisioner={provisioner} {...shows("change")} />
      <ConfirmDialog
        {...shows("secret")}
        title={`Replace the secret of ${name}?`}
        description="Calls are signed with the new one from now on, and the provisioner refuses them until it knows it. Machines that run go on meanwhile."
        confirmLabel="Replace secret"
        onConfirm={async () => {
          onSecret(await regenerate({ provisionerId: id, body: {} }).unwrap());
          reset();
        }}
        describeError={errorWords}
      />
      <ConfirmDialog
        {...shows("remove")}
        title={`Remove ${name}?`}
        description={
          pools.length === 0
            ? "No pool has it. Its secret is gone with it."
            : "A pool has it, so it cannot be removed: choose another provider in the pool's form first."
        }
        confirmLabel="Remove provisioner"
        onConfirm={async () => {
          await remove({ provisionerId: id }).unwrap();
          toast.success(`${name} was removed`);
        }}
        describeError={errorWords}
      />
    </>
  );
}
