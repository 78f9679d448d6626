import { debugSignature } from "@/lib/contracts/signature-debugger";
import { route } from "@/lib/http/route";
import * as debug from "@/lib/webhooks/debug-signature";

export const POST = route(debugSignature, ({ actor, body }) => debug.debugSignature(actor, body, new Date()));
