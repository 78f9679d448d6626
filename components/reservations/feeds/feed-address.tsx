"use client";
import { CalendarPlus } from "lucide-react";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { DialogBody, DialogFooter } from "@/components/ui/dialog";
import type { OpenedFeed } from "@/lib/contracts/calendar-feeds";

/** The address of a calendar, the one time that it is shown. */
export function FeedAddress({ feed, onDone }: { feed: OpenedFeed; onDone: () => void }) {
  return (
    <>
      <DialogBody>
        <CodeBlock code={feed.url} label="Calendar address" copyLabel="Copy address" wrap />
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <Button asChild size="sm">
            <a href={feed.url.replace(/^https?:/, "webcal:")}>
              <CalendarPlus aria-hidden="true" />
              Open in the calendar of this device
            </a>
          </Button>
          <p className="text-ink-muted text-xs">A lost address cannot be read again, only replaced.</p>
        </div>
        <p className="text-ink-muted text-sm">
          It stops working when you revoke it or leave the project. Calendars read it again every 15 minutes to a day,
          as they are set.
        </p>
      </DialogBody>
      <DialogFooter>
        <Button variant="primary" onClick={onDone}>
          I have copied it
        </Button>
      </DialogFooter>
    </>
  );
}
