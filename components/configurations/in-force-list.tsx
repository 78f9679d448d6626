import type { ConfigInForce } from "@/lib/contracts/configurations";
import { versionWords } from "./words";

/** What is deployed in which environment. */
export function InForceList({ inForce }: { inForce: readonly ConfigInForce[] }) {
  if (inForce.length === 0) return <span className="text-ink-muted text-xs">Nowhere deployed</span>;
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs">
      {inForce.map(({ environment, version }) => (
        <li key={environment} className="inline-flex items-baseline gap-1.5">
          <span className="text-ink-muted">{environment}</span>
          <span className="font-mono text-ink">{versionWords(version)}</span>
        </li>
      ))}
    </ul>
  );
}
