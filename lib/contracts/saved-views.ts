import { z } from "zod";
import { listOf, projectParams, timestamp } from "@/lib/contracts/common";
import { defineOperation } from "@/lib/contracts/operation";

/** `name`, `query`: characters; `per_project`: views. */
export const SAVED_VIEW_LIMITS = { name: 80, query: 2000, per_project: 100 } as const;

export const savedViewSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    query: z.string().meta({ description: "The query of the log's address, without the question mark." }),
    created_by: z.string().meta({ description: "Id of the person or API key." }),
    created_at: timestamp,
  })
  .meta({ id: "SavedView" });

const name = z.string().trim().min(1, "Give the view a name.").max(SAVED_VIEW_LIMITS.name);
const query = z
  .string()
  .max(SAVED_VIEW_LIMITS.query)
  .regex(/^[^?#\s]*$/, "Send the query alone, percent-encoded, without `?` and `#`.")
  .meta({ description: "The query of the log's address, such as `status=failed&range=24h`." });

export const createSavedViewBody = z.object({ name, query }).strict();
export const updateSavedViewBody = z
  .object({ name, query })
  .partial()
  .strict()
  .refine((body) => Object.keys(body).length > 0, "Give `name`, `query` or both.");

const tag = "Saved views";
const viewParams = projectParams.extend({ view_id: z.string() });

export const listSavedViews = defineOperation({
  id: "listSavedViews",
  method: "GET",
  path: "/projects/{project_id}/saved-views",
  summary: "The project's views of the delivery log, by name",
  tag,
  auth: "project",
  params: projectParams,
  status: 200,
  response: listOf(savedViewSchema),
});

export const createSavedView = defineOperation({
  id: "createSavedView",
  method: "POST",
  path: "/projects/{project_id}/saved-views",
  summary: "Keep the filters of the delivery log under a name",
  tag,
  auth: "project",
  params: projectParams,
  body: createSavedViewBody,
  status: 201,
  response: savedViewSchema,
  idempotent: true,
});

export const updateSavedView = defineOperation({
  id: "updateSavedView",
  method: "PATCH",
  path: "/projects/{project_id}/saved-views/{view_id}",
  summary: "Rename a view, or change what it shows",
  tag,
  auth: "project",
  params: viewParams,
  body: updateSavedViewBody,
  status: 200,
  response: savedViewSchema,
});

export const deleteSavedView = defineOperation({
  id: "deleteSavedView",
  method: "DELETE",
  path: "/projects/{project_id}/saved-views/{view_id}",
  summary: "Delete a view; the deliveries that it shows stay",
  tag,
  auth: "project",
  params: viewParams,
  status: 204,
});

export type SavedView = z.infer<typeof savedViewSchema>;
