-- AlterTable
ALTER TABLE "snapshot" ADD COLUMN     "accepted_at" TIMESTAMPTZ(3);
