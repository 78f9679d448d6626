import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** Of these, the rules that look at colours: no other sees the theme. */
const COLOUR_RULES = ["color-contrast", "link-in-text-block"];
const PHONE = { width: 390, height: 844 };

/** No violation of WCAG 2.2 AA that axe can find, in the light theme and in the dark one. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
    // The usual mode puts results of frames from elsewhere together in a page of its own, which takes most of the time.
    const axe = new AxeBuilder({ page }).setLegacyMode();
    const { violations } = await (theme === "light" ? axe.withTags(WCAG) : axe.withRules(COLOUR_RULES)).analyze();
    const found = violations.map(({ id, help, nodes }) => ({
      id,
      help,
      where: nodes.map(({ target, failureSummary }) => `${target.join(" ")}: ${failureSummary}`),
    }));
    expect(found, `violations in the ${theme} theme`).toEqual([]);
  }
}

/** On a phone nothing makes the page wider than the screen. */
export async function expectFitsPhone(page: Page): Promise<void> {
  const before = page.viewportSize();
  await page.setViewportSize(PHONE);
  await expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth), { message: "width of the page in px" })
    .toBeLessThanOrEqual(PHONE.width);
  if (before) await page.setViewportSize(before);
}
