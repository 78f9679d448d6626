import type { APIRequestContext, Locator, Page } from "@playwright/test";
import { expect } from "@playwright/test";
import type { Pool } from "@/lib/contracts/fleet";
import { listReservations, type Reservation } from "@/lib/contracts/reservations";
import { call } from "./api";
import { bookGpus, makePremium } from "./fleet";
import { newProject, type Project } from "./project";

export const HOUR = 3_600_000;
/** A full hour so many hours from now, Unix ms. */
export const inHours = (hours: number) => Math.ceil(Date.now() / HOUR) * HOUR + hours * HOUR;
export const dateOf = (at: number) => new Date(at).toISOString().slice(0, 10);
export const timeOf = (at: number) => new Date(at).toISOString().slice(11, 16);

/** Opens the form for a booking from the list. */
export async function openForm(page: Page): Promise<Locator> {
  await page.goto("/app/reservations?view=list");
  await page.getByRole("button", { name: "Book GPUs" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Book GPUs" });
  await expect(dialog.getByRole("heading", { name: "What it costs, in credits" })).toBeVisible();
  return dialog;
}

export type Wanted = { pool: Pool; gpus: number; from: number; hours: number };

/** Fills the form for a booking at a known time; browsers of the tests are in UTC. */
export async function fillForm(page: Page, dialog: Locator, { pool, gpus, from, hours }: Wanted): Promise<void> {
  await dialog.getByRole("combobox", { name: "Pool or GPU type" }).click();
  await page.getByRole("option", { name: pool.name }).click();
  await dialog.getByRole("spinbutton", { name: "GPUs" }).fill(String(gpus));
  await dialog.getByLabel("Start date").fill(dateOf(from));
  await dialog.getByLabel("Start time").fill(timeOf(from));
  await dialog.getByLabel("End date").fill(dateOf(from + hours * HOUR));
  await dialog.getByLabel("End time").fill(timeOf(from + hours * HOUR));
}

/** The newest first. */
export async function reservationsOf(owner: APIRequestContext, { id }: Project): Promise<Reservation[]> {
  return (await call(owner, listReservations, { params: { project_id: id } })).data;
}

/** Books so many of the pool's sixteen for another project. */
export async function bookForOthers(owner: APIRequestContext, booking: Wanted): Promise<void> {
  const other = await newProject(owner, "Other");
  await makePremium(owner, other);
  await bookGpus(owner, other, booking);
}
