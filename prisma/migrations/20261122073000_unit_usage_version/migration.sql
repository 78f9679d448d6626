-- A pool's usage_version rises with every change of its units too, as it does with its allocations: what was computed from
-- either is fresh while it stands.
CREATE FUNCTION touch_pool_usage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    UPDATE pool SET usage_version = usage_version + 1 WHERE id IN (SELECT pool_id FROM old_rows);
  ELSE
    UPDATE pool SET usage_version = usage_version + 1 WHERE id IN (SELECT pool_id FROM new_rows);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "unit_usage_insert" AFTER INSERT ON "unit"
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION touch_pool_usage();
CREATE TRIGGER "unit_usage_update" AFTER UPDATE ON "unit"
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION touch_pool_usage();
CREATE TRIGGER "unit_usage_delete" AFTER DELETE ON "unit"
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION touch_pool_usage();
