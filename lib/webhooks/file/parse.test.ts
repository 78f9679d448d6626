import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { eventTypeNames } from "@/lib/contracts/event-types";
import { createEgressPolicy } from "@/lib/net/address";
import { checkDestination } from "@/lib/net/destination";
import { parseWebhooksFile } from "@/lib/webhooks/file/parse";
import { doublingDelays, FILE_RETRY, WEBHOOKS_FILE_LIMITS } from "@/lib/webhooks/file/schema";

/** As in production, where nothing is allowed that is not public and https. */
const checkUrl = (url: string) =>
  checkDestination(url, { policy: createEgressPolicy([]), http: "allowed-only", selfOrigin: "https://dumont.example" });
const parse = (text: string) => parseWebhooksFile(text, { checkUrl });

const GOOD = { id: "billing", url: "https://example.com/hook", secret: "billing_secret", events: ["instance.started"] };

/** A value of each field that is wrong, and one field that is not known. */
const WRONG: [string, unknown][] = [
  ["id", "no spaces"],
  ["id", 7],
  ["url", ""],
  ["url", "http://example.com/hook"],
  ["url", "https://127.0.0.1/hook"],
  ["url", "https://169.254.169.254/latest"],
  ["url", "not a url"],
  ["secret", ""],
  ["secret", "../../etc/passwd"],
  ["secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
  ["events", []],
  ["events", ["no.such.type"]],
  ["events", "instance.started"],
  ["enabled", "yes"],
  ["description", "x".repeat(501)],
  ["ordering", "sometimes"],
  ["order_key", "data.instance_id"],
  ["retry", { preset: "forever" }],
  ["retry", { delays_s: [0] }],
  ["filter", { regions: ["eu"] }],
  ["max_in_flight", 0],
  ["rate_limit", 100_000],
  ["headers", { "X-Team": "gpu" }],
];

const entries = fc.uniqueArray(
  fc.record(
    {
      id: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,30}$/),
      url: fc.webUrl({ validSchemes: ["https"], withFragments: false }).filter((url) => checkUrl(url) === null),
      secret: fc.stringMatching(/^[a-z_][A-Za-z0-9_.-]{0,30}$/).filter((name) => !name.startsWith("whs")),
      events: fc.uniqueArray(fc.constantFrom(...eventTypeNames, "*", "instance.*"), { minLength: 1, maxLength: 5 }),
      enabled: fc.boolean(),
      description: fc.string({ maxLength: 100 }),
      retry: fc.oneof(
        fc.record({ preset: fc.constantFrom("quick", "standard") }),
        fc.record({ delays_s: fc.array(fc.integer({ min: 1, max: 86_400 }), { maxLength: 20 }) }),
      ),
      max_in_flight: fc.integer({ min: 1, max: 128 }),
      rate_limit: fc.integer({ min: 1, max: 1000 }),
    },
    { requiredKeys: ["id", "url", "secret", "events"] },
  ),
  { selector: ({ id }) => id, minLength: 1, maxLength: 6 },
);

describe("a file that is right", () => {
  test("comes through with every value, whatever it is and however it is written", () => {
    fc.assert(
      fc.property(entries, fc.boolean(), fc.boolean(), (webhooks, wrapped, flow) => {
        const text = stringify(wrapped ? { webhooks } : webhooks, {
          collectionStyle: flow ? "flow" : "any",
          aliasDuplicateObjects: false,
        });
        const { webhooks: parsed, errors } = parse(text);
        expect(errors).toEqual([]);
        expect(parsed).toEqual(webhooks.map((webhook) => expect.objectContaining(webhook)));
      }),
    );
  });

  test("has defaults: enabled, unordered, and five retries that double", () => {
    const [webhook] = parse(stringify([GOOD])).webhooks;
    expect(webhook).toMatchObject({ enabled: true, ordering: "unordered", description: "", filter: null, line: 1 });
    expect(webhook?.retry).toEqual({ delays_s: [2, 4, 8, 16, 32] });
  });

  test("the example that ships is one", () => {
    const { webhooks, errors } = parse(readFileSync("config/webhooks.yaml.example", "utf8"));
    expect(errors).toEqual([]);
    expect(webhooks.map(({ id }) => id)).toEqual(["billing", "fleet-orchestrator"]);
  });

  test("an empty list is one", () => {
    expect(parse("webhooks: []\n")).toEqual({ webhooks: [], errors: [] });
  });
});

test("delays double from the base, as many as the limit", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 12 }), (base_s, limit) => {
      const delays = doublingDelays({ base_s, limit });
      expect(delays).toHaveLength(limit);
      for (const [attempt, delay] of delays.entries()) expect(delay).toBe(base_s * 2 ** attempt);
    }),
  );
  expect(doublingDelays(FILE_RETRY)).toEqual([2, 4, 8, 16, 32]);
});

describe("a file that is wrong", () => {
  test("every mistake is told, in its field and on its line, wherever among right entries it stands", () => {
    const mistakes = fc.uniqueArray(fc.constantFrom(...WRONG), {
      selector: ([field]) => field,
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(entries, mistakes, fc.nat(), (webhooks, wrong, place) => {
        const index = place % (webhooks.length + 1);
        const bad = { ...GOOD, id: "the.wrong.one-of-all.of.them.x", ...Object.fromEntries(wrong) };
        const all: Record<string, unknown>[] = [...webhooks.slice(0, index), bad, ...webhooks.slice(index)];
        const text = stringify({ webhooks: all }, { aliasDuplicateObjects: false, lineWidth: 0 });
        const lines = text.split("\n");
        const { errors } = parse(text);
        for (const [field] of wrong) {
          const found = errors.find((error) => error.field.startsWith(`webhooks[${index}].${field}`));
          expect(found, `${field} in ${JSON.stringify(errors)}`).toBeDefined();
          expect(found?.message).not.toBe("");
        }
        for (const error of errors) {
          expect(error.field).toMatch(new RegExp(`^webhooks\\[${index}\\]`));
          const key = /\]\.(\w+)/.exec(error.field)?.[1] ?? "";
          // The value may stand on the lines after its key.
          const above = lines.slice(0, error.line ?? 0).findLast((line) => /^( {2}- | {4})\w+:/.test(line));
          expect(above).toMatch(new RegExp(`\\b${key}:`));
        }
      }),
    );
  });

  test("no field that is required may be missing", () => {
    for (const field of ["id", "url", "secret", "events"]) {
      const { [field]: _left, ...rest } = { ...GOOD } as Record<string, unknown>;
      expect(parse(stringify([rest])).errors).toEqual([
        { line: 1, field: `webhooks[0].${field}`, message: "This is required" },
      ]);
    }
  });

  test("whatever the text is, it is read or refused, and what is refused has an error", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((json) => json.replaceAll(",", "\n,")),
          fc.string({ unit: "binary" }),
        ),
        (text) => {
          const { webhooks, errors } = parse(text);
          expect(webhooks.length > 0 || errors.length > 0 || /^\s*(\[\]|webhooks)/m.test(text)).toBe(true);
        },
      ),
    );
  });

  test("nothing of a secret that was written in place of its name is repeated", () => {
    const { errors } = parse(stringify([{ ...GOOD, secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }]));
    expect(errors).not.toEqual([]);
    expect(JSON.stringify(errors)).not.toContain("MfKQ");
  });

  test("the same id twice", () => {
    const text = `webhooks:\n  - ${JSON.stringify(GOOD)}\n  - ${JSON.stringify({ ...GOOD, url: "http://x" })}\n`;
    expect(parse(text).errors).toContainEqual({
      line: 3,
      field: "webhooks[1].id",
      message: "The id is taken by webhooks[0]",
    });
  });

  test.each([
    ["a key twice", "webhooks:\n  - id: a\n    id: b\n", 3, /unique/],
    ["broken syntax", 'webhooks:\n  - id: "a\n', 3, /YAML/],
    ["an alias of what is not there", "webhooks:\n  - *x\n", 2, /YAML|Aliases/],
    ["an anchor that nobody uses", "webhooks: &x []\n", 1, /Anchors/],
    ["a tag of its own", "webhooks: !!js/function 'x'\n", 1, /tag/i],
    ["two documents", "webhooks: []\n---\nwebhooks: []\n", 2, /multiple documents/],
    ["another key beside the list", "webhooks: []\nendpoints: []\n", 2, /Unknown key/],
    ["no list", "webhooks: 7\n", 1, /list/],
    ["only text", "hello\n", 1, /list/],
    ["nothing", "# nothing\n", null, /empty/],
    ["an entry that is no mapping", "- 7\n", 1, /./],
  ])("%s", (_what, text, line, message) => {
    const { webhooks, errors } = parse(text);
    expect(webhooks).toEqual([]);
    expect(errors[0]).toMatchObject({ line, message: expect.stringMatching(message) });
  });

  test("a bomb of aliases is refused before it is unpacked", () => {
    const levels = Array.from(
      { length: 24 },
      (_, n) =>
        `l${n}: &l${n} [${Array(10)
          .fill(n === 0 ? "x" : `*l${n - 1}`)
          .join(", ")}]`,
    );
    const { errors } = parse(`${levels.join("\n")}\nwebhooks: *l23\n`);
    expect(errors).toContainEqual(expect.objectContaining({ line: 2, message: expect.stringMatching(/Aliases/) }));
    expect(errors.length).toBeLessThanOrEqual(WEBHOOKS_FILE_LIMITS.errors + 1);
  });

  test("a nesting without end, more bytes and more webhooks than may be", () => {
    expect(parse("[".repeat(WEBHOOKS_FILE_LIMITS.bytes - 1)).errors).not.toEqual([]);
    expect(parse(`# ${"x".repeat(WEBHOOKS_FILE_LIMITS.bytes)}`).errors[0]?.message).toMatch(/bytes/);
    const many = Array.from({ length: WEBHOOKS_FILE_LIMITS.webhooks + 1 }, (_, n) => ({ ...GOOD, id: `w${n}` }));
    expect(parse(JSON.stringify(many)).errors[0]?.message).toMatch(/at most 500/);
  });
});
