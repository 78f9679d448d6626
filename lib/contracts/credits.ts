import { z } from "zod";
import { isStorable, pageOf, pageQuery, projectParams, timestamp } from "@/lib/contracts/common";
import { MAX_MICROS, micros, signedMicros } from "@/lib/contracts/money";
import { defineOperation } from "@/lib/contracts/operation";

export const CREDIT_LIMITS = {
  noteLength: 500,
  /** How far ahead credits may run out; further is as good as never. */
  mostYears: 20,
  forecastDays: 90,
  /** The pace of booking is that of so many days. */
  paceDays: 30,
  /** The page offers to use what runs out within so many days. */
  suggestDays: 30,
} as const;

export const GRANT_SOURCES = ["purchase", "plan", "promo", "sla", "refund", "rollover", "manual"] as const;
/** What an admin can give; the others come about by themselves. */
export const ADMIN_SOURCES = ["purchase", "promo", "sla", "manual"] as const;
export const LEDGER_KINDS = [
  "grant",
  "hold",
  "release",
  "capture",
  "fee",
  "refund",
  "expire",
  "rollover",
  "void",
  "adjust",
] as const;
export const LEDGER_ACCOUNTS = ["funding", "available", "held", "spent", "expired"] as const;

const source = z.enum(GRANT_SOURCES).meta({
  description:
    "purchase: bought. plan: came with the month. promo, sla, manual: given. refund: came back to a grant that had run out. rollover: was left of a plan's grant.",
});

const kind = z.enum(LEDGER_KINDS).meta({
  description:
    "grant: credits came. hold: set aside for a reservation. release: no longer needed for it. capture: used by it. fee: kept of what was given back. refund: given back although used. expire: ran out. rollover: carried into a new grant. void: a grant taken back. adjust: a part of one taken back.",
});

const who = z.object({ id: z.string(), name: z.string() });

export const creditGrantSchema = z
  .object({
    id: z.string(),
    source,
    amount_micros: micros,
    available_micros: micros.meta({ description: "What can still be spent: 0 once it has run out." }),
    held_micros: micros.meta({ description: "Held for reservations; stays good until they end." }),
    priority: z.int().meta({ description: "Lower is used first." }),
    expires_at: timestamp.nullable().meta({ description: "From this moment on it is no longer good; null: never." }),
    run_out: z.boolean(),
    parent_id: z.string().nullable().meta({ description: "The grant that it was rolled over or refunded from." }),
    note: z.string(),
    created_by: who,
    created_at: timestamp,
  })
  .meta({ id: "CreditGrant" });

export const forecastPointSchema = z
  .object({
    at: timestamp,
    available_micros: micros.meta({ description: "If nothing more is booked." }),
    held_micros: micros.meta({
      description: "What is still held for bookings that are made; the rest is used by then.",
    }),
  })
  .meta({ id: "CreditForecastPoint" });

export const creditSummarySchema = z
  .object({
    as_of: timestamp,
    available_micros: micros,
    held_micros: micros,
    never_expires_micros: micros.meta({ description: "Of what is available, what does not run out." }),
    expiring: z
      .array(
        z.object({
          expires_at: timestamp,
          amount_micros: micros.meta({ description: "What is available of it now." }),
          rolls_over_micros: micros.meta({ description: "Of that, what would be carried over." }),
          grants: z.array(z.object({ grant_id: z.string(), source, amount_micros: micros })),
        }),
      )
      .meta({ description: "What runs out when, soonest first." }),
    suggestion: z
      .object({ grant_id: z.string(), source, amount_micros: micros, expires_at: timestamp })
      .nullable()
      .meta({
        description: `What runs out next, within ${CREDIT_LIMITS.suggestDays} days. A booking made before keeps it: it is held until the booking ends.`,
      }),
    plan: z
      .object({ amount_micros: micros, next_at: timestamp })
      .nullable()
      .meta({ description: "What the plan grants next and when; null: nothing." }),
    forecast: z.object({
      points: z.array(forecastPointSchema).meta({
        description: `Now, and each midnight UTC of the next ${CREDIT_LIMITS.forecastDays} days.`,
      }),
      pace_micros_per_day: micros.meta({
        description: `What went into bookings a day, over the last ${CREDIT_LIMITS.paceDays} days.`,
      }),
      enough_until: timestamp.nullable().meta({
        description: "The first day that is no longer covered at that pace; null: none within the forecast.",
      }),
    }),
  })
  .meta({ id: "CreditSummary" });

export const ledgerLineSchema = z
  .object({
    id: z.string(),
    seq: z.int().meta({ description: "Counts up within the project without a gap." }),
    kind,
    available_micros: signedMicros.meta({ description: "What it did to what is available," }),
    held_micros: signedMicros.meta({ description: "and to what is held." }),
    available_after_micros: micros.meta({ description: "What was available after it," }),
    held_after_micros: micros.meta({ description: "and held." }),
    reservation: z
      .object({ id: z.string(), title: z.string() })
      .nullable()
      .meta({ description: "The reservation that caused it." }),
    note: z.string(),
    entries: z
      .array(z.object({ grant_id: z.string(), source, account: z.enum(LEDGER_ACCOUNTS), amount_micros: signedMicros }))
      .meta({ description: "Double entry: the amounts sum to 0." }),
    created_by: who,
    created_at: timestamp,
  })
  .meta({ id: "LedgerLine" });

const filters = z.object({
  kind: z
    .string()
    .max(200)
    .optional()
    .refine((text) => text === undefined || splitKinds(text) !== null, `Use ${LEDGER_KINDS.join(", ")}`)
    .meta({ description: "One kind or several, separated by commas." }),
  reservation_id: z.string().max(100).optional(),
  grant_id: z.string().max(100).optional(),
  from: timestamp.optional().meta({ description: "At or after this moment." }),
  to: timestamp.optional().meta({ description: "Before this moment." }),
});

/** The kinds of a filter; null when one of them does not exist. */
export function splitKinds(text: string): (typeof LEDGER_KINDS)[number][] | null {
  const names = text.split(",").filter((name) => name !== "");
  const kinds = LEDGER_KINDS.filter((kind) => names.includes(kind));
  return names.every((name) => (LEDGER_KINDS as readonly string[]).includes(name)) ? kinds : null;
}

export const grantQuery = pageQuery.extend({
  state: z.enum(["open", "all"]).default("all").meta({ description: "open: only grants with something left or held." }),
});

const note = z.string().trim().max(CREDIT_LIMITS.noteLength).refine(isStorable, "Leave out what cannot be stored");

export const createGrantBody = z.strictObject({
  source: z.enum(ADMIN_SOURCES),
  amount_micros: z.int().min(1).max(MAX_MICROS).meta({ description: "Micro-credits: 1,000,000 are one credit." }),
  expires_at: timestamp.nullable().default(null).meta({
    description: "null: never. Anything but a midnight UTC is put off to the next one, and the answer says so.",
  }),
  priority: z.int().min(0).max(100).default(50).meta({ description: "Lower is used first." }),
  note: note.default(""),
});

export const voidGrantBody = z.strictObject({
  amount_micros: z
    .int()
    .min(1)
    .max(MAX_MICROS)
    .optional()
    .meta({ description: "Only so much, as a correction; without it, all that is available." }),
  note: note.default(""),
});

export const adminCreditsSchema = z
  .object({
    project: z.object({ id: z.string(), name: z.string(), plan: z.string() }),
    available_micros: micros,
    held_micros: micros,
    next_expiry: z.object({ expires_at: timestamp, amount_micros: micros }).nullable(),
  })
  .meta({ id: "AdminCredits" });

const params = projectParams;
const tag = "Credits";

export const getCredits = defineOperation({
  id: "getCredits",
  method: "GET",
  path: "/projects/{project_id}/credits",
  summary: "Balance, what runs out when, and a forecast",
  description: "What has run out counts no more from that very moment, whether the ledger has booked it yet or not.",
  tag,
  auth: "project",
  params,
  status: 200,
  response: creditSummarySchema,
});

export const listLedger = defineOperation({
  id: "listLedger",
  method: "GET",
  path: "/projects/{project_id}/credits/ledger",
  summary: "The ledger of credits, newest first",
  tag,
  auth: "project",
  params,
  query: pageQuery.extend(filters.shape),
  status: 200,
  response: pageOf(ledgerLineSchema),
  errors: ["invalid_cursor"],
});

export const downloadLedger = defineOperation({
  id: "downloadLedger",
  method: "GET",
  path: "/projects/{project_id}/credits/ledger.csv",
  summary: "The ledger as CSV, newest first",
  description:
    "Every line that the filter leaves, in UTF-8 with a header. Amounts are in credits as decimal text and again in micro-credits. Text that a spreadsheet would take for a formula has an apostrophe before it.",
  tag,
  auth: "project",
  params,
  query: filters,
  status: 200,
  contentType: "text/csv",
});

export const listGrants = defineOperation({
  id: "listGrants",
  method: "GET",
  path: "/projects/{project_id}/credits/grants",
  summary: "Grants of credits, newest first",
  tag,
  auth: "project",
  params,
  query: grantQuery,
  status: 200,
  response: pageOf(creditGrantSchema),
  errors: ["invalid_cursor"],
});

export const listAdminCredits = defineOperation({
  id: "listAdminCredits",
  method: "GET",
  path: "/admin/credits",
  summary: "Projects with their credits, newest first",
  tag: "Administration",
  auth: "admin",
  query: pageQuery.extend({
    q: z.string().max(200).optional().meta({ description: "Part of the project's name, or its id." }),
  }),
  status: 200,
  response: pageOf(adminCreditsSchema),
  errors: ["invalid_cursor"],
});

export const listAdminGrants = defineOperation({
  id: "listAdminGrants",
  method: "GET",
  path: "/admin/projects/{project_id}/credits/grants",
  summary: "Grants of any project, newest first",
  tag: "Administration",
  auth: "admin",
  params,
  query: grantQuery,
  status: 200,
  response: pageOf(creditGrantSchema),
  errors: ["invalid_cursor"],
});

export const createGrant = defineOperation({
  id: "createGrant",
  method: "POST",
  path: "/admin/projects/{project_id}/credits/grants",
  summary: "Grant credits to a project",
  tag: "Administration",
  auth: "admin",
  params,
  body: createGrantBody,
  status: 201,
  response: creditGrantSchema
    .extend({ expiry_rounded: z.boolean().meta({ description: "expires_at was put off to the next midnight UTC." }) })
    .meta({ id: "CreatedCreditGrant" }),
  idempotent: true,
});

export const voidGrant = defineOperation({
  id: "voidGrant",
  method: "POST",
  path: "/admin/credits/grants/{grant_id}/void",
  summary: "Take back what is left of a grant, or a part of it",
  description: "What is held for reservations or spent stays as it is.",
  tag: "Administration",
  auth: "admin",
  params: z.object({ grant_id: z.string() }),
  body: voidGrantBody,
  status: 200,
  response: creditGrantSchema,
  errors: ["conflict"],
});

export type GrantSource = (typeof GRANT_SOURCES)[number];
export type LedgerKind = (typeof LEDGER_KINDS)[number];
export type LedgerAccount = (typeof LEDGER_ACCOUNTS)[number];
export type CreditGrantView = z.infer<typeof creditGrantSchema>;
export type CreditSummary = z.infer<typeof creditSummarySchema>;
export type ForecastPoint = z.infer<typeof forecastPointSchema>;
export type LedgerLine = z.infer<typeof ledgerLineSchema>;
export type LedgerFilter = z.infer<typeof filters>;
export type AdminCredits = z.infer<typeof adminCreditsSchema>;
