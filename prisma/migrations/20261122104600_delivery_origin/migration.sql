-- A delivery has its event and its webhook. Foreign keys look both up for every row, which is a fifth of what an event to
-- a hundred webhooks costs; a trigger looks all rows of a statement up at once, under the same locks (FOR KEY SHARE), so
-- that what is promised is the same: neither is there a delivery without them, nor can they go between look and commit.

-- DropForeignKey
ALTER TABLE "delivery" DROP CONSTRAINT "delivery_event_id_fkey";

-- DropForeignKey
ALTER TABLE "delivery" DROP CONSTRAINT "delivery_webhook_id_fkey";

-- What schema.prisma cannot express

-- A plan is kept for the connection's life; made while the tables were small, it would go on reading them as a whole.
CREATE FUNCTION "delivery_has_origin"() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  "events" text[];
  "webhooks" text[];
  "found_rows" bigint;
BEGIN
  SELECT array_agg(DISTINCT "event_id"), array_agg(DISTINCT "webhook_id") INTO "events", "webhooks" FROM "stored";
  PERFORM 1 FROM "event" WHERE "id" = ANY ("events") FOR KEY SHARE;
  GET DIAGNOSTICS "found_rows" = ROW_COUNT;
  IF "found_rows" < cardinality("events") THEN
    RAISE foreign_key_violation USING MESSAGE = 'delivery of an event that does not exist',
      TABLE = 'delivery', CONSTRAINT = 'delivery_event_id_fkey';
  END IF;
  PERFORM 1 FROM "webhook" WHERE "id" = ANY ("webhooks") FOR KEY SHARE;
  GET DIAGNOSTICS "found_rows" = ROW_COUNT;
  IF "found_rows" < cardinality("webhooks") THEN
    RAISE foreign_key_violation USING MESSAGE = 'delivery to a webhook that does not exist',
      TABLE = 'delivery', CONSTRAINT = 'delivery_webhook_id_fkey';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "delivery_has_origin" AFTER INSERT ON "delivery" REFERENCING NEW TABLE AS "stored"
  FOR EACH STATEMENT EXECUTE FUNCTION "delivery_has_origin"();

-- Deliveries go with their event or webhook. Under REPEATABLE READ the transaction could not see those stored since it
-- began, and would leave them behind.
CREATE FUNCTION "delivery_goes_with_origin"() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
    RAISE feature_not_supported USING MESSAGE = 'events and webhooks are deleted under READ COMMITTED only';
  END IF;
  IF TG_TABLE_NAME = 'event' THEN
    DELETE FROM "delivery" WHERE "event_id" = ANY (ARRAY(SELECT "id" FROM "gone"));
  ELSE
    DELETE FROM "delivery" WHERE "webhook_id" = ANY (ARRAY(SELECT "id" FROM "gone"));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "event_deliveries_go" AFTER DELETE ON "event" REFERENCING OLD TABLE AS "gone"
  FOR EACH STATEMENT EXECUTE FUNCTION "delivery_goes_with_origin"();
CREATE TRIGGER "webhook_deliveries_go" AFTER DELETE ON "webhook" REFERENCING OLD TABLE AS "gone"
  FOR EACH STATEMENT EXECUTE FUNCTION "delivery_goes_with_origin"();

-- Emptying them is allowed together with the deliveries only.
CREATE FUNCTION "delivery_is_empty"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM "delivery") THEN
    RAISE foreign_key_violation USING MESSAGE = 'truncate delivery in the same statement', TABLE = 'delivery';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "event_truncated" AFTER TRUNCATE ON "event" FOR EACH STATEMENT EXECUTE FUNCTION "delivery_is_empty"();
CREATE TRIGGER "webhook_truncated" AFTER TRUNCATE ON "webhook" FOR EACH STATEMENT EXECUTE FUNCTION "delivery_is_empty"();

-- None of the ids ever changes. Listed by column, so that claiming and settling do not come here.
CREATE FUNCTION "delivery_origin_is_fixed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE foreign_key_violation USING MESSAGE = 'a delivery keeps its event and its webhook, and these keep their ids';
END $$;
CREATE TRIGGER "delivery_origin_is_fixed" BEFORE UPDATE OF "event_id", "webhook_id" ON "delivery" FOR EACH ROW
  WHEN (OLD."event_id" <> NEW."event_id" OR OLD."webhook_id" <> NEW."webhook_id") EXECUTE FUNCTION "delivery_origin_is_fixed"();
CREATE TRIGGER "event_id_is_fixed" BEFORE UPDATE OF "id" ON "event" FOR EACH ROW
  WHEN (OLD."id" <> NEW."id") EXECUTE FUNCTION "delivery_origin_is_fixed"();
CREATE TRIGGER "webhook_id_is_fixed" BEFORE UPDATE OF "id" ON "webhook" FOR EACH ROW
  WHEN (OLD."id" <> NEW."id") EXECUTE FUNCTION "delivery_origin_is_fixed"();
