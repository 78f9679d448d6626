import { Check } from "lucide-react";
import { Card } from "@/components/ui/card";
import { PlanNotice } from "./notices";

const GAINS = [
  "Book GPUs for a fixed time, up to a year ahead, at 10 to 20 % less than by the hour.",
  "What is booked is kept: nobody else can get it, and spare GPUs stand by for failures.",
  "Move, extend, shrink or give back part of a booking, with the price and the refund before you confirm.",
  "A waiting list, recurring bookings, and a calendar that your own calendar program can follow.",
];

/** To a project without the plan: that it cannot book, as the API would say, and what it would get. */
export function PlanExplanation() {
  return (
    <div className="flex flex-col gap-3">
      <PlanNotice />
      <Card className="px-4 py-3">
        <h2 className="font-medium text-ink text-sm">With the premium plan</h2>
        <ul className="mt-2 grid gap-x-6 gap-y-1.5 text-ink-muted text-sm md:grid-cols-2">
          {GAINS.map((gain) => (
            <li key={gain} className="flex gap-2">
              <Check aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-positive" />
              {gain}
            </li>
          ))}
        </ul>
        <p className="mt-3 text-ink-muted text-xs">
          Until then the API answers bookings with 403 <code className="font-mono">plan_required</code>; pools, prices
          and free times below can be seen by everybody.
        </p>
      </Card>
    </div>
  );
}
