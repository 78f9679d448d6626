"use client";
import { useState } from "react";
import type { FieldValues, Path, UseFormSetError } from "react-hook-form";
import { type ApiError, isApiError } from "@/store/api-error";
import { placeErrors } from "./place-errors";

/** What the API refused: beside its fields where it names them, otherwise as a whole. */
export function useRefusal<T extends FieldValues>(fields: readonly Path<T>[], setError: UseFormSetError<T>) {
  const [refusal, setRefusal] = useState<{ attempt: number; error: ApiError | undefined } | null>(null);
  return {
    refusal,
    clear: () => setRefusal(null),
    refuse: (error: Parameters<typeof placeErrors>[0]["error"]) => {
      if (placeErrors({ error, fields, setError })) return;
      setRefusal((last) => ({ attempt: (last?.attempt ?? 0) + 1, error: isApiError(error) ? error : undefined }));
    },
  };
}
