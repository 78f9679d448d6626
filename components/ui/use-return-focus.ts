"use client";
import { useRef } from "react";

/**
 * Gives the focus back to whatever had it when a dialog opened. Radix returns it to the dialog's own trigger; one that
 * is opened from elsewhere (a menu, a select) has none, and the focus would be lost to the page.
 */
export function useReturnFocus(hasTrigger: boolean): {
  onOpenAutoFocus: () => void;
  onCloseAutoFocus: (event: Event) => void;
} {
  const opener = useRef<HTMLElement | null>(null);
  return {
    onOpenAutoFocus: () => {
      opener.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    },
    onCloseAutoFocus: (event) => {
      if (hasTrigger || !opener.current?.isConnected) return;
      event.preventDefault();
      opener.current.focus();
    },
  };
}
