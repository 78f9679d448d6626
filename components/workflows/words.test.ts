import { describe, expect, it } from "vitest";
import { workflowHref } from "./links";
import { listOf, payloadProblem, sizeOf, taskWords } from "./words";

describe("the words of workflows", () => {
  it("tell a task that failed and is tried again from one that waits its turn", () => {
    expect(taskWords({ status: "waiting", attempts: 0, error: null }).word).toBe("Waiting");
    expect(taskWords({ status: "waiting", attempts: 2, error: "It answered 500." }).word).toBe("Again after attempt 2");
    expect(taskWords({ status: "failed", attempts: 5, error: "x" }).word).toBe("Failed");
  });

  it.each([
    ["{}", null],
    ["[]", "Write a JSON object: {…}"],
    ["1", "Write a JSON object: {…}"],
    ["null", "Write a JSON object: {…}"],
  ])("say of the payload %s: %s", (text, problem) => expect(payloadProblem(text)).toBe(problem));

  it("say what is wrong with JSON that is none", () => expect(payloadProblem("{")).toMatch(/^This is not JSON: /));

  it("take words apart at commas and spaces, each once", () => {
    expect(listOf(" a, b  c,a ,")).toEqual(["a", "b", "c"]);
    expect(listOf("")).toEqual([]);
  });

  it("count a tree whole", () => {
    const leaf = {
      id: "art_1",
      type: "report",
      payload: {},
      tags: [],
      produced_by: "x",
      sequence: 1,
      parent_id: null,
      event_id: "evt_1",
      created_at: "2026-01-01T00:00:00Z",
      tasks: [],
      children: [],
    };
    expect(sizeOf([])).toBe(0);
    expect(sizeOf([{ ...leaf, children: [leaf, { ...leaf, children: [leaf] }] }])).toBe(4);
  });

  it("lead to the page of a workflow whatever its id is", () => {
    expect(workflowHref("a/b?c")).toBe("/app/workflows/a%2Fb%3Fc");
  });
});
