import * as artifacts from "@/lib/artifacts/service";
import { publishArtifactSync } from "@/lib/contracts/artifacts";
import { route } from "@/lib/http/route";

export const POST = route(publishArtifactSync, ({ actor, body }) => artifacts.publishAndRun(actor, body));
