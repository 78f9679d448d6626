import Link from "next/link";
import { deliveriesHref, eventsHref, textLinkClass } from "@/components/deliveries/links";

/** From something to the events and deliveries that share its correlation id. */
export function CorrelationLinks({ correlationId }: { correlationId: string }) {
  return (
    <>
      <Link href={eventsHref({ correlation_id: correlationId })} className={textLinkClass}>
        Its events
      </Link>
      <Link href={deliveriesHref({ q: correlationId })} className={textLinkClass}>
        Its deliveries
      </Link>
    </>
  );
}
