import { FIELD_OPERATORS, LOGICAL_OPERATORS, PAYLOAD_FILTER_LIMITS } from "@/lib/contracts/payload-filter";

/** What the operators of a payload filter mean, each ready to be read aloud as a pair. */
export function OperatorList() {
  return (
    <div className="flex flex-col gap-4 text-xs">
      <p className="text-ink-muted">
        A path begins with <Code>id</Code>, <Code>type</Code>, <Code>timestamp</Code>, <Code>correlation_id</Code> or{" "}
        <Code>data</Code>, such as <Code>data.gpu_count</Code>. Where it leads to a list, one element has to meet the
        condition. A number is also compared with a text that is one. Amounts such as <Code>data.cost_micros</Code> are
        micro-credits: 1,000,000 are one credit. Up to {PAYLOAD_FILTER_LIMITS.conditions} conditions,{" "}
        {PAYLOAD_FILTER_LIMITS.bytes / 1024} KiB of JSON.
      </p>
      <dl className="grid gap-x-6 gap-y-1.5 md:grid-cols-2">
        {Object.entries(FIELD_OPERATORS).map(([operator, { meaning }]) => (
          <Pair key={operator} operator={operator} meaning={meaning} />
        ))}
      </dl>
      <p className="text-ink-muted">Before a list of conditions:</p>
      <dl className="grid gap-x-6 gap-y-1.5 md:grid-cols-2">
        {Object.entries(LOGICAL_OPERATORS).map(([operator, meaning]) => (
          <Pair key={operator} operator={operator} meaning={meaning} />
        ))}
      </dl>
    </div>
  );
}

function Pair({ operator, meaning }: { operator: string; meaning: string }) {
  return (
    <div className="grid grid-cols-[6.5rem_minmax(0,1fr)] items-baseline gap-2">
      <dt>
        <Code>{operator}</Code>
      </dt>
      <dd className="text-ink-muted">{meaning}</dd>
    </div>
  );
}

function Code({ children }: { children: string }) {
  return <code className="font-mono text-ink">{children}</code>;
}
