import { expect, type Page } from "@playwright/test";

/**
 * Lets `goto` and `reload` end when the page answers: what is pressed before React has taken a button over is lost, and
 * a busy machine makes that likely.
 */
export function answering(page: Page): Page {
  for (const name of ["goto", "reload"] as const) {
    const visit = page[name].bind(page) as (...parameters: unknown[]) => ReturnType<Page["goto"]>;
    Object.assign(page, {
      [name]: async (...parameters: unknown[]) => {
        const response = await visit(...parameters);
        await expect
          .poll(() => page.evaluate(isTakenOver).catch(() => false), {
            message: "React has taken over the buttons",
            intervals: [20, 50, 100],
          })
          .toBe(true);
        return response;
      },
    });
  }
  return page;
}

/** Runs in the page. */
function isTakenOver(): boolean {
  const buttons = [...document.querySelectorAll("button")];
  return buttons.every((button) => Object.keys(button).some((key) => key.startsWith("__reactProps$")));
}
