"use client";
import { Ban, Copy, Ellipsis, FlaskConical, Pencil, Power, Trash2 } from "lucide-react";
import Link from "next/link";
import { webhookHref } from "@/components/deliveries/links";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { toast } from "@/components/ui/toast";
import { useCopy } from "@/components/ui/use-copy";
import { nameOf } from "@/components/webhooks/words";
import type { Webhook } from "@/lib/contracts/webhooks";

export type WebhookMenuProps = {
  webhook: Webhook;
  /** Why it cannot be changed, or tested; undefined when it can. */
  changeBlocked: string | undefined;
  testBlocked: string | undefined;
  onTest: () => void;
  onSetEnabled: (enabled: boolean) => void;
  onDelete: () => void;
};

/** What can be done to a webhook of the list. */
export function WebhookMenu({ webhook, changeBlocked, testBlocked, onTest, onSetEnabled, onDelete }: WebhookMenuProps) {
  const { copy } = useCopy();
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" size="icon-sm" aria-label={`Actions for ${nameOf(webhook)}`}>
          <Ellipsis aria-hidden="true" />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        {changeBlocked === undefined ? null : (
          <DropdownMenuLabel className="max-w-60 whitespace-normal font-normal">{changeBlocked}</DropdownMenuLabel>
        )}
        <DropdownMenuItem disabled={changeBlocked !== undefined} asChild={changeBlocked === undefined}>
          {changeBlocked === undefined ? (
            <Link href={`${webhookHref(webhook.id)}/edit`}>
              <Pencil aria-hidden="true" />
              Edit
            </Link>
          ) : (
            <>
              <Pencil aria-hidden="true" />
              Edit
            </>
          )}
        </DropdownMenuItem>
        <DropdownMenuItem disabled={testBlocked !== undefined} onSelect={onTest}>
          <FlaskConical aria-hidden="true" />
          Send test
        </DropdownMenuItem>
        <DropdownMenuItem
          onSelect={() => {
            void copy(webhook.url).then(() => toast.success("URL copied"));
          }}
        >
          <Copy aria-hidden="true" />
          Copy URL
        </DropdownMenuItem>
        <DropdownMenuItem disabled={changeBlocked !== undefined} onSelect={() => onSetEnabled(!webhook.enabled)}>
          {webhook.enabled ? <Ban aria-hidden="true" /> : <Power aria-hidden="true" />}
          {webhook.enabled ? "Disable" : "Enable"}
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuItem tone="danger" disabled={changeBlocked !== undefined} onSelect={onDelete}>
          <Trash2 aria-hidden="true" />
          Delete…
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
