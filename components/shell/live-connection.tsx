"use client";

import { useEffect } from "react";
import { useAppDispatch } from "@/store/hooks";
import { streamStarted, streamStopped } from "@/store/live-slice";

/** Keeps the live stream of the project open as long as the console is on screen. */
export function LiveConnection({ projectId }: { projectId: string }) {
  const dispatch = useAppDispatch();
  useEffect(() => {
    dispatch(streamStarted(projectId));
    return () => {
      dispatch(streamStopped());
    };
  }, [dispatch, projectId]);
  return null;
}
