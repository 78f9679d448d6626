import { expect, type Locator, type Page } from "@playwright/test";

/** The rows of the delivery log, without its head. */
export function rowsOf(page: Page): Locator {
  return page
    .getByRole("table", { name: "Deliveries, newest first" })
    .getByRole("row")
    .filter({ has: page.getByRole("link") });
}

export function newButton(page: Page): Locator {
  return page.getByRole("button", { name: /^\d+ new$/ });
}

/**
 * Waits for something of the log that has just come about. New rows wait behind "N new"; only where the page has just
 * been opened they can also be in the list at once, read together with it.
 */
export async function reveal(page: Page, row: Locator): Promise<void> {
  await expect(async () => {
    if (await newButton(page).isVisible()) await newButton(page).click({ timeout: 1000 });
    await expect(row).toBeVisible({ timeout: 1000 });
  }).toPass();
}
