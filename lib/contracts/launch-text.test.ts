import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LAUNCH_LIMITS, launchTemplateSchema } from "@/lib/contracts/launch-template";
import {
  convertLaunchText,
  LAUNCH_TEXT_LIMITS,
  readLaunchText,
  TEXT_FORMATS,
  writeLaunchText,
} from "@/lib/contracts/launch-text";

const text = (maxLength: number) =>
  fc.string({ unit: "grapheme", maxLength }).filter((value) => value.isWellFormed() && !value.includes("\u0000"));

const template = fc.record({
  image: fc.stringMatching(/^[a-z][a-z0-9/:.-]{0,30}$/),
  env: fc.dictionary(
    fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,20}$/).filter((name) => name !== "__proto__"),
    text(40),
    { noNullPrototype: true, maxKeys: 8 },
  ),
  start_script: text(200),
  ports: fc.array(fc.integer({ min: 1, max: 65_535 }), { maxLength: LAUNCH_LIMITS.ports }),
  disk_gb: fc.integer({ min: 8, max: LAUNCH_LIMITS.diskGb }),
  gpu_type: fc.option(text(20)),
});

const yaml = (source: string) => readLaunchText(source, "yaml");
const problems = (source: string, format: "yaml" | "json" = "yaml") =>
  readLaunchText(source, format).problems.map(({ field, line, message }) => ({ field, line, message }));

describe("the text of a launch template", () => {
  it("says the same after it was written in either format, and after it was converted", () => {
    fc.assert(
      fc.property(template, fc.constantFrom(...TEXT_FORMATS), (value, format) => {
        const written = writeLaunchText(value, format);
        expect(readLaunchText(written, format).template).toEqual(value);
        const other = format === "yaml" ? "json" : "yaml";
        const converted = convertLaunchText(written, format, other) ?? "";
        expect(readLaunchText(converted, other).template).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  it("answers whatever it is given, and places every problem within the text", () => {
    const anything = fc.oneof(
      fc.string({ unit: "binary", maxLength: 300 }),
      fc.json(),
      fc
        .array(
          fc.constantFrom("image", ":", " ", "\n", "- ", "&a", "*a", "{", "}", "[", "]", "|", "'", '"', "#", "\t", "1"),
          { maxLength: 60 },
        )
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(anything, fc.constantFrom(...TEXT_FORMATS), (source, format) => {
        const read = readLaunchText(source, format);
        expect(read.template === null).toBe(read.problems.length > 0);
        for (const { from, to, line } of read.problems) {
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeGreaterThanOrEqual(from);
          expect(to).toBeLessThanOrEqual(source.length);
          if (line !== null) expect(line).toBeLessThanOrEqual(source.split(/\r\n|\n|\r/).length);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("fills in what is left out", () => {
    expect(yaml("image: a/b:1\n").template).toEqual(launchTemplateSchema.parse({ image: "a/b:1" }));
  });

  it("names the field and the line of everything that is wrong", () => {
    const source = ["image: a/b:1", "env:", "  PORT: 8080", "  1BAD: x", "ports: [22, 70000]", "disk: 100", ""].join(
      "\n",
    );
    expect(problems(source)).toEqual(
      expect.arrayContaining([
        { field: "env.PORT", line: 3, message: "Values of environment variables are text; put it into quotes" },
        { field: "env.1BAD", line: 4, message: expect.stringContaining("not beginning with a digit") },
        { field: "ports[1]", line: 5, message: "At most 65535" },
        { field: "disk", line: 6, message: 'There is no field "disk"; check its spelling or leave it out' },
      ]),
    );
    expect(problems("ports: []\n")).toEqual([{ field: "image", line: 1, message: "This is required" }]);
  });

  it("names lines in JSON as well, also where it is indented with tabs", () => {
    expect(problems('{\n  "image": "a",\n  "disk_gb": "64"\n}', "json")).toEqual([
      { field: "disk_gb", line: 3, message: "This must be a number" },
    ]);
    expect(problems('{\n\t"image": "a",\n\t"disk_gb": 1\n}', "json")).toEqual([
      { field: "disk_gb", line: 3, message: "At least 8" },
    ]);
    expect(problems('{\n  "image": "a",,\n}', "json")).toEqual([
      { field: "", line: 2, message: expect.stringContaining("Not valid JSON") },
    ]);
  });

  it("refuses a field that is there twice, in both formats", () => {
    expect(problems("image: a\nimage: b\n")).toHaveLength(1);
    expect(problems('{"image": "a", "image": "b"}', "json")).toEqual([
      { field: "", line: 1, message: "This field is there twice" },
    ]);
  });

  it("refuses __proto__ rather than losing it", () => {
    expect(problems("image: a\nenv:\n  __proto__: x\n")).toEqual([
      { field: "env.__proto__", line: 3, message: "A variable cannot be called __proto__; choose another name" },
    ]);
    expect(problems('{"image": "a", "env": {"__proto__": "x"}}', "json")).toHaveLength(1);
  });

  it("refuses anchors and aliases, and with them the bomb that they make", () => {
    const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]"];
    for (let level = 1; level < 12; level += 1) {
      const [name, before] = [String.fromCharCode(97 + level), String.fromCharCode(96 + level)];
      bomb.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(",")}]`);
    }
    expect(yaml(bomb.join("\n")).template).toBeNull();
    expect(problems("image: &a x\ngpu_type: *a\n")).toHaveLength(2);
    expect(problems("image: a\n<<: {disk_gb: 100}\n")).toEqual([expect.objectContaining({ field: "<<" })]);
  });

  it.each([
    ["lists", "[".repeat(30_000)],
    ["mappings", "{a: ".repeat(15_000)],
    ["indented lists", "- ".repeat(30_000)],
    ["closed lists", `${"[".repeat(30_000)}${"]".repeat(30_000)}`],
    ["keys", Array.from({ length: 8000 }, (_, i) => `k${i}: 1`).join("\n")],
  ])("gives up on %s without end", (_what, source) => {
    for (const format of TEXT_FORMATS) expect(readLaunchText(source, format).template).toBeNull();
  });

  it("takes as many bytes as it says, and not one more", () => {
    const head = "image: a\n# ";
    const full = head + "ä".repeat((LAUNCH_TEXT_LIMITS.bytes - head.length) / 2);
    expect(yaml(full).template).not.toBeNull();
    expect(problems(`${full}ä`)).toEqual([
      { field: "", line: null, message: expect.stringContaining("at most 65536") },
    ]);
  });

  it("tells a limited number of problems", () => {
    const { problems } = yaml(`image: a\nports: [${Array(200).fill("x").join(",")}]\n`);
    expect(problems.length).toBeLessThanOrEqual(LAUNCH_TEXT_LIMITS.problems + 1);
  });
});
