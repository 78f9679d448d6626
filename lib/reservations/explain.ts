import type { Actor } from "@/lib/accounts/actor";
import { AppError } from "@/lib/errors";
import type { CapacityRefused } from "@/lib/reservations/refusal";
import { spanOf } from "@/lib/reservations/segments";

/** The error that the caller sees of a refusal, made after its transaction is over. */
export async function explainRefusal(_actor: Actor, refused: CapacityRefused, _now?: Date): Promise<AppError> {
  return new AppError("capacity_unavailable", reasonInWords(refused));
}

function reasonInWords({ pool, want, reason }: CapacityRefused): string {
  const { most } = spanOf(want.parts);
  const gpus = most === 1 ? "1 GPU is" : `${most} GPUs are`;
  if (reason === "capacity") return `${gpus} not free in ${pool.name} over the whole time.`;
  if (reason === "topology") return `${gpus} free in ${pool.name}, but not on one node over the whole time.`;
  return `${gpus} free in ${pool.name} at every moment, but not the same ones over the whole time, and what stands in between cannot be moved.`;
}
