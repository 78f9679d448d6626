-- Outages are few among bookings without number, and the calendar asks for them alone.
CREATE INDEX "allocation_outage_idx" ON "allocation" ("pool_id", "ends_at") WHERE "kind" = 'outage';
