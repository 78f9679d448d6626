"use client";
import { useState } from "react";
import type { Reservation } from "@/lib/contracts/reservations";
import { type ApiError, isApiError } from "@/store/api-error";
import { attemptKeys } from "@/store/attempt-keys";
import { type CreateReservationInput, useCreateReservationMutation } from "@/store/reservations-api";

export type Booking = {
  /** Books or holds; null when it was refused, which `refusal` then tells. */
  book: (body: CreateReservationInput) => Promise<Reservation | null>;
  isBooking: boolean;
  /** Why the last try was refused; undefined inside when the failure was not the API's. */
  refusal: { attempt: number; error: ApiError | undefined } | null;
  clear: () => void;
};

/** Books GPUs. Sending the same booking again after an answer that was lost does not book twice. */
export function useBooking(projectId: string): Booking {
  const [create, { isLoading }] = useCreateReservationMutation();
  const [refusal, setRefusal] = useState<Booking["refusal"]>(null);
  const [keys] = useState(attemptKeys);
  return {
    isBooking: isLoading,
    refusal,
    clear: () => setRefusal(null),
    book: async (body) => {
      const { data, error } = await create({ projectId, body, idempotencyKey: keys.keyOf(body) });
      if (data === undefined) {
        setRefusal((last) => ({ attempt: (last?.attempt ?? 0) + 1, error: isApiError(error) ? error : undefined }));
        return null;
      }
      keys.done();
      setRefusal(null);
      return data;
    },
  };
}
