import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { INSTANCE_STATUSES, type Instance } from "@/lib/contracts/instances";
import {
  bootAnewBlock,
  connectionsOf,
  costSoFar,
  replacedWords,
  snapshotBlock,
  stagesOf,
  startBlock,
  statusSentence,
} from "./words";

const may = () => true;
const mayNot = () => false;
const at = (minute: number) => `2026-11-22T10:0${minute}:00.000Z`;

describe("the stages of an instance", () => {
  it("are what it became since it was last asked for, and what is to come", () => {
    const life = [
      { status: "requested" as const, at: at(0) },
      { status: "starting" as const, at: at(1) },
      { status: "stopping" as const, at: at(2) },
      { status: "stopped" as const, at: at(3) },
      { status: "requested" as const, at: at(4) },
      { status: "starting" as const, at: at(5) },
    ];
    expect(stagesOf({ life, status: "starting", wanted: "running" })).toEqual([
      { status: "requested", at: at(4) },
      { status: "starting", at: at(5) },
      { status: "running", at: null },
    ]);
    expect(stagesOf({ life, status: "starting", wanted: "stopped" }).slice(2)).toEqual([
      { status: "stopping", at: null },
      { status: "stopped", at: null },
    ]);
  });

  it("end where it rests or is what it is to be", () => {
    const life = [{ status: "requested" as const, at: at(0) }];
    for (const status of ["stopped", "failed"] as const) {
      expect(stagesOf({ life, status, wanted: "stopped" })).toEqual(life);
    }
    expect(stagesOf({ life, status: "running", wanted: "running" })).toEqual(life);
  });

  it("never name a status twice that is to come, nor one that it has", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...INSTANCE_STATUSES),
        fc.constantFrom("running" as const, "stopped" as const),
        (status, wanted) => {
          const coming = stagesOf({ life: [], status, wanted }).map((stage) => stage.status);
          expect(new Set(coming).size).toBe(coming.length);
          expect(coming).not.toContain(status);
        },
      ),
    );
  });
});

describe("what an instance can be asked", () => {
  it("nothing by those who may only look, who are told so", () => {
    expect(startBlock(mayNot, { ended_at: null })).toContain("Your role");
    expect(snapshotBlock(mayNot, { status: "running" }, false)).toContain("Your role");
  });

  it("a start while it is not over, a snapshot at a time while it runs", () => {
    expect(startBlock(may, { ended_at: null })).toBeUndefined();
    expect(startBlock(may, { ended_at: at(0) })).toContain("over");
    expect(snapshotBlock(may, { status: "running" }, false)).toBeUndefined();
    expect(snapshotBlock(may, { status: "running" }, true)).toContain("Another");
    expect(snapshotBlock(may, { status: "starting" }, false)).toContain("while the instance runs");
  });

  it("a boot of all anew while the reservation is active and none of its instances has GPUs", () => {
    const one = (name: string, status: Instance["status"], ended_at: string | null = null) => ({
      name,
      status,
      ended_at,
    });
    const active = { status: "active" as const };
    expect(bootAnewBlock(mayNot, active, [])).toContain("Your role");
    expect(bootAnewBlock(may, { status: "completed" }, [])).toContain("while their reservation is active");
    expect(bootAnewBlock(may, active, undefined)).toContain("being loaded");
    const rested = [one("A 1", "stopped"), one("A 2", "failed"), one("A 0", "running", at(0))];
    expect(bootAnewBlock(may, active, rested)).toBeUndefined();
    for (const status of ["requested", "starting", "running", "stopping"] as const) {
      expect(bootAnewBlock(may, active, [one("A 1", status)])).toBe(
        `“A 1” is ${status}. Stop it first, then boot anew.`,
      );
    }
    expect(bootAnewBlock(may, active, [one("A 1", "running"), one("A 2", "starting")])).toContain("and 1 more");
    expect(replacedWords(rested)).toContain("“A 1” and 1 more, which");
    expect(replacedWords([one("A 1", "stopped", at(0))]), "those that are over are replaced already").toBeNull();
  });

  it("says where a stop leads", () => {
    expect(statusSentence({ status: "stopping", wanted: "running", stop_reason: null })).toContain("starts again");
    expect(statusSentence({ status: "stopped", wanted: "stopped", stop_reason: "requested" })).toContain("by hand");
    expect(statusSentence({ status: "running", wanted: "stopped", stop_reason: "requested" })).toContain("about to");
  });
});

describe("how it is reached, and what it cost", () => {
  it("by its URL where it has one, else by ssh", () => {
    const host = "fra-01.example.com";
    expect(connectionsOf({ host, port: 22_001, url: null })[0]?.line).toBe(`ssh -p 22001 root@${host}`);
    expect(connectionsOf({ host, port: 22, url: null })[0]?.line).toBe(`ssh root@${host}`);
    expect(connectionsOf({ host, port: null, url: null })[0]?.line).toBe(`ssh root@${host}`);
    const lines = (port: number) => connectionsOf({ host, port, url: `http://${host}:40000` }).map(({ line }) => line);
    expect(lines(40_000)).toEqual([`curl http://${host}:40000`]);
    expect(lines(22)).toEqual([`ssh root@${host}`, `curl http://${host}:40000`]);
  });

  it("costs the price of an hour by the second", () => {
    expect(costSoFar({ price_micros_per_hour: 3_600_000 }, 90_999)).toBe(90_000);
    expect(costSoFar({ price_micros_per_hour: 16_000_000 }, 0)).toBe(0);
  });
});
