"use client";
import Link from "next/link";
import { toast as show } from "sonner";

export type ToastOptions = {
  description?: string | undefined;
  action?: { label: string; onClick: () => void } | undefined;
  /** Toasts with the same id replace each other. */
  id?: string | undefined;
};

export type ErrorToastOptions = ToastOptions & { requestId?: string | undefined };

export type NoticeOptions = {
  /** Notices with the same id replace each other. */
  id: string;
  tone: "positive" | "caution" | "danger";
  description: string;
  link: { label: string; href: string };
  /** It is on screen no more: dismissed, its link followed, or its time over. */
  onGone: () => void;
};

/** How long good news stay, in ms. What is bad stays until somebody dismisses it. */
const GOOD_NEWS_MS = 10_000;
const SHOW = { positive: show.success, caution: show.warning, danger: show.error };

/**
 * Short news about what the user just did, and notices of what happened meanwhile. Errors stay until dismissed, so that
 * they can be read and reported; what the user must act upon belongs into the page, not here.
 */
export const toast = {
  success: (title: string, options: ToastOptions = {}) => show.success(title, plain(options)),
  info: (title: string, options: ToastOptions = {}) => show.info(title, plain(options)),
  error: (title: string, { requestId, ...options }: ErrorToastOptions = {}) => {
    const description = [options.description, requestId === undefined ? undefined : `Request ${requestId}`];
    const text = description.filter(Boolean).join("\n");
    return show.error(title, {
      ...plain(options),
      ...(text === "" ? {} : { description: text }),
      duration: Number.POSITIVE_INFINITY,
    });
  },
  notice: (title: string, { id, tone, description, link, onGone }: NoticeOptions) =>
    SHOW[tone](title, {
      id,
      description,
      duration: tone === "positive" ? GOOD_NEWS_MS : Number.POSITIVE_INFINITY,
      action: (
        <Link
          href={link.href}
          onClick={onGone}
          className="shrink-0 rounded-md border border-line-strong px-2 py-0.5 font-medium text-xs hover:bg-hover"
        >
          {link.label}
        </Link>
      ),
      onDismiss: onGone,
      onAutoClose: onGone,
    }),
  dismiss: (id?: string | number) => show.dismiss(id),
};

function plain({ description, action, id }: ToastOptions) {
  return {
    ...(description === undefined ? {} : { description }),
    ...(action === undefined ? {} : { action }),
    ...(id === undefined ? {} : { id }),
  };
}
