import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PAYLOAD_FILTER_LIMITS, type PayloadFilter, payloadFilterSchema } from "@/lib/contracts/payload-filter";
import { explainPayload } from "@/lib/webhooks/explain";
import { compile, matchesPayload, storedFilter } from "@/lib/webhooks/payload-filter";

const event = {
  id: "evt_1",
  type: "instance.stopped",
  timestamp: "2026-11-21T12:00:00.000Z",
  data: {
    gpu_count: 4,
    gpu_type: "H100-SXM",
    cost_micros: "500310000",
    node: null,
    tags: ["a", "b"],
    units: [
      { node: "fra-1", gpus: 2 },
      { node: "fra-2", gpus: 8 },
    ],
    levels: [1, 5, 9],
    empty: [],
    nested: { deep: { x: 0 } },
    racks: [{ names: ["r1", "r2"] }, { names: ["r3"] }],
  },
};

describe("matchesPayload", () => {
  it.each<[PayloadFilter, boolean]>([
    [{ type: "instance.stopped" }, true],
    [{ "data.gpu_count": { $gte: 4, $lt: 8 } }, true],
    [{ "data.gpu_count": { $gt: 4 } }, false],
    [{ "data.gpu_count": "4" }, false],
    [{ "data.nested.deep.x": 0 }, true],
    [{ "data.gpu_type": { $gt: "A", $lt: "I" } }, true],
    [{ "data.gpu_type": { $gt: 3 } }, false],
    [{ "data.gpu_count": { $gt: "3" } }, false],
    // Amounts are decimal strings; a number is compared with their value.
    [{ "data.cost_micros": { $gte: 500_000_000 } }, true],
    [{ "data.cost_micros": { $gte: 90_000_000 } }, true],
    [{ "data.cost_micros": { $lt: 500_310_000 } }, false],
    [{ "data.cost_micros": 500_310_000 }, false],
    [{ "data.node": null }, true],
    [{ "data.absent": null }, true],
    [{ "data.node": { $exists: true } }, true],
    [{ "data.absent": { $exists: false } }, true],
    [{ "data.absent": { $ne: 1 } }, true],
    [{ "data.absent": { $nin: [1] } }, true],
    [{ "data.absent": { $in: [null] } }, true],
    [{ "data.absent": { $lt: 1 } }, false],
    [{ "data.node": { $mod: [4, 0] } }, false],
    [{ "data.gpu_count": { $mod: [3, 1] } }, true],
    [{ "data.gpu_type": { $startsWith: "H100", $endsWith: "SXM" } }, true],
    [{ "data.gpu_type": { $startsWith: "h100" } }, false],
    [{ "data.gpu_count": { $startsWith: "4" } }, false],
    [{ "data.tags": "a" }, true],
    [{ "data.tags": { $eq: ["a", "b"] } }, true],
    [{ "data.tags": { $all: ["b", "a"] } }, true],
    [{ "data.tags": { $all: ["a", "c"] } }, false],
    [{ "data.tags": { $size: 2 } }, true],
    [{ "data.tags": { $in: ["x", "b"] } }, true],
    [{ "data.tags": { $nin: ["x", "b"] } }, false],
    [{ "data.tags.1": "b" }, true],
    [{ "data.tags": { $type: "array" } }, true],
    [{ "data.node": { $type: ["string", "null"] } }, true],
    [{ "data.gpu_count": { $type: "int" } }, true],
    [{ "data.nested": { $type: "object" } }, true],
    [{ "data.absent": { $type: "null" } }, false],
    [{ "data.units.gpus": 8 }, true],
    [{ "data.units.gpus": { $gt: 8 } }, false],
    [{ "data.units": { $elemMatch: { node: "fra-1", gpus: { $gte: 8 } } } }, false],
    [{ "data.units": { $elemMatch: { node: "fra-2", gpus: { $gte: 8 } } } }, true],
    [{ "data.levels": { $elemMatch: { $gt: 5, $lt: 9 } } }, false],
    [{ "data.levels": { $gt: 5, $lt: 9 } }, true],
    [{ "data.levels": { $elemMatch: { x: { $gt: 0 } } } }, false],
    [{ "data.empty": { $elemMatch: { x: 1 } } }, false],
    [{ "data.gpu_count": { $not: { $gte: 8 } } }, true],
    [{ "data.gpu_count": { $not: { $gte: 1, $lt: 8 } } }, false],
    [{ $or: [{ "data.gpu_count": 8 }, { "data.tags": "b" }] }, true],
    [{ $nor: [{ "data.gpu_count": 8 }, { "data.tags": "b" }] }, false],
    [{ $and: [{ "data.gpu_count": 4 }, { "data.tags": "c" }] }, false],
    [{ "data.racks.names": "r2" }, true],
    [{ "data.racks.names": { $in: ["r3"] } }, true],
    [{ "data.racks.names": { $all: ["r1", "r3"] } }, true],
    [{ "data.racks.names": { $nin: ["r2"] } }, false],
    [{ "data.gpu_type.length": 8 }, false],
    [{ "data.tags.length": 2 }, false],
  ])("of %j is %s, and is explained by it", (filter, expected) => {
    expect(payloadFilterSchema.safeParse(filter).error).toBeUndefined();
    expect(matchesPayload(filter, event)).toBe(expected);
    expect(explainPayload(filter, event) === null).toBe(expected);
  });
});

describe("what a filter cannot do, whatever was stored", () => {
  it.each([
    [{ $where: "globalThis.reached = true" }],
    [{ $expr: { $function: { body: "1" } } }],
    [{ $jsonSchema: {} }],
    [{ "data.x": { $regex: "a" } }],
  ])("is %j", (filter) => {
    expect(() => compile(filter).test(event)).toThrow();
    expect(globalThis).not.toHaveProperty("reached");
  });

  it("is to outlive a wrong text", () => {
    expect(() => storedFilter('{"payload": {"data.x": {"$regex": "a"}}}')).toThrow(/startsWith/);
  });
});

describe("a long list", () => {
  const { elements } = PAYLOAD_FILTER_LIMITS;
  const list = (place: number) => ({
    data: { x: Array.from({ length: elements + 10 }, (_, index) => (index === place ? "here" : "there")) },
  });

  it.each([
    { "data.x": "here" },
    { "data.x": { $in: ["here"] } },
    { "data.x": { $all: ["here"] } },
    { "data.x": { $startsWith: "h" } },
    { "data.x": { $lt: "i" } },
    { "data.x": { $elemMatch: { $eq: "here" } } },
  ])("is looked at up to its limit by %j", (filter) => {
    expect(matchesPayload(filter, list(elements - 1))).toBe(true);
    expect(matchesPayload(filter, list(elements))).toBe(false);
  });

  it("is counted in full", () => {
    expect(matchesPayload({ "data.x": { $size: elements + 10 } }, list(0))).toBe(true);
  });
});

describe("storedFilter", () => {
  it("gives the same filter for the same text, so that it is compiled once", () => {
    const text = '{"payload": {"data.gpu_count": 4}}';
    expect(storedFilter(text)).toBe(storedFilter(text));
    expect(storedFilter(text)).toEqual({ payload: { "data.gpu_count": 4 } });
  });

  it("forgets what was used longest ago", () => {
    const text = (index: number) => JSON.stringify({ payload: { "data.forgetting": index } });
    const [first, second] = [storedFilter(text(0)), storedFilter(text(1))];
    for (let index = 2; index <= 1000; index += 1) {
      storedFilter(text(index));
      storedFilter(text(0));
    }
    expect(storedFilter(text(0))).toBe(first);
    expect(storedFilter(text(1))).not.toBe(second);
  });
});

type Scalar = string | number | boolean | null;
type Value = Scalar | Scalar[] | undefined;

/** The rules in their plainest form, for values without lists of objects. */
function naive(filter: PayloadFilter, data: Record<string, Value>): boolean {
  return Object.entries(filter).every(([key, value]) => {
    const list = value as PayloadFilter[];
    if (key === "$and") return list.every((member) => naive(member, data));
    if (key === "$or") return list.some((member) => naive(member, data));
    if (key === "$nor") return !list.some((member) => naive(member, data));
    return holds(value as PayloadFilter, data[key.slice("data.".length)]);
  });
}

function holds(operators: PayloadFilter, value: Value): boolean {
  const each = Array.isArray(value) ? value : [value];
  return Object.entries(operators).every(([operator, operand]) => {
    const among = (list: unknown) => each.some((one) => (list as Scalar[]).includes(one ?? null));
    const compare = (test: (a: number | string, b: number | string) => boolean) =>
      each.some((one) => typeof one === typeof operand && test(one as number, operand as number));
    if (operator === "$eq") return among([operand]);
    if (operator === "$ne") return !among([operand]);
    if (operator === "$in") return among(operand);
    if (operator === "$nin") return !among(operand);
    if (operator === "$gt") return compare((a, b) => a > b);
    if (operator === "$gte") return compare((a, b) => a >= b);
    if (operator === "$lt") return compare((a, b) => a < b);
    if (operator === "$lte") return compare((a, b) => a <= b);
    if (operator === "$exists") return (value !== undefined) === operand;
    if (operator === "$not") return !holds(operand as PayloadFilter, value);
    throw new Error(operator);
  });
}

const scalar = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom("a", "b", "ab"),
  fc.boolean(),
  fc.constant(null),
);
const ordered = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom("a", "b", "ab"));
const operators = fc.letrec<{ operators: PayloadFilter }>((tie) => ({
  operators: fc.oneof(
    { maxDepth: 3 },
    fc.record({ $eq: scalar }),
    fc.record({ $ne: scalar }),
    fc.record({ $in: fc.array(scalar, { minLength: 1, maxLength: 3 }) }),
    fc.record({ $nin: fc.array(scalar, { minLength: 1, maxLength: 3 }) }),
    fc.record({ $gt: ordered, $lte: ordered }, { requiredKeys: ["$gt"] }),
    fc.record({ $gte: ordered, $lt: ordered }, { requiredKeys: ["$lt"] }),
    fc.record({ $exists: fc.boolean() }),
    fc.record({ $not: tie("operators") }),
  ) as fc.Arbitrary<PayloadFilter>,
})).operators;
const field = fc.dictionary(fc.constantFrom("data.a", "data.b", "data.c"), operators, { minKeys: 1 });
const filters = fc.letrec<{ filter: PayloadFilter }>((tie) => {
  const list = fc.array(tie("filter"), { minLength: 1, maxLength: 3 });
  return {
    filter: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      field,
      fc.record({ $and: list }),
      fc.record({ $or: list }),
      fc.record({ $nor: list }),
    ) as fc.Arbitrary<PayloadFilter>,
  };
}).filter;
const data = fc.record(
  {
    a: fc.oneof(scalar, fc.array(scalar, { minLength: 1, maxLength: 3 })),
    b: scalar,
    c: fc.array(scalar, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: [] },
);

describe("any filter and any event", () => {
  it("agree with the rules in their plainest form, and are explained exactly when the event does not pass", () => {
    fc.assert(
      fc.property(filters, data, (filter, values) => {
        const expected = naive(filter, values);
        expect(matchesPayload(filter, { data: values })).toBe(expected);
        expect(explainPayload(filter, { data: values }) === null).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("mean the same before and after JSON, where objects lose their identity", () => {
    fc.assert(
      fc.property(filters, data, (filter, values) => {
        const copy = JSON.parse(JSON.stringify(filter));
        expect(matchesPayload(copy, { data: values })).toBe(matchesPayload(filter, { data: values }));
      }),
    );
  });

  it("end in a yes or a no, whatever a publisher sends", () => {
    const paths = ["data", "data.x", "data.x.y", "data.x.0", "data.x.toString", "data.x.y.z"];
    const conditions = [
      { $eq: { a: 1 } },
      { $ne: [1, { a: 2 }] },
      { $in: ["a", null] },
      { $gt: 1, $lt: "b" },
      { $type: ["object", "array"] },
      { $exists: true },
      { $all: ["a"] },
      { $size: 1 },
      { $elemMatch: { y: 1 } },
      { $elemMatch: { $eq: { a: 1 } } },
      { $mod: [2, 0] },
      { $startsWith: "a" },
    ];
    // Names that a comparison might call or follow.
    const name = fc.constantFrom(
      "x",
      "y",
      "constructor",
      "__proto__",
      "toString",
      "valueOf",
      "hasOwnProperty",
      "length",
      "a",
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        scalar,
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(name, tie("value")),
      ),
    }));
    fc.assert(
      fc.property(value, fc.constantFrom(...paths), fc.constantFrom(...conditions), (x, path, condition) => {
        const body = JSON.parse(JSON.stringify({ data: { x } }));
        const filter = payloadFilterSchema.parse({ [path]: condition });
        expect(typeof matchesPayload(filter, body)).toBe("boolean");
        expect(explainPayload(filter, body) === null).toBe(matchesPayload(filter, body));
      }),
      { numRuns: 500 },
    );
  });

  it("stand events that are nested as deep as they come", () => {
    const deep = (open: string, close: string) => JSON.parse(`${open.repeat(50_000)}1${close.repeat(50_000)}`);
    for (const x of [deep("[", "]"), deep('{"x":', "}")]) {
      for (const condition of [
        { $eq: [1] },
        { $in: [1] },
        { $gt: 1 },
        { $elemMatch: { x: 1 } },
        { $type: "int" },
        { $ne: { x: 1 } },
      ]) {
        const filter = payloadFilterSchema.parse({ "data.x": condition });
        expect(explainPayload(filter, { data: { x } }) === null).toBe(matchesPayload(filter, { data: { x } }));
      }
    }
  });
});
