import { formatBytes } from "@/components/ui/format";
import type { Attempt } from "@/lib/contracts/deliveries";

type Body = Pick<NonNullable<Attempt["response"]>, "body" | "total_bytes">;

/** What is stored of a body at most. */
const KEPT_BYTES = 64 * 1024;

/** How long a body is: as announced or read, else what is there of it. */
export function sizeWords({ body, total_bytes }: Body): string {
  if (body === "" && (total_bytes ?? 0) === 0) return "no body";
  return `body of ${formatBytes(total_bytes ?? byteLength(body))}`;
}

/** How much is shown of how much, of a body that was not read to its end. */
export function truncationWords({ body, total_bytes }: Body): string {
  // What cannot be decoded was replaced by longer characters, so the text may be longer than the bytes it stands for.
  const shown = formatBytes(Math.min(byteLength(body), KEPT_BYTES));
  if (total_bytes === null) return `Shown: the first ${shown}; there was more`;
  return `Shown: ${shown} of ${formatBytes(total_bytes)}`;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
