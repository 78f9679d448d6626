import type { ServerResponse } from "node:http";
import type { Actor } from "@/lib/accounts/actor";
import type { consoleAt } from "@/lib/accounts/testing-next-auth";
import type { Claims } from "@/lib/accounts/testing-oidc";
import type { CatalogueType } from "@/lib/contracts/event-types";
import type { ReceivedRequest, TestReceiver } from "@/lib/webhooks/testing";

/** For the proof of the catalogue of event types: what raises an event of each type. */

/** Where an operation is carried out: a project with credits, and what else operations need. */
export type Stage = {
  /** The project's owner. */
  actor: Actor;
  /** The project's webhook that subscribed to everything. */
  webhookId: string;
  /** Another receiver, which answers as it is told. */
  receiver: (answer: (request: ReceivedRequest, response: ServerResponse) => void) => Promise<TestReceiver>;
  /** The console over HTTP, and whom its OpenID Connect provider signs in. */
  console: ReturnType<typeof consoleAt>;
  provider: { person: Claims };
};

export type Proof = {
  type: CatalogueType;
  /** The operation, in words that go on after "when". */
  operation: string;
  /** Carries the product's own operation out. @returns what `data` of the event says, so that it can be told from others */
  raise: (stage: Stage) => Promise<Record<string, unknown>>;
};
