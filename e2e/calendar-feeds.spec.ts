import ICAL from "ical.js";
import { expectAccessible, expectFitsPhone } from "./support/accessible";
import { textOf } from "./support/exchange";
import { bookGpus, makePremium, newPool } from "./support/fleet";
import { expect, test } from "./support/test";

const HOUR = 3_600_000;

test("a calendar is made, read by a calendar program, replaced and revoked", async ({
  page,
  owner,
  project,
  request,
}) => {
  await makePremium(owner, project);
  const pool = await newPool(owner);
  const from = Math.ceil(Date.now() / HOUR) * HOUR + 24 * HOUR;
  const { id } = await bookGpus(owner, project, { pool, from, hours: 8, gpus: 4, title: "Fine-tuning; all, of it" });

  await page.goto("/app/reservations");
  await page.getByRole("button", { name: "Subscribe" }).click();
  const dialog = page.getByRole("dialog", { name: "Calendars to subscribe to" });
  await expect(dialog.getByText("No calendars yet")).toBeVisible();
  await dialog.getByRole("button", { name: "New calendar" }).click();
  await expectAccessible(page);
  await expectFitsPhone(page);
  await dialog.getByRole("radio", { name: "A pool" }).click();
  await dialog.getByRole("button", { name: "Make the address" }).click();
  await expect(dialog.getByText("Choose a pool", { exact: true }).last()).toBeVisible();
  await dialog.getByRole("radio", { name: "My reservations" }).click();
  await dialog.getByRole("textbox", { name: "Name" }).fill("GPUs");
  await dialog.getByRole("button", { name: "Make the address" }).click();

  const address = page.getByRole("dialog", { name: "Address of “GPUs”" });
  const url = await textOf(address.getByText(/^https?:\/\/\S+\.ics$/));
  await expectAccessible(page);
  await expectFitsPhone(page);
  await page.keyboard.press("Escape");
  await expect(address, "nothing but saying so closes it").toBeVisible();
  await address.getByRole("button", { name: "I have copied it" }).click();

  const answer = await request.get(url);
  expect([answer.status(), answer.headers()["content-type"]]).toEqual([200, "text/calendar; charset=utf-8"]);
  const [event] = new ICAL.Component(ICAL.parse(await answer.text()))
    .getAllSubcomponents("vevent")
    .map((component) => new ICAL.Event(component));
  expect(event?.uid).toBe(`${id}-1@dumont`);
  expect(event?.summary).toContain("Fine-tuning; all, of it");
  expect(event?.startDate.toJSDate()).toEqual(new Date(from));
  const unchanged = await request.get(url, { headers: { "if-none-match": answer.headers().etag ?? "" } });
  expect(unchanged.status()).toBe(304);

  const row = dialog.getByRole("listitem").filter({ hasText: "GPUs" });
  await row.getByRole("button", { name: "New address for GPUs" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Replace the address" }).click();
  const second = await textOf(address.getByText(/^https?:\/\/\S+\.ics$/));
  await address.getByRole("button", { name: "I have copied it" }).click();
  expect([(await request.get(url)).status(), (await request.get(second)).status()]).toEqual([404, 200]);
  await row.getByRole("button", { name: "Revoke GPUs" }).click();
  await expectAccessible(page);
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke calendar" }).click();
  await expect(dialog.getByText("No calendars yet")).toBeVisible();
  expect((await request.get(second)).status()).toBe(404);
});
