-- AlterTable
ALTER TABLE "webhook" ADD COLUMN     "secret_name" TEXT,
ADD COLUMN     "secret_source" TEXT;

-- CreateTable
CREATE TABLE "webhooks_file" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "path" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "trigger" TEXT NOT NULL,
    "loaded_at" TIMESTAMPTZ(3) NOT NULL,
    "errors" JSONB NOT NULL DEFAULT '[]',
    "applied_at" TIMESTAMPTZ(3),
    "result" JSONB,

    CONSTRAINT "webhooks_file_pkey" PRIMARY KEY ("id")
);

-- What schema.prisma cannot express

ALTER TABLE "webhooks_file" ADD CONSTRAINT "webhooks_file_one_row_check" CHECK ("id" = 1);
ALTER TABLE "webhooks_file" ADD CONSTRAINT "webhooks_file_trigger_check"
  CHECK ("trigger" IN ('start', 'signal', 'change', 'admin'));
ALTER TABLE "webhook" ADD CONSTRAINT "webhook_secret_source_check" CHECK ("secret_source" IN ('file', 'environment'));
ALTER TABLE "webhook" ADD CONSTRAINT "webhook_secret_name_check"
  CHECK ("source" = 'file' OR ("secret_name" IS NULL AND "secret_source" IS NULL));
-- Found without looking at every webhook of the installation.
CREATE INDEX "webhook_from_file_idx" ON "webhook" ("id") WHERE "source" = 'file' AND "deleted_at" IS NULL;
