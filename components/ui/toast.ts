"use client";
import { toast as show } from "sonner";

export type ToastOptions = {
  description?: string | undefined;
  action?: { label: string; onClick: () => void } | undefined;
  /** Toasts with the same id replace each other. */
  id?: string | undefined;
};

export type ErrorToastOptions = ToastOptions & { requestId?: string | undefined };

/**
 * Short news about what the user just did. Errors stay until dismissed, so that they can be read and reported; what the
 * user must act upon belongs into the page, not here.
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
  dismiss: (id?: string | number) => show.dismiss(id),
};

function plain({ description, action, id }: ToastOptions) {
  return {
    ...(description === undefined ? {} : { description }),
    ...(action === undefined ? {} : { action }),
    ...(id === undefined ? {} : { id }),
  };
}
