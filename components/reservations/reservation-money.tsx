import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Progress } from "@/components/ui/progress";
import type { Reservation } from "@/lib/contracts/reservations";
import { formatCredits } from "./money-words";
import { Line, PriceBreakdown } from "./price-breakdown";

/** The price of a reservation, and how much of it has been used. */
export function ReservationMoney({ reservation, zone }: { reservation: Reservation; zone: string }) {
  const { price, captured_micros, fees_micros } = reservation;
  const held = Math.max(0, price.total_micros - captured_micros);
  const isOpen = ["held", "confirmed", "active"].includes(reservation.status);
  return (
    <Card>
      <CardHeader title="Price" description="In credits; prepaid and kept aside when it was booked." />
      <CardBody className="flex flex-col gap-4">
        <PriceBreakdown price={price} zone={zone} />
        <div className="flex flex-col gap-2">
          <Progress label="Used of the price" value={captured_micros} max={Math.max(1, price.total_micros)} />
          <dl className="flex flex-col gap-1 text-sm tabular-nums">
            <Line label="Used so far">{formatCredits(captured_micros)}</Line>
            {isOpen ? <Line label="Held for the rest">{formatCredits(held)}</Line> : null}
            <Line label="Fees" note={fees_micros === 0 ? undefined : "Kept of what was given back"}>
              {formatCredits(fees_micros)}
            </Line>
          </dl>
        </div>
      </CardBody>
    </Card>
  );
}
