import type { BrowserContext, Page } from "@playwright/test";

/** What the page itself notes: when the calendar's data has arrived, and when frames were drawn. */
type Notes = { arrivedAt: number | null; shownAt: number | null; frames: number[] | null };
declare global {
  interface Window {
    benchNotes: Notes;
  }
}

/** As text: what compiles this file adds helpers to functions that the page does not have. */
const NOTES = `
  window.benchNotes = { arrivedAt: null, shownAt: null, frames: null };
  const text = Response.prototype.text;
  Response.prototype.text = async function () {
    const body = await text.call(this);
    if (this.url.includes("/calendar?")) window.benchNotes.arrivedAt ??= performance.now();
    return body;
  };
  const note = (at) => {
    window.benchNotes.frames?.push(at);
    requestAnimationFrame(note);
  };
  requestAnimationFrame(note);
`;

/** To be in place before the page's own scripts. */
export async function takeNotes(context: BrowserContext): Promise<void> {
  await context.addInitScript({ content: NOTES });
}

export type Readiness = { shown_ms: number; usable_ms: number };

/**
 * How long after its data the page shows what is named, in ms, and can be used: a click on it, made at once, has opened
 * its dialog.
 */
export async function untilUsable(page: Page, address: string, target: string, least: number): Promise<Readiness> {
  await page.goto(address, { waitUntil: "commit" });
  const handle = await page.waitForFunction(
    ([selector, count]) => {
      const notes = window.benchNotes;
      if (notes.arrivedAt === null) return null;
      const found = document.querySelectorAll<HTMLElement>(selector);
      if (found.length < count) return null;
      notes.shownAt ??= performance.now();
      if (!document.querySelector("[role=dialog]")) found[0]?.click();
      if (!document.querySelector("[role=dialog]")) return null;
      return { shown_ms: notes.shownAt - notes.arrivedAt, usable_ms: performance.now() - notes.arrivedAt };
    },
    [target, least] as const,
    { polling: "raf", timeout: 60_000 },
  );
  const readiness = await handle.jsonValue();
  if (!readiness) throw new Error("The page was never usable.");
  return readiness;
}

export type Smoothness = { fps: number; longest_ms: number };

/**
 * Moves the pressed mouse to and fro for so long, and counts the frames that the page draws meanwhile.
 * @param drag.reach how far from where it was pressed, in px
 * @param drag.sign what is on the page while something is dragged
 */
export async function dragFor(
  page: Page,
  { from, reach, sign }: { from: { x: number; y: number }; reach: { x: number; y: number }; sign: string },
  ms: number,
): Promise<Smoothness> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 10, from.y + 6, { steps: 4 });
  await page.locator(sign).waitFor();
  await page.evaluate(() => {
    window.benchNotes.frames = [];
  });
  const startedAt = performance.now();
  for (let step = 0; performance.now() - startedAt < ms; step += 1) {
    const part = (1 - Math.cos(step / 12)) / 2;
    await page.mouse.move(from.x + reach.x * part, from.y + reach.y * part);
  }
  const frames = await page.evaluate(() => {
    const noted = window.benchNotes.frames ?? [];
    window.benchNotes.frames = null;
    return noted;
  });
  await page.keyboard.press("Escape");
  await page.mouse.up();
  const gaps = frames.slice(1).map((at, i) => at - (frames[i] ?? at));
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  return { fps: Math.round((gaps.length / total) * 10_000) / 10, longest_ms: Math.round(Math.max(...gaps)) };
}
