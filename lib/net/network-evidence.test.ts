import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NetworkEvidence } from "@/lib/net/network-evidence";

const MINUTE_MS = 60_000;

describe("silent name servers", () => {
  it("are told by a control question without an answer, until anything is answered", () => {
    const evidence = new NetworkEvidence();
    expect(evidence.namesAreSilent).toBe(false);
    evidence.unanswered(evidence.mark());
    expect(evidence.namesAreSilent).toBe(true);
    expect(evidence.isCutOff(0)).toBe(true);
    evidence.answered();
    expect(evidence.namesAreSilent).toBe(false);
    expect(evidence.isCutOff(0)).toBe(false);
  });

  it("are not silent when a look-up was answered while the control question waited", () => {
    const evidence = new NetworkEvidence();
    const before = evidence.mark();
    evidence.answered();
    evidence.unanswered(before);
    expect(evidence.namesAreSilent).toBe(false);
  });

  it("stay silent while addresses that need no look-up are connected to, which shows that we are not cut off", () => {
    const evidence = new NetworkEvidence();
    const before = evidence.mark();
    evidence.connected();
    evidence.unanswered(before);
    expect(evidence.namesAreSilent).toBe(true);
    expect(evidence.isCutOff(0)).toBe(false);
  });
});

describe("being cut off", () => {
  const unreachable = (evidence: NetworkEvidence, addresses: string[], now = 0) => {
    for (const address of addresses) evidence.unreachable(address, now);
  };

  it("takes three networks", () => {
    const evidence = new NetworkEvidence();
    unreachable(evidence, ["93.184.216.34", "93.184.1.1", "93.184.2.2", "2606:2800:220:1::1", "2606:2800:221::9"]);
    expect(evidence.isCutOff(0)).toBe(false);
    unreachable(evidence, ["198.51.100.1"]);
    expect(evidence.isCutOff(0)).toBe(true);
    expect(evidence.namesAreSilent).toBe(false);
  });

  it("takes them within a minute", () => {
    const evidence = new NetworkEvidence();
    unreachable(evidence, ["93.184.216.34"], 0);
    unreachable(evidence, ["198.51.100.1", "192.0.2.1"], MINUTE_MS);
    expect(evidence.isCutOff(MINUTE_MS)).toBe(true);
    expect(evidence.isCutOff(MINUTE_MS + 1)).toBe(false);
    unreachable(evidence, ["93.184.216.34"], MINUTE_MS + 1);
    expect(evidence.isCutOff(MINUTE_MS + 1)).toBe(true);
  });

  it("ends with a connection to anywhere", () => {
    const evidence = new NetworkEvidence();
    unreachable(evidence, ["93.184.216.34", "198.51.100.1", "192.0.2.1"]);
    evidence.connected();
    expect(evidence.isCutOff(0)).toBe(false);
  });
});

type Step =
  | { kind: "answered" | "connected" | "control-answered" | "control-failed" }
  | { kind: "unreachable"; network: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom<Step>({ kind: "answered" }, { kind: "connected" }, { kind: "control-answered" }),
  fc.constant<Step>({ kind: "control-failed" }),
  fc.record({ kind: fc.constant("unreachable" as const), network: fc.integer({ min: 1, max: 5 }) }),
);

it("is, after any course of events, what the rule says of those events", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const evidence = new NetworkEvidence();
      for (const [now, event] of steps.entries()) {
        if (event.kind === "connected") evidence.connected();
        else if (event.kind === "control-failed") evidence.unanswered(evidence.mark());
        else if (event.kind === "unreachable") evidence.unreachable(`10.${event.network}.0.${now}`, now);
        else evidence.answered();
      }
      const last = (...kinds: Step["kind"][]) => steps.findLastIndex(({ kind }) => kinds.includes(kind));
      expect(evidence.namesAreSilent).toBe(last("control-failed") > last("answered", "control-answered"));
      const sinceConnected = steps.slice(last("connected") + 1);
      const networks = new Set(
        sinceConnected.flatMap((event) => (event.kind === "unreachable" ? [event.network] : [])),
      );
      expect(evidence.isCutOff(steps.length)).toBe(
        networks.size >= 3 || last("control-failed") > last("answered", "control-answered", "connected"),
      );
    }),
  );
});
