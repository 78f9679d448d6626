import { authorise } from "@/lib/accounts/actor";
import { streamProject } from "@/lib/contracts/stream";
import { route } from "@/lib/http/route";
import { asSeenBy, permitsMessage, sameAccess } from "@/lib/live/access";
import { eventStream } from "@/lib/live/event-stream";
import { liveHub } from "@/lib/live/hub";

export const dynamic = "force-dynamic";

export const GET = route(streamProject, async ({ actor, request }) => {
  authorise(actor, "deliveries:read");
  const body = eventStream({
    hub: liveHub(),
    projectId: actor.projectId,
    signal: request.signal,
    permits: (message) => permitsMessage(actor, message),
    view: (message) => asSeenBy(actor, message),
    mayContinue: () => sameAccess(request, actor),
  });
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
      // A closing server waits for its connections. Kept alive, this one would carry the browser's next try, and so on.
      connection: "close",
    },
  });
});
