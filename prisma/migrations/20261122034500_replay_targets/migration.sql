-- AlterTable
ALTER TABLE "replay" DROP COLUMN "cursor",
ADD COLUMN     "repeats" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "revision" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "spent_to" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- CreateTable
CREATE TABLE "replay_target" (
    "replay_id" TEXT NOT NULL,
    "webhook_id" TEXT NOT NULL,
    "spans" JSONB NOT NULL,
    "total" INTEGER NOT NULL,
    "queued" INTEGER NOT NULL DEFAULT 0,
    "skipped" JSONB NOT NULL DEFAULT '{}',
    "cursor" TEXT,
    "finished" BOOLEAN NOT NULL DEFAULT false,
    "served_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "replay_target_pkey" PRIMARY KEY ("replay_id","webhook_id")
);

-- AddForeignKey
ALTER TABLE "replay_target" ADD CONSTRAINT "replay_target_replay_id_fkey" FOREIGN KEY ("replay_id") REFERENCES "replay"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "replay_target" ADD CONSTRAINT "replay_target_webhook_id_fkey" FOREIGN KEY ("webhook_id") REFERENCES "webhook"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What schema.prisma cannot express

ALTER TABLE "replay" ADD CONSTRAINT "replay_rate_check" CHECK ("rate" BETWEEN 1 AND 1000);
ALTER TABLE "replay" ADD CONSTRAINT "replay_sum_check" CHECK ("queued" + "skipped" <= "total");
-- The order in which a webhook's failed deliveries go back: as they were emitted.
CREATE INDEX "delivery_failed_idx" ON "delivery" ("webhook_id", coalesce("seq", 0), "id") WHERE "status" = 'failed';
