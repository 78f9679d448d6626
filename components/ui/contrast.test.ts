import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/** The colours as the browser gets them; the limits are those of WCAG 2.2, 1.4.3 and 1.4.11. */
const css = readFileSync(new URL("../../app/globals.css", import.meta.url), "utf8");
const light = tokensOf(":root");
const themes = { light, dark: { ...light, ...tokensOf('[data-theme="dark"]') } };

const plainGrounds = ["canvas", "surface", "surface-raised", "surface-sunken", "hover", "accent-soft"];
const softGrounds = ["positive-soft", "caution-soft", "danger-soft"];

describe.each(Object.entries(themes))("%s theme", (_name, tokens) => {
  const contrast = (text: string, ground: string) => ratio(colour(tokens, text), colour(tokens, ground));

  it.each(["ink", "ink-muted", "ink-faint", "accent", "accent-ink", "positive", "caution", "danger"])(
    "%s is readable on every plain ground",
    (text) => {
      for (const ground of plainGrounds) expect(contrast(text, ground), `on ${ground}`).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each(["ink", "ink-muted"])("%s is readable on the tints of all tones", (text) => {
    for (const ground of softGrounds) expect(contrast(text, ground), `on ${ground}`).toBeGreaterThanOrEqual(4.5);
  });

  it.each(["positive", "caution", "danger"])("%s is readable on its own tint", (tone) => {
    expect(contrast(tone, `${tone}-soft`)).toBeGreaterThanOrEqual(4.5);
  });

  it("labels are readable on filled buttons, marks and tooltips", () => {
    for (const fill of ["accent-fill", "accent-fill-hover", "danger-fill"]) {
      expect(contrast("on-fill", fill), fill).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast("ink-inverse", "ink")).toBeGreaterThanOrEqual(4.5);
  });

  it("the frames of checkboxes, switches and the focus ring stand out", () => {
    for (const ground of ["canvas", "surface", "surface-raised", "surface-sunken"]) {
      expect(contrast("control", ground), `control on ${ground}`).toBeGreaterThanOrEqual(3);
      expect(contrast("accent", ground), `focus ring on ${ground}`).toBeGreaterThanOrEqual(3);
      expect(contrast("positive-fill", ground), `bars on ${ground}`).toBeGreaterThanOrEqual(3);
    }
  });
});

function tokensOf(selector: string): Record<string, string> {
  const block = css.split(`\n${selector} {`)[1]?.split("\n}")[0] ?? "";
  const pairs = [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((match) => [match[1] ?? "", match[2] ?? ""]);
  return Object.fromEntries(pairs);
}

function colour(tokens: Record<string, string>, name: string): string {
  const value = tokens[name];
  if (value === undefined) throw new Error(`app/globals.css defines no --${name}`);
  return value;
}

function ratio(a: string, b: string): number {
  const [bright = 0, dim = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (bright + 0.05) / (dim + 0.05);
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return channel <= 0.040_45 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
