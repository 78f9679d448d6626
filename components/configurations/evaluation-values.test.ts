import { describe, expect, it } from "vitest";
import { type EvaluationValues, readEvaluation } from "./evaluation-values";

const values: EvaluationValues = {
  versionId: "cvr_1",
  name: "Suite",
  status: "completed",
  score: "0.93",
  metrics: "",
  note: "",
};

describe("the form of an evaluation", () => {
  it("reads the score, and one metric per line in the ways people write them", () => {
    const metrics = "tokens per second 2140\n\nlatency_ms: 31.5\nloss=-1e-3";
    expect(readEvaluation({ ...values, metrics })).toEqual({
      errors: {},
      score: 0.93,
      metrics: { "tokens per second": 2140, latency_ms: 31.5, loss: -0.001 },
    });
  });

  it("needs a score only of what is completed", () => {
    expect(readEvaluation({ ...values, score: " " }).errors.score).toBeDefined();
    expect(readEvaluation({ ...values, score: "", status: "running" }).errors).toEqual({});
    expect(readEvaluation({ ...values, score: "much" }).errors.score).toBe("Enter a number");
  });

  it("names the line that is not a metric, and what is missing", () => {
    const { errors } = readEvaluation({ ...values, versionId: "", name: " ", metrics: "fast" });
    expect(errors).toEqual({
      versionId: "Choose a version",
      name: "Say what was evaluated",
      metrics: "“fast” is not a name and a number",
    });
  });
});
