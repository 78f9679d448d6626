import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { consoleAt, nextAuthOn } from "@/lib/accounts/testing-next-auth";
import { serveOidc } from "@/lib/accounts/testing-oidc";
import { clearCompute } from "@/lib/compute/testing";
import { eventTypeNames } from "@/lib/contracts/event-types";
import { type Judged, judge } from "@/lib/proof/judge";
import { eventsPage, SUITE } from "@/lib/proof/page";
import { PROOFS } from "@/lib/proof/proofs";
import { until, useDeliveries } from "@/lib/queue/testing";
import { giveCredits } from "@/lib/reservations/testing";
import { getDelivery } from "@/lib/webhooks/delivery-queries";
import { generateSecret } from "@/lib/webhooks/signing-key";
import { createTestWebhook, type TestReceiver } from "@/lib/webhooks/testing";

// Both servers listen before lib/env is loaded, which has to know their ports.
const { app, idp, origin, issuer } = await vi.hoisted(async () => {
  const { listenForSignIn } = await import("@/lib/accounts/testing-sign-in-servers");
  return listenForSignIn(process.env, "client-secret");
});

const provider = serveOidc(idp, issuer);

beforeAll(() => {
  app.on("request", nextAuthOn(origin));
});

afterAll(() => {
  for (const server of [app, idp]) {
    server.closeAllConnections();
    server.close();
  }
});

/** Each event type, raised by the product's own operation, arrives signed at a receiver and is as the catalogue says. */
describe(SUITE, () => {
  const { actor, receiver, pump, settled } = useDeliveries();
  const secret = generateSecret();
  let place: TestReceiver;
  let webhookId: string;

  beforeEach(async () => {
    await clearCompute();
    await giveCredits(actor(), 1_000_000n);
    place = await receiver();
    webhookId = (await createTestWebhook(actor(), { url: place.url(), event_types: ["*"], secret })).id;
    pump();
  });

  const isIt = (event: Judged, type: string, data: Record<string, unknown>) =>
    event.type === type && Object.entries(data).every(([key, value]) => isDeepStrictEqual(event.data[key], value));

  // Not it.each: it cuts long names.
  for (const { type, operation, raise } of PROOFS)
    it(`${type}: ${operation}`, async () => {
      const console = consoleAt(origin);
      const data = await raise({ actor: actor(), webhookId, receiver, console, provider });
      const arrived = () => place.requests.map((request) => judge(request, secret));
      await until(`${type} arrives`, () => arrived().some((event) => isIt(event, type, data)));
      await settled();
      const [event, again] = arrived().filter((each) => isIt(each, type, data));
      expect(again, "once").toBeUndefined();
      expect(await getDelivery(actor(), event?.deliveryId ?? "")).toMatchObject({
        status: "delivered",
        webhook_id: webhookId,
        event_type: type,
        attempt_count: 1,
      });
    });

  it("is raised by an operation above", () => {
    expect(new Set(PROOFS.map(({ type }) => type))).toEqual(new Set(eventTypeNames));
  });

  it("stands in docs/events.md; if not, run this file with --update", async () => {
    await expect(eventsPage()).toMatchFileSnapshot("../../docs/events.md");
  });
});
