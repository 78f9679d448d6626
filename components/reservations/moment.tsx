import { Timestamp } from "@/components/ui/timestamp";
import { momentWords } from "./time-words";
import { offsetText } from "./wall-fields";

/** A moment by the clock of a zone, with the same in UTC below; all its forms on hover and focus. */
export function ZonedMoment({ value, zone }: { value: string; zone: string }) {
  const ms = Date.parse(value);
  return (
    <span className="inline-flex flex-col tabular-nums">
      <Timestamp value={value}>
        {momentWords(ms, zone)} {zone === "UTC" ? "UTC" : offsetText(zone, ms)}
      </Timestamp>
      {zone === "UTC" ? null : <span className="text-ink-muted text-xs">{momentWords(ms, "UTC")} UTC</span>}
    </span>
  );
}
