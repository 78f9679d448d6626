import type { AcceptedEvent } from "@/lib/contracts/events";
import type { BodyInput, ResponseOf } from "@/lib/contracts/operation";
import { regenerateSecret, revokePreviousSecret } from "@/lib/contracts/webhook-secrets";
import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhookHealth,
  listWebhooks,
  testWebhook,
  updateWebhook,
  type Webhook,
  type WebhookHealth,
  type WebhookWithSecret,
} from "@/lib/contracts/webhooks";
import { api } from "@/store/api";
import { request } from "@/store/request";

type InProject = { projectId: string };
type OneWebhook = InProject & { webhookId: string };

const paramsOf = ({ projectId, webhookId }: OneWebhook) => ({ project_id: projectId, webhook_id: webhookId });

export const webhooksApi = api.injectEndpoints({
  endpoints: (build) => ({
    listWebhooks: build.query<Webhook[], InProject>({
      query: ({ projectId }) => request(listWebhooks, { params: { project_id: projectId } }),
      transformResponse: (response: ResponseOf<typeof listWebhooks>) => response.data,
      providesTags: ["Webhook"],
    }),
    listWebhookHealth: build.query<WebhookHealth[], InProject>({
      query: ({ projectId }) => request(listWebhookHealth, { params: { project_id: projectId } }),
      transformResponse: (response: ResponseOf<typeof listWebhookHealth>) => response.data,
      providesTags: ["WebhookHealth"],
    }),
    getWebhook: build.query<Webhook, OneWebhook>({
      query: (arg) => request(getWebhook, { params: paramsOf(arg) }),
      providesTags: (_result, _error, { webhookId }) => [{ type: "Webhook", id: webhookId }],
    }),
    /** The answer holds the secret, once: reset the hook's result when its dialog closes. */
    createWebhook: build.mutation<WebhookWithSecret, InProject & { body: BodyInput<typeof createWebhook> }>({
      query: ({ projectId, body }) => request(createWebhook, { params: { project_id: projectId }, body }),
      invalidatesTags: ["Webhook", "WebhookHealth"],
    }),
    updateWebhook: build.mutation<Webhook, OneWebhook & { body: BodyInput<typeof updateWebhook> }>({
      query: ({ body, ...arg }) => request(updateWebhook, { params: paramsOf(arg), body }),
      async onQueryStarted({ projectId, webhookId, body }, { dispatch, queryFulfilled }) {
        const patch = (change: (webhook: Webhook) => void) => [
          dispatch(
            webhooksApi.util.updateQueryData("listWebhooks", { projectId }, (webhooks) => {
              const webhook = webhooks.find(({ id }) => id === webhookId);
              if (webhook) change(webhook);
            }),
          ),
          dispatch(webhooksApi.util.updateQueryData("getWebhook", { projectId, webhookId }, change)),
        ];
        // Only the switch answers at once; the other fields are normalised by the server and wait for it.
        const { enabled } = body;
        const switched =
          enabled === undefined
            ? []
            : patch((webhook) => {
                webhook.enabled = enabled;
                webhook.status = enabled ? "healthy" : "disabled";
                webhook.condition.since = new Date().toISOString();
                webhook.condition.disabled_reason = enabled ? null : "manual";
              });
        try {
          const { data } = await queryFulfilled;
          patch((webhook) => {
            Object.assign(webhook, data);
          });
        } catch {
          for (const change of switched) change.undo();
        }
      },
    }),
    deleteWebhook: build.mutation<null, OneWebhook>({
      query: (arg) => request(deleteWebhook, { params: paramsOf(arg) }),
      // The detail page of the deleted webhook is still open while it navigates away; asking for it again would be 404.
      async onQueryStarted({ projectId, webhookId }, { dispatch, queryFulfilled }) {
        await queryFulfilled.then(
          () =>
            dispatch(
              webhooksApi.util.updateQueryData("listWebhooks", { projectId }, (webhooks) =>
                webhooks.filter(({ id }) => id !== webhookId),
              ),
            ),
          () => undefined,
        );
      },
      invalidatesTags: (_result, error) => (error ? [] : ["WebhookHealth", "Overview"]),
    }),
    /** The answer holds the secret, once: reset the hook's result when its dialog closes. */
    regenerateSecret: build.mutation<WebhookWithSecret, OneWebhook & { body: BodyInput<typeof regenerateSecret> }>({
      query: ({ body, ...arg }) => request(regenerateSecret, { params: paramsOf(arg), body }),
      invalidatesTags: ["Webhook"],
    }),
    revokePreviousSecret: build.mutation<Webhook, OneWebhook & { secretId: string }>({
      query: ({ secretId, ...arg }) =>
        request(revokePreviousSecret, { params: { ...paramsOf(arg), secret_id: secretId } }),
      invalidatesTags: ["Webhook"],
    }),
    testWebhook: build.mutation<AcceptedEvent, OneWebhook & { body: BodyInput<typeof testWebhook> }>({
      query: ({ body, ...arg }) => request(testWebhook, { params: paramsOf(arg), body }),
      invalidatesTags: ["Overview"],
    }),
  }),
});

export const {
  useListWebhooksQuery,
  useListWebhookHealthQuery,
  useGetWebhookQuery,
  useCreateWebhookMutation,
  useUpdateWebhookMutation,
  useDeleteWebhookMutation,
  useRegenerateSecretMutation,
  useRevokePreviousSecretMutation,
  useTestWebhookMutation,
} = webhooksApi;
