"use client";
import { useEffect, useEffectEvent, useRef } from "react";
import { type NoticeOptions, toast } from "./toast";

export type Notice = Omit<NoticeOptions, "id"> & { title: string };

/** Milliseconds between two versions of a notice: what is announced ever again is heard no more. */
const NEXT_VERSION_MS = 2000;

/** Keeps a notice on screen while there is one, with its text as it was when its version last changed. */
export function useNotice(id: string, notice: Notice | undefined, version: string): void {
  const isThere = notice !== undefined;
  const shownAt = useRef(Number.NEGATIVE_INFINITY);
  const show = useEffectEvent(() => {
    if (notice === undefined) return;
    const { title, ...options } = notice;
    shownAt.current = performance.now();
    toast.notice(title, { id, ...options });
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is shown again
  useEffect(() => {
    if (!isThere) return;
    const timer = setTimeout(show, Math.max(0, shownAt.current + NEXT_VERSION_MS - performance.now()));
    return () => clearTimeout(timer);
  }, [isThere, version]);
  useEffect(() => {
    if (isThere) return () => void toast.dismiss(id);
  }, [isThere, id]);
}
