import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code-block";
import type { Instance } from "@/lib/contracts/instances";
import { addressText, connectionsOf } from "./words";

/** Where a running instance is reached, ready to be copied. */
export function InstanceConnect({ instance: { address, provider } }: { instance: Instance }) {
  if (address === null) return null;
  return (
    <Card>
      <CardHeader
        title="How to reach it"
        description={
          provider === "simulated"
            ? "A simulated machine: it has an address as a real one has, and nobody answers there."
            : "The address lasts until it stops."
        }
      />
      <CardBody className="flex flex-col gap-3">
        <CodeBlock label="Address" code={addressText(address)} copyLabel="Copy the address" wrap />
        {connectionsOf(address).map(({ label, line }) => (
          <CodeBlock key={label} label={label} code={line} copyLabel="Copy the command" wrap />
        ))}
      </CardBody>
    </Card>
  );
}
