import { SOURCE_WORDS } from "@/components/credits/words";
import { Timestamp } from "@/components/ui/timestamp";
import { GRANT_SOURCES } from "@/lib/contracts/credits";
import type { Settlement } from "@/lib/contracts/reservations";
import { bpsWords, formatCredits, formatSigned } from "./money-words";
import { Line } from "./price-breakdown";

/** What a change does to the project's credits, grant by grant. */
export function SettlementView({ settlement }: { settlement: Settlement }) {
  const { charge_micros, refund_micros, fee_micros, refund_bps, grants, available_after_micros } = settlement;
  return (
    <div className="flex flex-col gap-3">
      <dl className="flex flex-col gap-1 text-sm tabular-nums">
        {charge_micros > 0 ? <Line label="Charged in addition">{formatCredits(charge_micros)}</Line> : null}
        {refund_bps === null ? null : (
          <>
            <Line label="Comes back" note={`${bpsWords(refund_bps)} at this notice`}>
              {formatCredits(refund_micros)}
            </Line>
            <Line label="Fee" note={fee_micros === 0 ? "Nothing is kept" : "Kept of what is given back"}>
              {formatCredits(fee_micros)}
            </Line>
          </>
        )}
        <Line label="Available afterwards" strong>
          {formatCredits(available_after_micros)}
        </Line>
      </dl>
      {grants.length === 0 ? null : (
        <table className="w-full text-sm" aria-label="Grant by grant">
          <thead>
            <tr className="text-ink-muted text-xs">
              <th scope="col" className="py-1 text-start font-medium">
                Grant
              </th>
              <th scope="col" className="py-1 text-start font-medium">
                Expires
              </th>
              <th scope="col" className="py-1 text-end font-medium">
                Credits
              </th>
            </tr>
          </thead>
          <tbody>
            {grants.map((grant) => (
              <tr key={`${grant.grant_id} ${grant.replaced}`} className="border-line border-t align-baseline">
                <td className="py-1.5 pr-3 text-ink">
                  {sourceWord(grant.source)}
                  {grant.replaced ? (
                    <span className="block text-ink-muted text-xs">Has run out: a new one takes its place</span>
                  ) : null}
                </td>
                <td className="py-1.5 pr-3 text-ink-muted">
                  {grant.expires_at === null ? "Never" : <Timestamp value={grant.expires_at} date="always" />}
                </td>
                <td className="py-1.5 text-end tabular-nums">{formatSigned(grant.amount_micros)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function sourceWord(source: string): string {
  const known = GRANT_SOURCES.find((name) => name === source);
  return known === undefined ? source : SOURCE_WORDS[known];
}
