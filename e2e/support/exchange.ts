import { expect, type Locator, type Page } from "@playwright/test";

/** A request as the page of its delivery shows it. */
export type ShownRequest = { headers: Record<string, string>; body: string };

/** Opens the request of an attempt on the page and reads it from the screen, the body as raw text. */
export async function readRequest(page: Page): Promise<ShownRequest> {
  await page.getByRole("tab", { name: "Request" }).click();
  const panel = page.getByRole("tabpanel", { name: "Request" });
  await panel.getByRole("button", { name: "Raw" }).click();
  return {
    headers: await readHeaders(panel.getByRole("table", { name: "Request headers" })),
    body: await textOf(panel.getByRole("region", { name: "Request body, raw" })),
  };
}

/** Headers by their names in small letters. */
async function readHeaders(table: Locator): Promise<Record<string, string>> {
  await expect(table).toBeVisible();
  const headers: Record<string, string> = {};
  for (const row of await table.getByRole("row").all()) {
    const name = await textOf(row.getByRole("rowheader"));
    headers[name.toLowerCase()] = await textOf(row.getByRole("cell"));
  }
  return headers;
}

/** The text of an element as it is in the page, to the character. */
export async function textOf(element: Locator): Promise<string> {
  return (await element.textContent()) ?? "";
}
