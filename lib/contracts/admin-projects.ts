import { z } from "zod";
import { projectSchema } from "@/lib/contracts/accounts";
import { pageOf, pageQuery } from "@/lib/contracts/common";
import { defineOperation } from "@/lib/contracts/operation";

export const PLANS = ["free", "premium"] as const;

export const adminProjectSchema = projectSchema
  .pick({ id: true, name: true, plan: true, created_at: true })
  .extend({
    member_count: z.int(),
    open_reservations: z.int().meta({ description: "Held, confirmed or active." }),
  })
  .meta({ id: "AdminProject" });

const tag = "Administration";

export const listAdminProjects = defineOperation({
  id: "listAdminProjects",
  method: "GET",
  path: "/admin/projects",
  summary: "The projects of the installation, newest first",
  tag,
  auth: "admin",
  query: pageQuery.extend({
    q: z.string().max(200).optional().meta({ description: "Part of the name, or an id." }),
    plan: z.enum(PLANS).optional(),
  }),
  status: 200,
  response: pageOf(adminProjectSchema),
  errors: ["invalid_cursor"],
});

export const changePlan = defineOperation({
  id: "changePlan",
  method: "PATCH",
  path: "/admin/projects/{project_id}",
  summary: "Change a project's plan",
  description: "On the free plan a project books nothing new; what it has booked stays, and can still be cancelled.",
  tag,
  auth: "admin",
  params: z.object({ project_id: z.string() }),
  body: z.strictObject({ plan: z.enum(PLANS) }),
  status: 200,
  response: adminProjectSchema,
});

export type AdminProject = z.infer<typeof adminProjectSchema>;
export type Plan = (typeof PLANS)[number];
