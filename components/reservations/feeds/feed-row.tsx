"use client";
import { useState } from "react";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { RelativeTime } from "@/components/ui/relative-time";
import { toast } from "@/components/ui/toast";
import type { Feed, OpenedFeed } from "@/lib/contracts/calendar-feeds";
import { describeError, isApiError } from "@/store/api-error";
import { useDeleteFeedMutation, useRegenerateFeedMutation } from "@/store/feeds-api";
import { feedWords } from "./words";

/** One calendar, with the means to replace its address or to revoke it. */
export function FeedRow({ feed, onOpened }: { feed: Feed; onOpened: (feed: OpenedFeed) => void }) {
  const { project } = useProject();
  const [regenerate, { reset }] = useRegenerateFeedMutation();
  const [revoke] = useDeleteFeedMutation();
  const [asking, setAsking] = useState<"regenerate" | "revoke" | null>(null);
  const one = { projectId: project.id, feedId: feed.id };
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-56">
        <p className="truncate font-medium text-ink text-sm">{feed.name}</p>
        <p className="text-ink-muted text-xs">{feedWords(feed)}</p>
        <p className="text-ink-muted text-xs">
          {feed.last_read_at === null ? (
            "Not read yet"
          ) : (
            <>
              Read <RelativeTime value={feed.last_read_at} />
            </>
          )}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button size="sm" aria-label={`New address for ${feed.name}`} onClick={() => setAsking("regenerate")}>
          New address
        </Button>
        <Button size="sm" aria-label={`Revoke ${feed.name}`} onClick={() => setAsking("revoke")}>
          Revoke
        </Button>
      </div>
      <ConfirmDialog
        open={asking === "regenerate"}
        onOpenChange={(open) => setAsking(open ? "regenerate" : null)}
        title={`Replace the address of “${feed.name}”?`}
        description="The old address stops working at once: calendars that use it keep what they have and get nothing new. The new one is shown once."
        confirmLabel="Replace the address"
        tone="primary"
        onConfirm={async () => {
          onOpened(await regenerate(one).unwrap());
          reset();
        }}
        describeError={wordsOf}
      />
      <ConfirmDialog
        open={asking === "revoke"}
        onOpenChange={(open) => setAsking(open ? "revoke" : null)}
        title={`Revoke “${feed.name}”?`}
        description="Its address stops working at once and cannot be brought back. Reservations are not affected."
        confirmLabel="Revoke calendar"
        cancelLabel="Keep it"
        onConfirm={async () => {
          await revoke(one).unwrap();
          toast.success(`Revoked “${feed.name}”`);
        }}
        describeError={wordsOf}
      />
    </li>
  );
}

function wordsOf(error: unknown): string {
  return describeError(isApiError(error) ? error : undefined).detail;
}
