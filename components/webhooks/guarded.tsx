"use client";
import { Lock } from "lucide-react";
import type { MouseEvent } from "react";
import { Button, type ButtonProps } from "@/components/ui/button";
import { Switch, type SwitchProps } from "@/components/ui/switch";
import { Tooltip } from "@/components/ui/tooltip";
import type { Permission } from "@/lib/contracts/permissions";
import type { Webhook } from "@/lib/contracts/webhooks";

/**
 * Why a webhook cannot be changed by the reader; undefined when it can. Without a webhook: why none can be created or
 * tested (those of the configuration file can be tested like any other). The server decides the same.
 */
export function changeBlock(
  can: (permission: Permission) => boolean,
  webhook?: Pick<Webhook, "source" | "file">,
): string | undefined {
  if (!can("webhooks:write")) return "Your role can look at webhooks but not change or test them.";
  if (webhook?.source === "file")
    return `This webhook is declared in ${webhook.file?.path ?? "the configuration file"}; change it there.`;
  return undefined;
}

type Blocked = {
  /** Why it cannot be used. It then stays visible and focusable, so that the reason can be read. */
  blocked: string | undefined;
};

/** A button that says why it cannot be pressed. */
export function GuardedButton({ blocked, ...props }: Omit<ButtonProps, "asChild"> & Blocked) {
  if (blocked === undefined) return <Button {...props} />;
  return (
    <Tooltip content={blocked}>
      <Button {...props} loading={false} aria-disabled="true" onClick={swallow} />
    </Tooltip>
  );
}

/** A switch that says why it cannot be turned. */
export function GuardedSwitch({ blocked, ...props }: SwitchProps & Blocked) {
  if (blocked === undefined) return <Switch {...props} />;
  return (
    <Tooltip content={blocked}>
      {/* Around the switch: on it, the tooltip's state would take the place of on and off. */}
      <span className="inline-flex">
        <Switch
          {...props}
          aria-disabled="true"
          aria-description={blocked}
          onClick={swallow}
          className="cursor-not-allowed! opacity-50"
        />
      </span>
    </Tooltip>
  );
}

/** The reason as a line of the page, for those whose device shows no tooltips. */
export function ReadOnlyNote({ children }: { children: string }) {
  return (
    <p className="flex items-start gap-1.5 text-ink-muted text-xs">
      <Lock aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
      {children}
    </p>
  );
}

/** Radix takes a prevented click for "nothing happened". */
function swallow(event: MouseEvent) {
  event.preventDefault();
}
