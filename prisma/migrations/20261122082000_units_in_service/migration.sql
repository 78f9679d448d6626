-- How many units of a pool and of its nodes are in service is asked with every look at availability: from the index alone.
CREATE INDEX "unit_in_service_idx" ON "unit" ("pool_id", "node_id") INCLUDE ("id") WHERE "retired_at" IS NULL;
