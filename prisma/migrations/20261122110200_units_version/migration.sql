-- Which units a pool has changes far more rarely than what is booked on them: what was computed from the units alone is
-- fresh while this stands.
ALTER TABLE "pool" ADD COLUMN "units_version" BIGINT NOT NULL DEFAULT 0;

CREATE OR REPLACE FUNCTION touch_pool_usage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    UPDATE pool SET usage_version = usage_version + 1, units_version = units_version + 1
     WHERE id IN (SELECT pool_id FROM old_rows);
  ELSE
    UPDATE pool SET usage_version = usage_version + 1, units_version = units_version + 1
     WHERE id IN (SELECT pool_id FROM new_rows);
  END IF;
  RETURN NULL;
END $$;

-- The names of nodes decide the order in which units are tried.
CREATE FUNCTION touch_pool_of_node() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE pool SET usage_version = usage_version + 1, units_version = units_version + 1 WHERE id = NEW.pool_id;
  RETURN NULL;
END $$;
CREATE TRIGGER "node_rename" AFTER UPDATE ON "node"
  FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION touch_pool_of_node();
