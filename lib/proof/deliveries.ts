import { emitEventBody } from "@/lib/contracts/events";
import type { Proof, Stage } from "@/lib/proof/proof";
import { until } from "@/lib/queue/testing";
import { emitEvent } from "@/lib/webhooks/events";
import { getWebhook, testWebhook } from "@/lib/webhooks/service";
import { createTestWebhook } from "@/lib/webhooks/testing";

/** Failures in a row after which a webhook is said to be failing. */
const FAILURES = 10;

/** What raises the events of the engine about itself: another webhook of the project whose receiver does not behave. */
export const DELIVERY_PROOFS: readonly Proof[] = [
  {
    type: "endpoint.warning",
    operation: `a webhook fails ${FAILURES} times in a row`,
    raise: async (stage) => {
      const { id } = await failing(stage, () => 500);
      await send(stage, FAILURES);
      return { webhook_id: id, stage: "warning", consecutive_failures: FAILURES };
    },
  },
  {
    type: "endpoint.disabled",
    operation: "a webhook answers 410",
    raise: async (stage) => {
      const { id } = await failing(stage, () => 410);
      await send(stage, 1);
      return { webhook_id: id, reason: "gone" };
    },
  },
  {
    type: "endpoint.recovered",
    operation: "a webhook that was failing answers 2xx again",
    raise: async (stage) => {
      let answer = 503;
      const { id } = await failing(stage, () => answer);
      await send(stage, FAILURES);
      await until("the warning", async () => (await getWebhook(stage.actor, id)).status === "warning");
      answer = 204;
      await send(stage, 1);
      return { webhook_id: id, consecutive_failures: 0 };
    },
  },
  {
    type: "delivery.exhausted",
    operation: "a delivery is given up after its last attempt",
    raise: async (stage) => {
      const { id } = await failing(stage, () => 500);
      const [delivery] = await send(stage, 1, id);
      return { webhook_id: id, count: 1, delivery_ids: [delivery] };
    },
  },
  {
    type: "webhook.test",
    operation: "somebody presses a webhook's test button",
    raise: async ({ actor, webhookId }) => {
      await testWebhook(actor, webhookId);
      return { webhook_id: webhookId };
    },
  },
];

/** A webhook that tries each delivery once, and whose receiver answers so. */
async function failing({ actor, receiver }: Stage, status: () => number) {
  const { url } = await receiver((_request, response) => response.writeHead(status()).end());
  return createTestWebhook(actor, { url: url(), event_types: ["custom.*"], retry: { delays_s: [] } });
}

/** Emits so many events through the API's service. @returns the deliveries to this webhook */
async function send({ actor }: Stage, count: number, webhookId?: string): Promise<string[]> {
  const sent: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const { deliveries } = await emitEvent(actor, emitEventBody.parse({ type: "custom.proof", data: { n } }));
    sent.push(...deliveries.filter((delivery) => delivery.webhookId === webhookId).map(({ id }) => id));
  }
  return sent;
}
