import type { ErrorCode } from "@/lib/contracts/problem";

/** What to do about each error, for whoever follows the `type` of a problem; docs/errors.md has the same table, a test compares. */
export const ERROR_HELP: Readonly<Record<ErrorCode, string>> = {
  malformed_json: "Send UTF-8 JSON. The detail says where reading stopped. Objects and lists may nest 200 deep.",
  invalid_cursor: "Send `next_cursor` of the page before unchanged, with the same filters, or none for the first page.",
  unauthenticated:
    "Sign in, or send `Authorization: Bearer <api key>`. A key that was revoked or mistyped is refused too.",
  invalid_credentials: "Check address and password. After several failures signing in is slowed down.",
  insufficient_credits:
    "`shortfall_micros` says how much is missing. Book less, or ask whoever runs the installation for credits.",
  forbidden:
    "The detail names the permission that is missing. A project admin can change a role, or create a key with that scope.",
  cross_site_request:
    "A browser may change things only from the console's own address. Programs send an API key instead.",
  plan_required: "Reservations belong to the premium plan, which whoever runs the installation gives a project.",
  not_found: "Check the id and the project. What belongs to another project is answered like what does not exist.",
  method_not_allowed: "The path exists, but not with this method; see the OpenAPI document.",
  conflict: "Read it again: its state no longer allows this. The detail says why.",
  version_conflict: "Read it again, look at `changed`, and send the change with `current_version`.",
  capacity_unavailable:
    "`blockers` say what is in the way, `earliest_starts_at` when the same works, and each of `alternatives` can be booked as it stands. Where GPUs are to be taken out of service, `in_the_way` says what stays and why.",
  quote_expired: "Ask for a new quote; the price may differ.",
  already_set_up: "Sign in with the account that exists, or ask for an invitation.",
  delivery_in_progress: "Wait for the attempt to end, then try again.",
  idempotency_in_progress: "Send the same request again in a moment: you get the answer of the first.",
  idempotency_answer_lost:
    "The server stopped between doing it and keeping the answer. Look in the list for what was made; a secret that was shown once can be made anew.",
  gone: "It was there and is no longer kept.",
  payload_too_large: "The detail names the limit. Send less, or send a link to it.",
  unsupported_media_type: "Send the body as JSON with `Content-Type: application/json`.",
  validation_failed: "`errors` names each field and the mend. Nothing was changed.",
  idempotency_key_reused: "Use a new Idempotency-Key for a request that differs.",
  rate_limited: "Wait as many seconds as `Retry-After` says.",
  internal: "Nothing is known to be wrong with the request. Report the `request_id`; the log has the details under it.",
  unavailable: "Try again in a moment. Nothing was changed.",
};
