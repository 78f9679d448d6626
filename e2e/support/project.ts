import { randomUUID } from "node:crypto";
import { type APIRequestContext, type BrowserContext, expect } from "@playwright/test";
import { createProject } from "@/lib/contracts/accounts";
import { createApiKey } from "@/lib/contracts/api-keys";
import { getDelivery, listDeliveries } from "@/lib/contracts/deliveries";
import { eventTypeCatalogue } from "@/lib/contracts/event-types";
import { emitEvent } from "@/lib/contracts/events";
import type { BodyInput, QueryInput } from "@/lib/contracts/operation";
import { ALL_PERMISSIONS } from "@/lib/contracts/permissions";
import { getReceiver, updateReceiver } from "@/lib/contracts/receiver";
import { createWebhook } from "@/lib/contracts/webhooks";
import { call } from "./api";
import { ORIGIN } from "./installation";

/** A project of a test's own. */
export type Project = { id: string; name: string };

/** Opens an API client without cookies that sends this key. */
export type OpenClient = (apiKey: string) => Promise<APIRequestContext>;

/** Makes a project with a name of its own. */
export async function newProject(owner: APIRequestContext, title = "Project"): Promise<Project> {
  const { id, name } = await call(owner, createProject, { body: { name: `${title} ${randomUUID().slice(0, 6)}` } });
  return { id, name };
}

/** Makes the project the one that the browser shows. */
export async function showProject(context: BrowserContext, { id }: Project): Promise<void> {
  await context.addCookies([{ name: "dumont_project", value: id, url: ORIGIN }]);
}

export type ProjectApi = Awaited<ReturnType<typeof newProjectApi>>;

/** What a publisher does, with an API key of the project that may do everything. */
export async function newProjectApi(owner: APIRequestContext, project: Project, openClient: OpenClient) {
  const { key } = await call(owner, createApiKey, {
    params: { project_id: project.id },
    body: { name: "Tests", scopes: [...ALL_PERMISSIONS] },
  });
  const client = await openClient(key);
  const params = { project_id: project.id };
  const api = {
    project,
    key,
    /** Emits an event, with the catalogue's example as its data. */
    emit: (type: string, body: Partial<BodyInput<typeof emitEvent>> = {}) =>
      call(client, emitEvent, { params, body: { type, data: exampleOf(type), ...body } }),
    receiver: () => call(client, getReceiver, { params }),
    answer: (body: BodyInput<typeof updateReceiver>) => call(client, updateReceiver, { params, body }),
    /** A webhook that points at the project's test receiver and gets all events. */
    webhook: async (body: Partial<BodyInput<typeof createWebhook>> = {}) => {
      const { url } = await api.receiver();
      return call(client, createWebhook, { params, body: { url, event_types: ["*"], ...body } });
    },
    deliveries: async (query: QueryInput<typeof listDeliveries> = {}) =>
      (await call(client, listDeliveries, { params, query })).data,
    delivery: (id: string) => call(client, getDelivery, { params: { ...params, delivery_id: id } }),
    /** Returns once every delivery has been sent, or waits for a retry. */
    settled: () =>
      expect
        .poll(async () => (await api.deliveries({ limit: 200 })).filter(isUnderWay).length, { message: "under way" })
        .toBe(0),
  };
  return api;
}

function isUnderWay({ status, attempt_count }: { status: string; attempt_count: number }): boolean {
  return status === "delivering" || (status === "pending" && attempt_count === 0);
}

function exampleOf(type: string): BodyInput<typeof emitEvent>["data"] {
  return emitEvent.body.shape.data.parse(
    eventTypeCatalogue().find((info) => info.type === type)?.example ?? { note: "of our own" },
  );
}
