/** What the form of an evaluation holds. */
export type EvaluationValues = {
  versionId: string;
  name: string;
  status: "running" | "completed" | "failed";
  score: string;
  /** One per line, `name value`. */
  metrics: string;
  note: string;
};

export type EvaluationErrors = Partial<Record<"versionId" | "name" | "score" | "metrics" | "note", string>>;

type Read = {
  errors: EvaluationErrors;
  score: number | undefined;
  metrics: Record<string, number>;
};

const METRIC = /^(.+?)[\s:=]+(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/i;

/** Reads the figures of the form and tells what is missing. */
export function readEvaluation(values: EvaluationValues): Read {
  const errors: EvaluationErrors = {};
  if (values.versionId === "") errors.versionId = "Choose a version";
  if (values.name.trim() === "") errors.name = "Say what was evaluated";
  const text = values.score.trim();
  const score = text === "" ? undefined : Number(text);
  if (score !== undefined && !Number.isFinite(score)) errors.score = "Enter a number";
  else if (score === undefined && values.status === "completed") errors.score = "Give the score it was completed with";
  const metrics: Record<string, number> = {};
  for (const line of values.metrics.split("\n").map((each) => each.trim())) {
    if (line === "") continue;
    const found = METRIC.exec(line);
    if (found?.[1] === undefined) errors.metrics = `“${line}” is not a name and a number`;
    else metrics[found[1].trim()] = Number(found[2]);
  }
  return { errors, score, metrics };
}
