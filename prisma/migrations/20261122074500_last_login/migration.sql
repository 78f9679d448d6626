-- AlterTable
ALTER TABLE "user" ADD COLUMN     "last_login_at" TIMESTAMPTZ(3);
