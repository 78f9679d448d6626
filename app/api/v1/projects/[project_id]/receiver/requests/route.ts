import { clearReceiverRequests, listReceiverRequests } from "@/lib/contracts/receiver";
import { route } from "@/lib/http/route";
import * as receiver from "@/lib/receiver/service";

export const GET = route(listReceiverRequests, ({ actor, query }) => receiver.listReceiverRequests(actor, query));

export const DELETE = route(clearReceiverRequests, async ({ actor }) => {
  await receiver.clearReceiverRequests(actor);
  return undefined;
});
