import { open, seal } from "@/lib/crypto/secret-box";

/** A provisioner's secret at rest: encrypted, bound to its row. */
export function sealProvisionerSecret(provisionerId: string, secret: string): string {
  return seal(secret, provisionerSecretContext(provisionerId));
}

export function openProvisionerSecret(provisionerId: string, sealed: string): string {
  return open(sealed, provisionerSecretContext(provisionerId));
}

export function provisionerSecretContext(provisionerId: string): string {
  return `provisioner.secret:${provisionerId}`;
}
