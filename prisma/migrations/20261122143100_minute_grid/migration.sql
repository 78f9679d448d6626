-- Pools whose bookings begin at any minute.
ALTER TABLE "pool" DROP CONSTRAINT "pool_granularity_check";
ALTER TABLE "pool" ADD CONSTRAINT "pool_granularity_check"
  CHECK ("granularity_minutes" BETWEEN 1 AND 1440 AND 1440 % "granularity_minutes" = 0);
