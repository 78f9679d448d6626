import * as accounts from "@/lib/contracts/accounts";
import * as admin from "@/lib/contracts/admin";
import * as adminProjects from "@/lib/contracts/admin-projects";
import * as apiKeys from "@/lib/contracts/api-keys";
import * as artifacts from "@/lib/contracts/artifacts";
import * as attempts from "@/lib/contracts/attempts";
import * as auditLog from "@/lib/contracts/audit-log";
import * as availability from "@/lib/contracts/availability";
import * as bookingPolicy from "@/lib/contracts/booking-policy";
import * as calendar from "@/lib/contracts/calendar";
import * as calendarFeeds from "@/lib/contracts/calendar-feeds";
import * as computeFaults from "@/lib/contracts/compute-faults";
import * as configVersions from "@/lib/contracts/config-versions";
import * as configurations from "@/lib/contracts/configurations";
import * as costs from "@/lib/contracts/costs";
import * as credits from "@/lib/contracts/credits";
import * as deliveries from "@/lib/contracts/deliveries";
import * as deliveryLog from "@/lib/contracts/delivery-log";
import * as deployments from "@/lib/contracts/deployments";
import * as evaluations from "@/lib/contracts/evaluations";
import * as events from "@/lib/contracts/events";
import * as failovers from "@/lib/contracts/failovers";
import * as filterPreview from "@/lib/contracts/filter-preview";
import * as fleet from "@/lib/contracts/fleet";
import * as fleetAdmin from "@/lib/contracts/fleet-admin";
import * as instances from "@/lib/contracts/instances";
import * as maintenance from "@/lib/contracts/maintenance";
import * as missed from "@/lib/contracts/missed";
import * as openapi from "@/lib/contracts/openapi";
import type { Operation } from "@/lib/contracts/operation";
import * as processors from "@/lib/contracts/processors";
import * as profile from "@/lib/contracts/profile";
import * as provisioners from "@/lib/contracts/provisioners";
import * as receiver from "@/lib/contracts/receiver";
import * as replays from "@/lib/contracts/replays";
import * as reservations from "@/lib/contracts/reservations";
import * as savedViews from "@/lib/contracts/saved-views";
import * as selfAudit from "@/lib/contracts/self-audit";
import * as series from "@/lib/contracts/series";
import * as signatureDebugger from "@/lib/contracts/signature-debugger";
import * as snapshots from "@/lib/contracts/snapshots";
import * as statistics from "@/lib/contracts/statistics";
import * as stream from "@/lib/contracts/stream";
import * as verdicts from "@/lib/contracts/verdicts";
import * as waitlist from "@/lib/contracts/waitlist";
import * as webhookChanges from "@/lib/contracts/webhook-changes";
import * as webhookSecrets from "@/lib/contracts/webhook-secrets";
import * as webhooks from "@/lib/contracts/webhooks";
import * as workflows from "@/lib/contracts/workflows";

/** Every operation of the API, for the OpenAPI document and for the test that compares it with the route files. */
export const operations: Operation[] = [
  accounts,
  profile,
  apiKeys,
  webhooks,
  webhookSecrets,
  filterPreview,
  missed,
  statistics,
  webhookChanges,
  signatureDebugger,
  events,
  verdicts,
  deliveries,
  attempts,
  deliveryLog,
  savedViews,
  replays,
  workflows,
  artifacts,
  processors,
  reservations,
  instances,
  snapshots,
  computeFaults,
  failovers,
  selfAudit,
  auditLog,
  costs,
  fleet,
  availability,
  fleetAdmin,
  maintenance,
  bookingPolicy,
  receiver,
  series,
  waitlist,
  calendarFeeds,
  stream,
  openapi,
  calendar,
  credits,
  configurations,
  configVersions,
  deployments,
  evaluations,
  admin,
  adminProjects,
  provisioners,
].flatMap((module) => Object.values(module).filter(isOperation));

function isOperation(value: unknown): value is Operation {
  return typeof value === "object" && value !== null && "method" in value && "path" in value && "status" in value;
}
