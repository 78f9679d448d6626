-- A replacement that cannot be started is tried in other places.
ALTER TABLE "failover" ADD COLUMN "places" INTEGER NOT NULL DEFAULT 1,
  ADD COLUMN "moved_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  ADD COLUMN "tried_units" TEXT[] DEFAULT ARRAY[]::TEXT[];
UPDATE "failover" SET "moved_at" = "created_at";
ALTER TABLE "failover" ADD CONSTRAINT "failover_places_check" CHECK ("places" >= 1);
