import { previewFilter } from "@/lib/contracts/filter-preview";
import { route } from "@/lib/http/route";
import * as preview from "@/lib/webhooks/filter-preview";

export const POST = route(previewFilter, ({ actor, body }) => preview.previewFilter(actor, body));
