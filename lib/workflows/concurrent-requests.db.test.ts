import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { POST } from "@/app/api/v1/projects/[project_id]/artifacts/sync/route";
import { call, createTeam } from "@/lib/accounts/testing";
import { onArtifactPublished } from "@/lib/artifacts/components";
import { startPump, untilSettled } from "@/lib/queue/testing";
import { emit } from "@/lib/webhooks/emit";
import { startReceiver } from "@/lib/webhooks/testing";

/** Of each project: more than there are connections to the database, and few enough that none waits for one for long. */
const EACH = 8;

const opened: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

it("concurrent requests never mix contexts: what each leads to reaches its own webhook, and no other's", async () => {
  const teams = await Promise.all([createTeam(), createTeam()]);
  const place = await startReceiver();
  opened.push(place.close, startPump().stop);
  // Says nothing of a workflow: only the context of the request that it runs in tells where the event belongs.
  opened.push(
    onArtifactPublished({
      name: "note",
      order: 250,
      onPublished: async (tx, { projectId, payload }) => {
        await sleep(Math.random() * 20);
        await emit(tx, projectId, { type: "custom.noted", data: { of: payload }, source: "platform" });
      },
    }),
  );
  // The same ids in both projects: neither the id nor the time tells the requests apart.
  const requests = Array.from({ length: EACH }, (_, index) => teams.map((team) => ({ team, index }))).flat();
  const answers = await Promise.all(
    requests.map(({ team, index }) =>
      call(POST, {
        method: "POST",
        params: { project_id: team.projectId },
        headers: team.owner.headers,
        body: {
          type: "snapshot.completed",
          payload: {
            snapshot_id: `${team.projectId} ${index}`,
            instance_id: "ins_1",
            size_bytes: index,
            checksums: {},
          },
          produced_by: "test",
          correlation_id: `run-${index}`,
          webhook: { url: place.url(`/${team.projectId}/${index}`) },
        },
      }),
    ),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  for (const { projectId } of teams) await untilSettled(projectId);

  for (const { team, index } of requests) {
    const own = place.requests.filter(({ path }) => path === `/${team.projectId}/${index}`);
    const events = own.map(({ body }) => JSON.parse(body));
    expect(events.map(({ sequence, type }) => [sequence, type])).toEqual([
      [1, "artifact.published"],
      [2, "custom.noted"],
      [3, "artifact.published"],
      [4, "custom.noted"],
    ]);
    expect(new Set(events.map(({ correlation_id }) => correlation_id))).toEqual(new Set([`run-${index}`]));
    for (const { body } of own) expect(body).toContain(`${team.projectId} ${index}"`);
  }
  expect(place.requests).toHaveLength(requests.length * 4);
});
