import type { FieldValues, Path, UseFormSetError } from "react-hook-form";
import { fieldErrors } from "@/store/api-error";

/**
 * Puts the messages of a refused form beside their fields; the first one takes the focus.
 * @param fields the fields that the form has
 * @returns whether that said it all; otherwise the refusal has to be shown as a whole
 */
export function placeErrors<T extends FieldValues>({
  error,
  fields,
  setError,
}: {
  error: Parameters<typeof fieldErrors>[0];
  fields: readonly Path<T>[];
  setError: UseFormSetError<T>;
}): boolean {
  const refused = fieldErrors(error);
  let placed = 0;
  for (const { field, message } of refused) {
    const name = fields.find((own) => own === field || field.startsWith(`${own}[`));
    if (name === undefined) continue;
    setError(name, { type: "server", message }, { shouldFocus: placed === 0 });
    placed += 1;
  }
  return placed > 0 && placed === refused.length;
}
