-- AlterTable
ALTER TABLE "reservation_series" ADD COLUMN     "skipped" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "template" JSONB NOT NULL;

-- AlterTable
ALTER TABLE "waitlist_entry" ADD COLUMN     "declined" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "note" TEXT;

-- AlterTable
ALTER TABLE "calendar_feed" ADD COLUMN     "alarm_minutes" INTEGER,
ADD COLUMN     "scope" TEXT NOT NULL,
ADD COLUMN     "time_zone" TEXT NOT NULL DEFAULT 'UTC';

-- What schema.prisma cannot express

ALTER TABLE "calendar_feed" ADD CONSTRAINT "calendar_feed_scope_check"
  CHECK ("scope" IN ('mine', 'team', 'pool') AND ("scope" = 'pool') = ("pool_id" IS NOT NULL));
ALTER TABLE "calendar_feed" ADD CONSTRAINT "calendar_feed_alarm_check" CHECK ("alarm_minutes" BETWEEN 0 AND 10080);
ALTER TABLE "waitlist_entry" ADD CONSTRAINT "waitlist_offer_check"
  CHECK (("status" = 'offered') <= ("reservation_id" IS NOT NULL) AND "offers" >= 0);
