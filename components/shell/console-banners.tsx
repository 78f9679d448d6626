"use client";

import { usePathname } from "next/navigation";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { WebhookNotices } from "@/components/webhooks/webhook-notices";
import { useAppSelector } from "@/store/hooks";
import { selectDatabaseDown, selectSessionEnded } from "@/store/live-slice";

/** What the whole console must know; each goes away by itself when it is over. */
export function ConsoleBanners() {
  const databaseDown = useAppSelector(selectDatabaseDown);
  const sessionEnded = useAppSelector(selectSessionEnded);
  const pathname = usePathname();
  return (
    <div className="flex flex-col gap-2 px-4 pt-4 empty:hidden sm:px-6 lg:px-8">
      {databaseDown ? (
        <Alert tone="danger" title="The database cannot be reached" live>
          Nothing is lost: accepted events are stored, and their deliveries go on once the database is back. What you
          see may be old; it is brought up to date by itself.
        </Alert>
      ) : null}
      {sessionEnded ? (
        <Alert
          tone="caution"
          title="You are signed out"
          live
          actions={
            <Button asChild size="sm">
              <a href={`/login?callbackUrl=${encodeURIComponent(pathname)}`}>Sign in again</a>
            </Button>
          }
        >
          Your session ended or was revoked. Sign in again to go on; what you see is no longer updated.
        </Alert>
      ) : null}
      <WebhookNotices />
    </div>
  );
}
