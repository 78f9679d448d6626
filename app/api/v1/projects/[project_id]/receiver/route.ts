import { getReceiver, updateReceiver } from "@/lib/contracts/receiver";
import { route } from "@/lib/http/route";
import * as receiver from "@/lib/receiver/service";

export const GET = route(getReceiver, ({ actor }) => receiver.getReceiver(actor));

export const PATCH = route(updateReceiver, ({ actor, body }) => receiver.updateReceiver(actor, body));
