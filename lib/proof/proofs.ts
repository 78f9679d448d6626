import { ACCOUNT_PROOFS } from "@/lib/proof/accounts";
import { BOOKING_PROOFS } from "@/lib/proof/bookings";
import { CONFIGURATION_PROOFS } from "@/lib/proof/configurations";
import { DELIVERY_PROOFS } from "@/lib/proof/deliveries";
import { FAILOVER_PROOFS } from "@/lib/proof/failovers";
import { MACHINE_PROOFS } from "@/lib/proof/machines";
import type { Proof } from "@/lib/proof/proof";

/** What raises each event type: at least one operation, each with a test of its name. */
export const PROOFS: readonly Proof[] = [
  ...MACHINE_PROOFS,
  ...FAILOVER_PROOFS,
  ...BOOKING_PROOFS,
  ...CONFIGURATION_PROOFS,
  ...ACCOUNT_PROOFS,
  ...DELIVERY_PROOFS,
];
