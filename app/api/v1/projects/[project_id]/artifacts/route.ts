import * as queries from "@/lib/artifacts/queries";
import * as artifacts from "@/lib/artifacts/service";
import { listArtifacts, publishArtifact } from "@/lib/contracts/artifacts";
import { route } from "@/lib/http/route";

export const GET = route(listArtifacts, ({ actor, query }) => queries.listArtifacts(actor, query));

export const POST = route(publishArtifact, ({ actor, body }) => artifacts.publishFor(actor, body));
