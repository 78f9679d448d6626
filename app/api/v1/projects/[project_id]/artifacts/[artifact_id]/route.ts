import * as artifacts from "@/lib/artifacts/queries";
import { getArtifact } from "@/lib/contracts/artifacts";
import { route } from "@/lib/http/route";

export const GET = route(getArtifact, ({ actor, params }) => artifacts.getArtifact(actor, params.artifact_id));
