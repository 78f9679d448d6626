"use client";
import Link from "next/link";
import { Timestamp } from "@/components/ui/timestamp";
import { type DeliveryDetail, OWN_FAULTS } from "@/lib/contracts/deliveries";
import { deliveryHref, inlineLinkClass } from "./links";
import { CountdownWords } from "./next-attempt";

/** When the attempt that is planned comes, or what it waits for. */
export function AttemptWaiting({ delivery, paused }: { delivery: DeliveryDetail; paused: boolean }) {
  const { waiting, next_attempt_at, error_code, error_message } = delivery;
  if (paused || waiting?.reason === "disabled") return "waits until the webhook is enabled";
  if (waiting?.reason === "lane" && waiting.head_delivery_id !== null) {
    return (
      <>
        waits its turn behind{" "}
        <Link href={deliveryHref(waiting.head_delivery_id)} className={inlineLinkClass}>
          an earlier delivery
        </Link>{" "}
        of its strict order
      </>
    );
  }
  if (waiting?.reason === "paused") {
    return (
      <>
        waits: the receiver asked for a pause until <Until at={waiting.until} />
      </>
    );
  }
  if (waiting?.reason === "probing") {
    return waiting.until === null ? (
      "waits: the webhook fails, and one delivery at a time is tried"
    ) : (
      <>
        waits: the webhook fails, and the next one is tried at <Until at={waiting.until} />
      </>
    );
  }
  if (waiting?.detail) return `waits: ${waiting.detail.charAt(0).toLowerCase()}${waiting.detail.slice(1)}`;
  if (next_attempt_at === null) return "is queued";
  return (
    <>
      {OWN_FAULTS.includes(error_code ?? "") ? (
        <>could not be sent, by our own fault: {error_message} It is tried </>
      ) : null}
      next <CountdownWords at={next_attempt_at} />
    </>
  );
}

function Until({ at }: { at: string | null }) {
  if (at === null) return "a time that is not known";
  return (
    <>
      <Timestamp value={at} /> (<CountdownWords at={at} />)
    </>
  );
}
