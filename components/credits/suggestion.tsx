"use client";
import Link from "next/link";
import { creditsWords } from "@/components/reservations/money-words";
import { useProject } from "@/components/shell/project-context";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { formatUtc } from "@/components/ui/format";
import type { CreditSummary } from "@/lib/contracts/credits";
import { bookBeforeHref } from "./links";

/** Offers to use what runs out next before it does. */
export function Suggestion({ suggestion }: { suggestion: NonNullable<CreditSummary["suggestion"]> }) {
  const { can } = useProject();
  const { amount_micros, expires_at } = suggestion;
  return (
    <Alert
      tone="caution"
      title={`${creditsWords(amount_micros)} run out on ${formatUtc(Date.parse(expires_at))}`}
      actions={
        can("reservations:write") ? (
          <Button asChild variant="primary" size="sm">
            <Link href={bookBeforeHref(expires_at)}>Find GPUs to use them</Link>
          </Button>
        ) : undefined
      }
    >
      A booking made before then keeps them: what is held for a reservation stays good until it ends.
    </Alert>
  );
}
