"use client";
import { useEffect, useEffectEvent } from "react";

/** Handlers by the key's name as the browser reports it: "j", "/", "?", "Escape". */
export type Hotkeys = Readonly<Record<string, (event: KeyboardEvent) => void>>;

const FIELDS = "input, textarea, select, [contenteditable]:not([contenteditable=false])";
const LAYERS = "[role=dialog], [role=alertdialog], [role=menu], [role=listbox]";

/**
 * Keys for the whole page. None fires while something is typed into a field, inside a dialog, menu or list of choices,
 * with Ctrl, Alt or Meta, or when something nearer has dealt with the key; only Escape also leaves fields.
 */
export function useHotkeys(keys: Hotkeys): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const handler = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (handler === undefined || event.defaultPrevented || event.isComposing) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest(LAYERS)) return;
    if (event.key !== "Escape" && target?.closest(FIELDS)) return;
    event.preventDefault();
    handler(event);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event);
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}
