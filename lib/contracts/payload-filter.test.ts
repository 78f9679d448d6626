import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PAYLOAD_FILTER_LIMITS, payloadFilterSchema } from "@/lib/contracts/payload-filter";
import { createWebhookBody, WEBHOOK_LIMITS } from "@/lib/contracts/webhooks";
import { parseWith } from "@/lib/http/body";

/** What is wrong, each place in front of its message, as the API answers it. */
function problems(payload: unknown): Record<string, string> {
  try {
    parseWith(createWebhookBody, { url: "https://example.com/", event_types: ["*"], filter: { payload } }, "body");
    return {};
  } catch (error) {
    const { errors } = error as { errors: { field: string; message: string }[] };
    return Object.fromEntries(errors.map(({ field, message }) => [field, message]));
  }
}

describe("a payload filter", () => {
  it.each([
    [{ type: "instance.started" }],
    [{ "data.gpu_count": { $gte: 8, $lt: 64 } }],
    [{ "data.gpu_type": { $in: ["H100-SXM", "B200"] } }],
    [{ "data.reason": { $not: { $in: ["requested", "failed"] } } }],
    [
      {
        $or: [{ "data.score": { $gt: 0.9 } }, { $and: [{ correlation_id: { $exists: true } }, { "data.version": 1 }] }],
      },
    ],
    [{ $nor: [{ "data.node": { $startsWith: "fra-" } }] }],
    [{ "data.changed": { $all: ["name"], $size: 1 } }],
    [{ "data.units": { $elemMatch: { node: "a", gpus: { $gte: 4 } } } }],
    [{ "data.units": { $elemMatch: { $gte: 4, $lt: 8 } } }],
    [{ "data.price": { $eq: { list_micros: "1", lines: [] } } }],
    [{ "data.last_failure": null, "data.count": { $mod: [10, 0] }, "data.x": { $type: ["string", "null"] } }],
  ])("may be %j", (payload) => {
    expect(problems(payload)).toEqual({});
  });

  it.each([
    ["code", { $where: "while(1);" }, "$where", "runs no code"],
    ["a function", { "data.x": { $function: { body: "x" } } }, "data.x.$function", "runs no code"],
    ["an expression", { $expr: { $gt: ["$data.a", 1] } }, "$expr", "fixed values"],
    ["a regular expression", { "data.x": { $regex: "(a+)+$" } }, "data.x.$regex", "$startsWith"],
    ["one that hides", { $or: [{ "data.x": { $not: { $regex: "a" } } }] }, "$or[0].data.x.$not.$regex", "$startsWith"],
    ["its options", { "data.x": { $eq: "a", $options: "i" } }, "data.x.$options", "$regex"],
    ["what nobody knows", { "data.x": { $near: 1 } }, "data.x.$near", "$eq, $ne"],
    ["an operator without a path", { $gte: 8 }, "$gte", '{"data.gpu_count": {"$gte": …}}'],
    ["a list of alternatives behind a path", { "data.x": { $or: [1, 2] } }, "data.x.$or", "stands outside"],
    ["operators among fields", { "data.x": { $gte: 1, y: 2 } }, "data.x.y", "do not mix"],
    ["an object by itself", { data: { gpu_count: 8 } }, "data", '"data.gpu_count"'],
    ["a list by itself", { "data.x": ["a"] }, "data.x", "$in"],
    ["a path that begins nowhere", { gpu_count: 8 }, "gpu_count", 'Did you mean "data.gpu_count"?'],
    ["a path with a hole", { "data..x": 8 }, "data..x", "single dots"],
    ["an operator inside a path", { "data.$gt": 8 }, "data.$gt", "cannot begin with $"],
    ["operators inside a value", { "data.x": { $eq: { y: [{ $gt: 1 }] } } }, "data.x.$eq", "cannot hold operators"],
    ["no number to compare", { "data.x": { $gte: [1] } }, "data.x.$gte", "number or a text"],
    ["objects in a list", { "data.x": { $in: [{ a: 1 }] } }, "data.x.$in", "list of texts"],
    ["an empty list", { "data.x": { $in: [] } }, "data.x.$in", "at least one"],
    ["a type that is none", { "data.x": { $type: "date" } }, "data.x.$type", '"string"'],
    ["a division by nothing", { "data.x": { $mod: [0, 1] } }, "data.x.$mod", "divisor"],
    ["half a length", { "data.x": { $size: 1.5 } }, "data.x.$size", "whole number"],
    ["perhaps there", { "data.x": { $exists: 1 } }, "data.x.$exists", "true or false"],
    ["not a value", { "data.x": { $not: 3 } }, "data.x.$not", "$ne"],
    ["an element that is a value", { "data.x": { $elemMatch: 3 } }, "data.x.$elemMatch", "conditions on the element"],
    [
      "an element with a hidden one",
      { "data.x": { $elemMatch: { y: { $where: "1" } } } },
      "data.x.$elemMatch.y.$where",
      "code",
    ],
    ["no alternatives", { $or: [] }, "$or", "list of conditions"],
    ["alternatives that are none", { $and: ["x"] }, "$and[0]", "object of conditions"],
    ["nothing", {}, "", "at least one condition"],
    ["nothing in a list", { $or: [{}] }, "$or[0]", "at least one condition"],
    ["nothing behind a path", { "data.x": {} }, "data.x", "at least one operator"],
    ["a NUL in a text", { "data.x": "a\u0000" }, "data.x", "cannot be stored"],
    ["half of a pair", { "data.x": { $in: ["\ud800"] } }, "data.x.$in[0]", "cannot be stored"],
    ["a number that is too large", JSON.parse('{"data.x": 1e999}'), "data.x", "too large"],
  ])("cannot have %s", (_what, payload, place, mend) => {
    const [field, message] = Object.entries(problems(payload))[0] ?? [];
    expect(field).toBe(place === "" ? "filter.payload" : `filter.payload.${place}`);
    expect(message).toContain(mend);
  });

  it.each(["__proto__", "constructor", "prototype"])("cannot reach or hold %s", (name) => {
    for (const text of [
      `{"${name}": {"polluted": 1}}`,
      `{"data.${name}": 1}`,
      `{"data.x": {"$eq": {"${name}": {"polluted": 1}}}}`,
      `{"data.x": {"$elemMatch": {"y.${name}.z": 1}}}`,
    ]) {
      expect(Object.values(problems(JSON.parse(text))).join()).toContain(`"${name}" cannot stand in a filter`);
    }
    expect(Object.prototype).not.toHaveProperty("polluted");
  });

  it.each([["text"], [3], [null], [[{ type: "x" }]]])("cannot be %j", (payload) => {
    expect(problems(payload)).toEqual({ "filter.payload": expect.stringContaining("Give an object of conditions") });
  });

  it("names every mistake, up to a bound", () => {
    const wrong = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`data.x${index}`, { $regex: "a" }]));
    expect(Object.keys(problems({ "data.a": { $near: 1 }, "data.b": [1] }))).toEqual([
      "filter.payload.data.a.$near",
      "filter.payload.data.b",
    ]);
    expect(Object.keys(problems(wrong))).toHaveLength(10);
  });
});

describe("the limits", () => {
  const { bytes, depth, conditions, values, pathLength } = WEBHOOK_LIMITS.payloadFilter;

  it("are those of the documentation", () => {
    expect(WEBHOOK_LIMITS.payloadFilter).toBe(PAYLOAD_FILTER_LIMITS);
    expect(PAYLOAD_FILTER_LIMITS).toEqual({
      bytes: 8192,
      depth: 12,
      conditions: 50,
      values: 200,
      pathLength: 200,
      elements: 1000,
    });
  });

  it("count bytes, not characters", () => {
    const sized = (size: number) => ({ "data.x": "x".repeat(size - '{"data.x":""}'.length) });
    expect(problems(sized(bytes))).toEqual({});
    expect(problems(sized(bytes + 1))).toEqual({ "filter.payload": expect.stringContaining(`has ${bytes + 1}`) });
    expect(problems({ "data.x": "ü".repeat(bytes / 2) })).toHaveProperty("filter.payload");
  });

  it("hold for conditions wherever they stand", () => {
    const many = (count: number) => ({
      $or: Array.from({ length: count / 2 }, (_, index) => ({ "data.x": { $gte: index, $lt: index + 1 } })),
    });
    expect(problems(many(conditions))).toEqual({});
    expect(problems(many(conditions + 2))).toEqual({
      "filter.payload": expect.stringContaining(`has ${conditions + 2}`),
    });
  });

  it("hold for depth, to any depth", () => {
    const nested = (levels: number) => {
      let text = '{"type": "x"}';
      for (let level = 1; level < levels; level += 2) text = `{"$and": [${text}]}`;
      return JSON.parse(text);
    };
    expect(problems(nested(depth - 1))).toEqual({});
    expect(Object.values(problems(nested(depth + 1)))).toEqual([expect.stringContaining(`At most ${depth} levels`)]);
    const deep = JSON.parse(`{"data.x": {"$eq": ${"[".repeat(30_000)}${"]".repeat(30_000)}}}`);
    expect(Object.values(problems(deep))).toEqual([expect.stringContaining(`At most ${depth} levels`)]);
  });

  it("hold for lists and paths", () => {
    const list = (length: number) => ({ "data.x": { $in: Array.from({ length }, (_, index) => index) } });
    expect(problems(list(values))).toEqual({});
    expect(problems(list(values + 1))).toEqual({ "filter.payload.data.x.$in": expect.stringContaining(`${values}`) });
    const path = (length: number) => ({ [`data.${"x".repeat(length - 5)}`]: 1 });
    expect(problems(path(pathLength))).toEqual({});
    expect(Object.values(problems(path(pathLength + 1)))).toEqual([expect.stringContaining("at most 200 characters")]);
  });
});

describe("anything at all", () => {
  it("is accepted or refused, and never more than that", () => {
    const name = fc.oneof(
      fc.constantFrom("$or", "$and", "$not", "$elemMatch", "$in", "$gte", "$where", "data.x", "__proto__", ""),
      fc.string(),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.jsonValue(),
        fc.array(tie("value")),
        fc.dictionary(name, tie("value")),
      ),
    }));
    fc.assert(
      fc.property(value, (payload) => {
        const result = payloadFilterSchema.safeParse(payload);
        // What is accepted is what was given, and can be stored as it is.
        if (result.success) expect(JSON.parse(JSON.stringify(result.data))).toEqual(payload);
        else expect(result.error.issues.every(({ message }) => message !== "")).toBe(true);
      }),
    );
  });
});
