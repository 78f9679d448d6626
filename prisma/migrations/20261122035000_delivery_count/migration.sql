-- How many deliveries an event was given: what the loss audit compares the rows of the log with.
ALTER TABLE "event" ADD COLUMN "delivery_count" INTEGER NOT NULL DEFAULT 0;
UPDATE "event" e SET "delivery_count" = counted.n
  FROM (SELECT "event_id", count(*)::int AS n FROM "delivery" GROUP BY "event_id") counted
 WHERE counted."event_id" = e."id";

-- What schema.prisma cannot express

ALTER TABLE "event" ADD CONSTRAINT "event_delivery_count_check" CHECK ("delivery_count" >= 0);
-- Events that no webhook asked for, as the list of events can be narrowed to.
CREATE INDEX "event_filtered_idx" ON "event" ("project_id", "id") WHERE "delivery_count" = 0;
