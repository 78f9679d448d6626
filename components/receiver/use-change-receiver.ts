import { useCallback } from "react";
import { toast } from "@/components/ui/toast";
import type { BodyInput } from "@/lib/contracts/operation";
import type { Receiver, updateReceiver } from "@/lib/contracts/receiver";
import { describeError, fieldErrors } from "@/store/api-error";
import { useUpdateReceiverMutation } from "@/store/receiver-api";
import { describeAnswer } from "./describe";

/** Saves and says what holds from now on. Undefined when it was refused: said beside the fields, or else in a toast. */
export type ChangeReceiver = (
  body: BodyInput<typeof updateReceiver>,
  onFieldError?: (field: string, message: string) => void,
) => Promise<Receiver | undefined>;

export function useChangeReceiver(projectId: string): ChangeReceiver {
  const [update] = useUpdateReceiverMutation();
  return useCallback(
    async (body, onFieldError) => {
      const { data, error } = await update({ projectId, body });
      if (data) {
        toast.success("Saved", { description: describeAnswer(data), id: "receiver" });
        return data;
      }
      const fields = onFieldError ? fieldErrors(error) : [];
      for (const { field, message } of fields) onFieldError?.(field, message);
      if (fields.length === 0) {
        const { title, detail, requestId } = describeError(error);
        toast.error(title, { description: detail, id: "receiver", ...(requestId === null ? {} : { requestId }) });
      }
      return undefined;
    },
    [update, projectId],
  );
}
