import { useState } from "react";
import type { RequestWebhook } from "@/lib/contracts/request-webhook";
import { fieldErrors } from "@/store/api-error";
import type { RequestWebhookFieldsProps } from "./request-webhook-fields";
import {
  NO_REQUEST_WEBHOOK,
  type RequestWebhookValues,
  requestWebhookErrors,
  requestWebhookOf,
  webhookRefusals,
} from "./request-webhook-values";

type Asked = {
  /** For the body of the call. */
  body: { webhook?: RequestWebhook };
  /** To be called when the form is sent: whether it may be. From then on what is wrong is shown. */
  check: () => boolean;
  /** Whether the API refused it, which then stands beside its fields. */
  isRefused: boolean;
  fields: Pick<RequestWebhookFieldsProps, "url" | "secret" | "errors">;
};

/** The webhook that a form's call brings along, as it is typed. @param error why the call was refused */
export function useRequestWebhook(error: Parameters<typeof fieldErrors>[0]): Asked {
  const [values, setValues] = useState(NO_REQUEST_WEBHOOK);
  const [isTried, setIsTried] = useState(false);
  const wrong = requestWebhookErrors(values);
  const refused = webhookRefusals(fieldErrors(error));
  const control = (name: keyof RequestWebhookValues) => ({
    value: values[name],
    onChange: ({ target }: { target: { value: string } }) => setValues((last) => ({ ...last, [name]: target.value })),
  });
  return {
    body: requestWebhookOf(values),
    check: () => {
      setIsTried(true);
      return Object.keys(wrong).length === 0;
    },
    isRefused: Object.keys(refused).length > 0,
    fields: {
      url: control("webhook_url"),
      secret: control("webhook_secret"),
      errors: isTried ? { ...refused, ...wrong } : {},
    },
  };
}
