import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runArtifacts } from "@/lib/artifacts/runner";
import { at, clearCompute, live, seconds } from "@/lib/compute/testing";
import { INSTANCE_LIMITS } from "@/lib/contracts/instances";
import { createTestPool } from "@/lib/fleet/testing";
import { startPump, until } from "@/lib/queue/testing";
import { bookHours, createCustomer, hour } from "@/lib/reservations/testing";
import { startReceiver } from "@/lib/webhooks/testing";

beforeEach(clearCompute);

describe("the webhook of a booking", () => {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });

  it("gets what happens to its instances, their snapshots and the manifests of these, in one sequence", async () => {
    const receiver = await startReceiver();
    const stopping = new AbortController();
    const running = runArtifacts(stopping.signal);
    stops.push(receiver.close, startPump().stop, async () => {
      stopping.abort();
      await running;
    });
    const actor = await createCustomer();
    const pool = await createTestPool({ nodes: 1, lanes: 8 });
    const { correlation_id } = await bookHours(actor, pool.id, [0, 1], {
      gpu_count: 8,
      snapshot_at_end: true,
      webhook: { url: receiver.url() },
    });
    await live(hour(0), seconds(25, hour(0)));
    const lead = seconds(-60 * INSTANCE_LIMITS.snapshotLeadMinutes, hour(1));
    await live(lead, seconds(30, lead));
    await at(hour(1));
    await live(hour(1), seconds(10, hour(1)));
    const got = () => receiver.requests.map(({ body }) => JSON.parse(body));
    const typesOf = () => got().map(({ event_type, artifact }) => artifact?.type ?? event_type);
    await until("the report of its usage and the end of its instance arrive", () =>
      ["reservation.usage", "snapshot.manifest", "instance.stopped"].every((type) => typesOf().includes(type)),
    );
    expect(new Set(got().map((event) => event.correlation_id))).toEqual(new Set([correlation_id]));
    expect(got().map(({ sequence }) => sequence)).toEqual(got().map((_, index) => index + 1));
    const inOrder = ["reservation.created", "reservation.started", "instance.started", "snapshot.completed"];
    const positions = [...inOrder, "instance.stopped"].map((type) => typesOf().indexOf(type));
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    const manifest = got().find(({ artifact }) => artifact?.type === "snapshot.manifest").artifact;
    expect(manifest.payload.file_count).toBe(manifest.payload.files.length);
    expect(manifest.payload.files[0].checksum).toMatch(/^sha256:[0-9a-f]{64}$/);
  });
});
