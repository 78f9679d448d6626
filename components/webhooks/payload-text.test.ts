import { describe, expect, it } from "vitest";
import { PAYLOAD_EXAMPLES } from "@/components/webhooks/payload-examples";
import { addConditions, formatPayload, problemWords, readPayload } from "@/components/webhooks/payload-text";
import { eventTypeCatalogue } from "@/lib/contracts/event-types";
import { members } from "@/lib/contracts/payload-words";

const problemsOf = (text: string) => {
  const reading = readPayload(text);
  return "problems" in reading ? reading.problems : [];
};

describe("readPayload", () => {
  it("takes nothing typed for no filter", () => {
    expect(readPayload(" \n")).toEqual({ payload: null });
    expect(readPayload('{"data.gpu_count": {"$gte": 8}}')).toEqual({ payload: { "data.gpu_count": { $gte: 8 } } });
  });

  it("finds each mistake in its line", () => {
    const text = `{
  "$or": [
    {"data.x": 1},
    {"data.y": {"$regex": "a"}}
  ],
  "gpu_count": 8
}`;
    const problems = problemsOf(text);
    expect(problems.map(({ line, path }) => [line, path])).toEqual([
      [4, "$or[1].data.y.$regex"],
      [6, "gpu_count"],
    ]);
    expect(problems.map(({ place }) => text.slice(place.start, place.end))).toEqual([
      '"$regex": "a"',
      '"gpu_count": 8',
    ]);
    expect(problems.map(problemWords)[1]).toMatch(/^Line 6, gpu_count: .*"data\.gpu_count"/);
  });

  it("finds where a text is no JSON, and what is no filter at all", () => {
    expect(problemsOf('{\n  "type": instance\n}')).toMatchObject([
      { line: 2, path: "", message: "Put instance in double quotes." },
    ]);
    expect(problemsOf("[]").map(problemWords)).toEqual([expect.stringMatching(/^Line 1: Give an object/)]);
  });
});

describe("addConditions", () => {
  const gpus = { "data.gpu_count": { $gte: 8 } };

  it("keeps what is there", () => {
    expect(addConditions("", gpus)).toBe(formatPayload(gpus));
    expect(addConditions('{"type": "x"}', gpus)).toBe(formatPayload({ type: "x", ...gpus }));
    expect(addConditions('{"data.gpu_count": 4}', gpus)).toBe(formatPayload({ $and: [{ "data.gpu_count": 4 }, gpus] }));
    expect(addConditions('{"type": ', gpus)).toBeNull();
    expect(addConditions("3", gpus)).toBeNull();
  });

  it("adds to an empty object, too", () => {
    expect(addConditions("{}", gpus)).toBe(formatPayload(gpus));
  });
});

describe("the examples", () => {
  it.each(PAYLOAD_EXAMPLES)("can be used as they are, on fields that events have: $title", ({ payload }) => {
    expect(readPayload(formatPayload(payload))).toEqual({ payload });
    const fields = new Set(eventTypeCatalogue().flatMap(({ example }) => Object.keys(example)));
    for (const clause of "$or" in payload ? members(payload.$or) : [payload]) {
      for (const path of Object.keys(clause)) expect(fields).toContain(path.replace("data.", ""));
    }
  });
});
