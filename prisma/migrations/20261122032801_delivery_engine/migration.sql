-- DropForeignKey
ALTER TABLE "attempt" DROP CONSTRAINT "attempt_delivery_id_fkey";

-- DropIndex
DROP INDEX "delivery_project_id_status_id_idx";

-- Attempts by day: lib/db/partitions.ts makes the days' partitions and drops old ones. The default one takes what no day
-- has been made for yet, so that recording an attempt never fails.
ALTER TABLE "attempt" RENAME TO "attempt_before";
ALTER TABLE "attempt_before" RENAME CONSTRAINT "attempt_pkey" TO "attempt_before_pkey";
CREATE TABLE "attempt" (
    "delivery_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "trigger" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "http_status" INTEGER,
    "error_code" TEXT,
    "error_message" TEXT,
    "latency_ms" INTEGER NOT NULL,
    "timings" JSONB NOT NULL DEFAULT '{}',
    "request_headers" JSONB NOT NULL,
    "response_headers" JSONB,
    "response_body" BYTEA,
    "response_truncated" BOOLEAN NOT NULL DEFAULT false,
    "response_bytes" INTEGER,
    "remote_address" TEXT,

    CONSTRAINT "attempt_pkey" PRIMARY KEY ("delivery_id", "number", "started_at")
) PARTITION BY RANGE ("started_at");
CREATE TABLE "attempt_default" PARTITION OF "attempt" DEFAULT;
INSERT INTO "attempt" ("delivery_id", "number", "trigger", "started_at", "http_status", "error_code", "error_message", "latency_ms",
                       "timings", "request_headers", "response_headers", "response_body", "response_truncated")
SELECT "delivery_id", "number", "trigger", "started_at", "http_status", "error_code", "error_message", "latency_ms",
       "timings", "request_headers", "response_headers", "response_body", "response_truncated" FROM "attempt_before";
DROP TABLE "attempt_before";

-- AlterTable
ALTER TABLE "delivery" ADD COLUMN     "replay_id" TEXT;

-- AlterTable
ALTER TABLE "user" ADD COLUMN     "is_admin" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "webhook" ADD COLUMN     "consecutive_failures" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "disabled_at" TIMESTAMPTZ(3),
ADD COLUMN     "disabled_reason" TEXT,
ADD COLUMN     "exhausted_reported_at" TIMESTAMPTZ(3) NOT NULL DEFAULT '1970-01-01 00:00:00 +00:00',
ADD COLUMN     "failing_since" TIMESTAMPTZ(3),
ADD COLUMN     "file_key" TEXT,
ADD COLUMN     "health" TEXT NOT NULL DEFAULT 'healthy',
ADD COLUMN     "health_since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "last_failure" TEXT,
ADD COLUMN     "max_in_flight" INTEGER,
ADD COLUMN     "paused_until" TIMESTAMPTZ(3),
ADD COLUMN     "previous_secrets" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "rate_limit" INTEGER,
ADD COLUMN     "signing" TEXT NOT NULL DEFAULT 'hmac';

-- CreateTable
CREATE TABLE "webhook_change" (
    "id" BIGSERIAL NOT NULL,
    "webhook_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "kind" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "reason" TEXT,
    "enabled" BOOLEAN NOT NULL,
    "url" TEXT NOT NULL,
    "event_types" TEXT[],
    "filter" JSONB,

    CONSTRAINT "webhook_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_stat" (
    "webhook_id" TEXT NOT NULL,
    "minute" TIMESTAMPTZ(0) NOT NULL,
    "project_id" TEXT NOT NULL,
    "delivered" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "attempts_ok" INTEGER NOT NULL DEFAULT 0,
    "attempts_failed" INTEGER NOT NULL DEFAULT 0,
    "latency" INTEGER[],
    "queue_wait" INTEGER[],

    CONSTRAINT "webhook_stat_pkey" PRIMARY KEY ("webhook_id","minute")
);

-- CreateTable
CREATE TABLE "saved_view" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "query" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "saved_view_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "replay" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "scope" JSONB NOT NULL,
    "rate" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'running',
    "total" INTEGER NOT NULL,
    "queued" INTEGER NOT NULL DEFAULT 0,
    "skipped" INTEGER NOT NULL DEFAULT 0,
    "cursor" TEXT,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),
    "lease_token" UUID,
    "lease_until" TIMESTAMPTZ(3),

    CONSTRAINT "replay_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "webhook_change_webhook_id_at_idx" ON "webhook_change"("webhook_id", "at");

-- CreateIndex
CREATE INDEX "webhook_stat_project_id_minute_idx" ON "webhook_stat"("project_id", "minute");

-- CreateIndex
CREATE UNIQUE INDEX "saved_view_project_name_key" ON "saved_view"("project_id", "name");

-- CreateIndex
CREATE INDEX "replay_project_id_id_idx" ON "replay"("project_id", "id");

-- AddForeignKey
ALTER TABLE "webhook_change" ADD CONSTRAINT "webhook_change_webhook_id_fkey" FOREIGN KEY ("webhook_id") REFERENCES "webhook"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_stat" ADD CONSTRAINT "webhook_stat_webhook_id_fkey" FOREIGN KEY ("webhook_id") REFERENCES "webhook"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "saved_view" ADD CONSTRAINT "saved_view_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "replay" ADD CONSTRAINT "replay_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What schema.prisma cannot express

ALTER TABLE "webhook" ADD CONSTRAINT "webhook_health_check" CHECK ("health" IN ('healthy', 'warning', 'probing'));
ALTER TABLE "webhook" ADD CONSTRAINT "webhook_signing_check" CHECK ("signing" IN ('hmac', 'ed25519'));
ALTER TABLE "webhook" ADD CONSTRAINT "webhook_disabled_reason_check" CHECK ("disabled_reason" IN ('manual', 'gone', 'failing'));
ALTER TABLE "webhook" ADD CONSTRAINT "webhook_max_in_flight_check" CHECK ("max_in_flight" >= 1);
ALTER TABLE "webhook" ADD CONSTRAINT "webhook_rate_limit_check" CHECK ("rate_limit" >= 1);
ALTER TABLE "webhook" ADD CONSTRAINT "webhook_file_key_check" CHECK (("source" = 'file') = ("file_key" IS NOT NULL));
CREATE UNIQUE INDEX "webhook_file_key" ON "webhook" ("project_id", "file_key")
  WHERE "file_key" IS NOT NULL AND "deleted_at" IS NULL;
ALTER TABLE "webhook_change" ADD CONSTRAINT "webhook_change_kind_check"
  CHECK ("kind" IN ('created', 'updated', 'enabled', 'disabled', 'deleted'));
ALTER TABLE "replay" ADD CONSTRAINT "replay_kind_check" CHECK ("kind" IN ('failed', 'missing', 'while_disabled'));
ALTER TABLE "replay" ADD CONSTRAINT "replay_status_check" CHECK ("status" IN ('running', 'paused', 'cancelled', 'completed'));
ALTER TABLE "replay" ADD CONSTRAINT "replay_counts_check" CHECK ("queued" >= 0 AND "skipped" >= 0);

-- Finished deliveries are counted in webhook_stat. An index of delivered ones by status would be written at every success,
-- and of waiting ones at every emit; those are found through their webhooks.
DROP INDEX "delivery_completed_idx";
CREATE INDEX "delivery_ended_badly_idx" ON "delivery" ("project_id", "status", "id") WHERE "status" IN ('failed', 'cancelled');
CREATE INDEX "delivery_exhausted_idx" ON "delivery" ("webhook_id", "completed_at") WHERE "status" = 'failed';
CREATE INDEX "delivery_replay_idx" ON "delivery" ("replay_id", "status") WHERE "replay_id" IS NOT NULL;
CREATE INDEX "delivery_by_hand_idx" ON "delivery" ("webhook_id")
  WHERE "status" = 'pending' AND "lane" IS NULL AND "trigger" IN ('test', 'manual');
CREATE INDEX "replay_unfinished_idx" ON "replay" ("lease_until") WHERE "status" = 'running';

-- The history of webhooks begins with what they are now.
INSERT INTO "webhook_change" ("webhook_id", "project_id", "at", "kind", "by", "enabled", "url", "event_types", "filter")
SELECT "id", "project_id", "created_at", 'created', 'system', "enabled", "url", "event_types", "filter" FROM "webhook";
UPDATE "webhook" SET "disabled_reason" = 'manual', "disabled_at" = "updated_at" WHERE NOT "enabled" AND "deleted_at" IS NULL;

-- What was given up before is not reported.
UPDATE "webhook" SET "exhausted_reported_at" = CURRENT_TIMESTAMP;

-- Whoever set this installation up runs it.
UPDATE "user" SET "is_admin" = true WHERE "id" = (SELECT min("id") FROM "user");
