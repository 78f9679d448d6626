import { beforeAll, describe, expect, it } from "vitest";
import { GET as GET_ARTIFACTS } from "@/app/api/v1/projects/[project_id]/workflows/[correlation_id]/artifacts/route";
import { GET as GET_EVENTS } from "@/app/api/v1/projects/[project_id]/workflows/[correlation_id]/events/route";
import { GET as GET_WORKFLOW } from "@/app/api/v1/projects/[project_id]/workflows/[correlation_id]/route";
import { createTeam } from "@/lib/accounts/testing";
import { publishFor } from "@/lib/artifacts/service";
import { artifactTree } from "@/lib/contracts/artifact-tree";
import { publishArtifactBody } from "@/lib/contracts/artifacts";
import { ALL_PERMISSIONS } from "@/lib/contracts/permissions";
import type { WorkflowDetail, WorkflowEvent, WorkflowStep } from "@/lib/contracts/workflows";
import { transaction } from "@/lib/db/transaction";
import { emit } from "@/lib/webhooks/emit";
import { createTestWebhook } from "@/lib/webhooks/testing";

type Handler = typeof GET_EVENTS;
type Page<T> = { data: T[]; next_cursor: string | null };

describe("a workflow that is long", () => {
  let team: Awaited<ReturnType<typeof createTeam>>;

  const read = async (handler: Handler, query: string, who = team) => {
    const response = await handler(
      new Request(`http://localhost:3000/api/v1/x?${query}`, { headers: who.owner.headers }),
      { params: Promise.resolve({ project_id: who.projectId, correlation_id: "long" }) },
    );
    return { status: response.status, body: await response.json() };
  };
  const walk = async <T>(handler: Handler): Promise<{ rows: T[]; pages: number }> => {
    const rows: T[] = [];
    let cursor: string | null = null;
    for (let pages = 1; ; pages += 1) {
      const query: string = `limit=2${cursor === null ? "" : `&cursor=${cursor}`}`;
      const page: Page<T> = (await read(handler, query)).body;
      rows.push(...page.data);
      cursor = page.next_cursor;
      if (cursor === null) return { rows, pages };
    }
  };

  beforeAll(async () => {
    team = await createTeam();
    const actor = {
      projectId: team.projectId,
      subject: { kind: "user" as const, id: team.owner.id },
      role: "owner" as const,
      permissions: new Set(ALL_PERMISSIONS),
    };
    await createTestWebhook(actor, { url: "https://example.com/", event_types: ["custom.*"] });
    const tell = (type: string) =>
      transaction((tx) => emit(tx, team.projectId, { type, data: {}, source: "api", correlationId: "long" }));
    // Before anybody began the workflow: these have no number.
    for (const type of ["custom.first", "custom.second", "custom.third"]) await tell(type);
    const publish = (type: string) =>
      publishFor(actor, publishArtifactBody.parse({ type, payload: {}, produced_by: "test", correlation_id: "long" }));
    for (const type of ["report.a", "report.b", "report.c"]) await publish(type);
    await tell("custom.last");
  });

  it("tells every event once, in sequence, page by page, with its deliveries", async () => {
    const { rows, pages } = await walk<WorkflowEvent>(GET_EVENTS);
    expect(pages).toBe(4);
    expect(rows.map(({ sequence, type, artifact_type }) => [sequence, artifact_type ?? type])).toEqual([
      [null, "custom.first"],
      [null, "custom.second"],
      [null, "custom.third"],
      [1, "report.a"],
      [2, "report.b"],
      [3, "report.c"],
      [4, "custom.last"],
    ]);
    expect(rows.map(({ deliveries }) => deliveries.length)).toEqual([1, 1, 1, 0, 0, 0, 1]);
    const whole: WorkflowDetail = (await read(GET_WORKFLOW, "")).body;
    expect(whole.events).toEqual(rows);
    expect(whole.truncated).toBe(false);
  });

  it("tells every artifact once, in sequence, as the tree of the whole has them", async () => {
    const { rows, pages } = await walk<WorkflowStep>(GET_ARTIFACTS);
    expect(pages).toBe(2);
    expect(rows.map(({ sequence, type }) => [sequence, type])).toEqual([
      [1, "report.a"],
      [2, "report.b"],
      [3, "report.c"],
    ]);
    const whole: WorkflowDetail = (await read(GET_WORKFLOW, "")).body;
    expect(whole.artifact_tree).toEqual(artifactTree(rows));
  });

  it("is told without them, or with the first of them", async () => {
    const bare: WorkflowDetail = (await read(GET_WORKFLOW, "limit=0")).body;
    expect(bare).toMatchObject({ events: [], artifact_tree: [], truncated: true, artifacts: 3, sequence: 4 });
    const some: WorkflowDetail = (await read(GET_WORKFLOW, "limit=3")).body;
    expect(some.events.map(({ type }) => type)).toEqual(["custom.first", "custom.second", "custom.third"]);
    expect(some).toMatchObject({ truncated: true, artifact_tree: [{ type: "report.a" }, {}, {}] });
  });

  it("is told to nobody else, and refuses cursors that it did not give", async () => {
    const other = await createTeam();
    for (const handler of [GET_EVENTS, GET_ARTIFACTS]) {
      expect((await read(handler, "", other)).status).toBe(404);
      expect((await read(handler, "cursor=x%27y")).body).toMatchObject({ code: "invalid_cursor" });
    }
    expect((await read(GET_WORKFLOW, "limit=501")).status).toBe(422);
  });
});
