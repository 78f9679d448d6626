-- Deliveries that came due at the same instant (a burst, a webhook that was enabled again) would share one entry of the
-- queue's index. PostgreSQL marks such an entry as dead only when all of them are, so every claim read those already
-- settled again. Entries of this index live for moments; there is nothing to save by sharing them.
ALTER INDEX "delivery_due_idx" SET (deduplicate_items = off);
ALTER INDEX "delivery_lane_idx" SET (deduplicate_items = off);
