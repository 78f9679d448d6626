import { open, seal } from "@/lib/crypto/secret-box";

/** A processor's secret at rest: encrypted, bound to the processor so that a copied row does not open. */
export function sealProcessorSecret(processorId: string, secret: string): string {
  return seal(secret, processorSecretContext(processorId));
}

export function openProcessorSecret(processorId: string, sealed: string): string {
  return open(sealed, processorSecretContext(processorId));
}

export function processorSecretContext(processorId: string): string {
  return `processor.secret:${processorId}`;
}
