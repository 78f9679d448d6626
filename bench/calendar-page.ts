import type { BrowserContext, Page } from "@playwright/test";

/** What the page itself notes: when the calendar's data has arrived, and when frames were drawn. */
type Notes = { arrivedAt: number | null; frames: number[] | null };
declare global {
  interface Window {
    benchNotes: Notes;
  }
}

/** To be in place before the page's own scripts. */
export async function takeNotes(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    window.benchNotes = { arrivedAt: null, frames: null };
    const text = Response.prototype.text;
    Response.prototype.text = async function read(this: Response) {
      const body = await text.call(this);
      if (/\/calendar\?/.test(this.url)) window.benchNotes.arrivedAt = performance.now();
      return body;
    };
    const note = (at: number) => {
      window.benchNotes.frames?.push(at);
      requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  });
}

/**
 * How long after its data the page can be used, in ms: what is named is there, and a click on it has opened its dialog.
 * The first look is taken as soon as the page has a moment, and again until it is there.
 */
export async function untilUsable(page: Page, address: string, target: string, least: number): Promise<number> {
  await page.goto(address, { waitUntil: "commit" });
  const handle = await page.waitForFunction(
    ([selector, count]) => {
      const { arrivedAt } = window.benchNotes;
      if (arrivedAt === null) return false;
      if (document.querySelector("[role=dialog]")) return performance.now() - arrivedAt;
      const found = document.querySelectorAll<HTMLElement>(selector);
      if (found.length >= count) found[0]?.click();
      return document.querySelector("[role=dialog]") ? performance.now() - arrivedAt : false;
    },
    [target, least] as const,
    { polling: "raf", timeout: 60_000 },
  );
  return Number(await handle.jsonValue());
}

export type Smoothness = { fps: number; longest_ms: number };

/**
 * Moves the pressed mouse to and fro for so long, and counts the frames that the page draws meanwhile.
 * @param reach how far from where it was pressed, in px
 */
export async function dragFor(
  page: Page,
  from: { x: number; y: number },
  reach: { x: number; y: number },
  ms: number,
): Promise<Smoothness> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 10, from.y + 6, { steps: 4 });
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
