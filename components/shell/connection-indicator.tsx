"use client";
import { LoaderCircle, Pause, Wifi, WifiOff } from "lucide-react";
import { cn } from "@/components/ui/cn";
import { Tooltip } from "@/components/ui/tooltip";

export type ConnectionState = "live" | "connecting" | "reconnecting" | "paused" | "offline";

export type ConnectionIndicatorProps = {
  state: ConnectionState;
  /** More about it, on hover and focus. */
  detail?: string | undefined;
};

const looks = {
  live: {
    icon: Wifi,
    word: "Live",
    detail: "Changes appear here as they happen.",
    className: "text-ink-muted [&_svg]:text-positive",
  },
  connecting: {
    icon: LoaderCircle,
    word: "Connecting",
    detail: "Connecting to live updates.",
    className: "text-ink-muted [&_svg]:animate-spin",
  },
  reconnecting: {
    icon: LoaderCircle,
    word: "Reconnecting",
    detail: "The server does not answer; trying again. What you see may be old.",
    className: "text-caution [&_svg]:animate-spin",
  },
  paused: { icon: Pause, word: "Paused", detail: "Live updates are paused.", className: "text-ink-muted" },
  offline: {
    icon: WifiOff,
    word: "Offline",
    detail: "This device is offline. What you see may be old; it is brought up to date once you are online again.",
    className: "text-danger",
  },
};

/** Whether what is on the screen is up to date. */
export function ConnectionIndicator({ state, detail }: ConnectionIndicatorProps) {
  const { icon: Icon, word, detail: usual, className } = looks[state];
  return (
    <Tooltip content={detail ?? usual} side="bottom">
      <button
        type="button"
        className={cn(
          "flex h-8 cursor-default! items-center gap-1.5 rounded-md px-2 font-medium text-xs pointer-coarse:h-11 [&_svg]:size-3.5",
          className,
        )}
      >
        <Icon aria-hidden="true" />
        <span role="status" className="max-sm:sr-only">
          {word}
        </span>
      </button>
    </Tooltip>
  );
}
