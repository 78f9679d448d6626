-- AlterTable
ALTER TABLE "webhook" ADD COLUMN "match_token" BIGINT NOT NULL DEFAULT hashtextextended((gen_random_uuid())::text, (0)::bigint);

-- What schema.prisma cannot express

-- A new one with each change of what decides which events a webhook gets and how they are stored, so that a process can
-- tell whether the webhooks it knows of a project are still these: their number and the exclusive or of their tokens are the same.
-- A token is on the row that changes, and not a counter of the project, which changes of different webhooks would wait for.
CREATE FUNCTION "webhook_match_token"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."match_token" := hashtextextended(gen_random_uuid()::text, 0);
  RETURN NEW;
END $$;
CREATE TRIGGER "webhook_match_token" BEFORE UPDATE OF
  "project_id", "url", "event_types", "enabled", "filter", "ordering", "order_key", "retry", "workflow_id", "deleted_at"
  ON "webhook" FOR EACH ROW EXECUTE FUNCTION "webhook_match_token"();
