import { freeze } from "@reduxjs/toolkit";
import { type BaseQueryFn, createApi } from "@reduxjs/toolkit/query/react";
import { type ApiError, NO_ANSWER, toApiError } from "@/store/api-error";
import type { ApiRequest } from "@/store/request";

/**
 * Calls the console's own API with the session cookie. A success is parsed by the operation's response schema, so what
 * reaches the screens has the contract's shape; every failure becomes an ApiError.
 */
const callApi: BaseQueryFn<ApiRequest, unknown, ApiError> = async (
  { operation, url, body, idempotencyKey },
  { signal },
) => {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method: operation.method,
      credentials: "same-origin",
      cache: "no-store",
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
      },
      ...(body === undefined ? {} : { body }),
      signal,
    });
    text = await response.text();
  } catch {
    return { error: { status: NO_ANSWER, problem: null } };
  }
  const answer = parseJson(text);
  if (!response.ok) return { error: toApiError(response.status, answer) };
  if (!operation.response) return { data: null };
  const parsed = operation.response.safeParse(answer);
  // The store would freeze it as well, but search it for drafts of its own first, which takes three times as long.
  return parsed.success ? { data: freeze(parsed.data, true) } : { error: { status: response.status, problem: null } };
};

/**
 * The mirror of the server in the browser. Each feature injects its endpoints; there is no second copy of anything
 * that is kept here.
 */
export const api = createApi({
  reducerPath: "api",
  baseQuery: callApi,
  tagTypes: [
    "Me",
    "SignInMethod",
    "Project",
    "Member",
    "Invitation",
    "ApiKey",
    "Webhook",
    "WebhookHealth",
    "Statistics",
    "Delivery",
    "DeliveryHistogram",
    "SavedView",
    "Overview",
    "Replay",
    "Instance",
    "Snapshot",
    "SimulatedFault",
    "Event",
    "EventType",
    "Verdict",
    "Receiver",
    "ReceiverRequest",
    "Reservation",
    "ReservationChange",
    "Calendar",
    "Availability",
    "Pool",
    "GpuType",
    "BookingPolicy",
    "Credit",
    "Series",
    "Waitlist",
    "Workflow",
    "Processor",
    "CalendarFeed",
    "AdminProject",
    "AdminFile",
    "AdminStatus",
    "Provisioner",
    "Health",
    "Failover",
    "Drill",
    "Configuration",
    "Environment",
  ],
  refetchOnMountOrArgChange: 30,
  endpoints: () => ({}),
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
