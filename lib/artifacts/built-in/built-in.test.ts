import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reservationUsage } from "@/lib/artifacts/built-in/reservation-usage";
import { snapshotManifest } from "@/lib/artifacts/built-in/snapshot-manifest";
import { retryInMs, wantsType } from "@/lib/artifacts/policy";

describe("the manifest of a snapshot", () => {
  const snapshot = { snapshot_id: "snp_1", instance_id: "ins_1", size_bytes: 10 };
  const digestOf = (checksums: Record<string, string>) =>
    snapshotManifest.process({ type: "snapshot.completed", payload: { ...snapshot, checksums }, tags: [] })[0]?.payload
      .digest;

  it("lists the files by path, with a digest that anybody can compute", () => {
    const [manifest] = snapshotManifest.process({
      type: "snapshot.completed",
      payload: { ...snapshot, checksums: { "b.img": "sha256:22", "a.img": "sha256:11" } },
      tags: ["nightly"],
    });
    const text = "sha256:11  a.img\nsha256:22  b.img\n";
    expect(manifest).toMatchObject({
      type: "snapshot.manifest",
      tags: ["nightly"],
      payload: {
        file_count: 2,
        files: [{ path: "a.img" }, { path: "b.img" }],
        digest: `sha256:${createHash("sha256").update(text).digest("hex")}`,
      },
    });
  });

  it("has another digest as soon as a file differs, and the same in any order", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.stringMatching(/^[0-9a-f]{4}$/)), (checksums) => {
        const turned = Object.fromEntries(Object.entries(checksums).reverse());
        expect(digestOf(turned)).toBe(digestOf(checksums));
        expect(digestOf({ ...checksums, added: "ffff0" })).not.toBe(digestOf(checksums));
      }),
    );
  });

  it("refuses a payload that is none", () => {
    expect(() => snapshotManifest.process({ type: "snapshot.completed", payload: {}, tags: [] })).toThrow();
  });
});

describe("the usage report of a reservation", () => {
  it("adds up the time of each GPU, by node and in all", () => {
    const unit = (node: string, unit_id: string, from: number, to: number) => ({
      node,
      unit_id,
      starts_at: new Date(from * 3_600_000).toISOString(),
      ends_at: new Date(to * 3_600_000).toISOString(),
    });
    const [usage] = reservationUsage.process({
      type: "reservation.ended",
      tags: [],
      payload: {
        reservation_id: "rsv_1",
        starts_at: new Date(0).toISOString(),
        ends_at: new Date(4 * 3_600_000).toISOString(),
        total_micros: 10,
        captured_micros: 10,
        units: [unit("b", "u1", 0, 4), unit("a", "u2", 0, 1), unit("a", "u2", 2, 4), unit("a", "u3", 0, 0.5)],
      },
    });
    expect(usage?.payload).toMatchObject({
      gpu_seconds: 27_000,
      gpu_hours: 7.5,
      nodes: [
        { node: "a", gpus: 2, gpu_hours: 3.5 },
        { node: "b", gpus: 1, gpu_hours: 4 },
      ],
    });
  });
});

describe("which processors are asked, and how often", () => {
  it.each([
    [["*"], "report", true],
    [["report.*"], "report.daily", true],
    [["report.*"], "report", false],
    [["report.*"], "reports.daily", false],
    [["report"], "report.daily", false],
    [[], "report", false],
  ])("%j and %s: %s", (patterns, type, wanted) => expect(wantsType(patterns, type)).toBe(wanted));

  it("is five times in all", () => {
    expect([1, 2, 3, 4, 5].map(retryInMs)).toEqual([2_000, 10_000, 60_000, 300_000, null]);
  });
});
