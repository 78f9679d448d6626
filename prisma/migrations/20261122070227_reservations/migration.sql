-- CreateTable
CREATE TABLE "gpu_type" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "memory_gb" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "gpu_type_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "pool" (
    "id" TEXT NOT NULL,
    "gpu_type_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "granularity_minutes" INTEGER NOT NULL DEFAULT 60,
    "min_duration_minutes" INTEGER NOT NULL DEFAULT 60,
    "max_duration_minutes" INTEGER NOT NULL DEFAULT 43200,
    "horizon_days" INTEGER NOT NULL DEFAULT 90,
    "buffer_before_minutes" INTEGER NOT NULL DEFAULT 0,
    "buffer_after_minutes" INTEGER NOT NULL DEFAULT 0,
    "reserve_units" INTEGER NOT NULL DEFAULT 0,
    "freeze_minutes" INTEGER NOT NULL DEFAULT 30,
    "price_micros_per_gpu_hour" BIGINT NOT NULL,
    "open" BOOLEAN NOT NULL DEFAULT true,
    "version" INTEGER NOT NULL DEFAULT 1,
    "usage_version" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "pool_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "node" (
    "id" TEXT NOT NULL,
    "pool_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "node_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "unit" (
    "id" TEXT NOT NULL,
    "pool_id" TEXT NOT NULL,
    "node_id" TEXT NOT NULL,
    "lane" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "unit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "maintenance" (
    "id" TEXT NOT NULL,
    "pool_id" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "maintenance_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "allocation" (
    "id" TEXT NOT NULL,
    "pool_id" TEXT NOT NULL,
    "unit_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "reservation_id" TEXT,
    "maintenance_id" TEXT,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "blocks_from" TIMESTAMPTZ(3) NOT NULL,
    "blocks_to" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "allocation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "pool_usage" (
    "pool_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "delta" INTEGER NOT NULL,

    CONSTRAINT "pool_usage_pkey" PRIMARY KEY ("pool_id","at")
);

-- CreateTable
CREATE TABLE "booking_policy" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "policy" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_by" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "booking_policy_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reservation" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "pool_id" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "title" TEXT NOT NULL DEFAULT '',
    "status" TEXT NOT NULL,
    "gpu_count" INTEGER NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "segments" JSONB NOT NULL,
    "topology" TEXT NOT NULL DEFAULT 'any',
    "pinned" BOOLEAN NOT NULL DEFAULT false,
    "config" TEXT,
    "environment" TEXT,
    "correlation_id" TEXT NOT NULL,
    "series_id" TEXT,
    "quote_id" TEXT,
    "price" JSONB NOT NULL,
    "total_micros" BIGINT NOT NULL,
    "captured_micros" BIGINT NOT NULL DEFAULT 0,
    "fees_micros" BIGINT NOT NULL DEFAULT 0,
    "refund_cap_bps" INTEGER NOT NULL DEFAULT 10000,
    "version" INTEGER NOT NULL DEFAULT 1,
    "hold_expires_at" TIMESTAMPTZ(3),
    "ending_notice" INTEGER,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "reservation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reservation_change" (
    "id" BIGSERIAL NOT NULL,
    "reservation_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "reason" TEXT,
    "before" JSONB,
    "after" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "reservation_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "quote" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "pool_id" TEXT NOT NULL,
    "gpu_count" INTEGER NOT NULL,
    "topology" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "price" JSONB NOT NULL,
    "total_micros" BIGINT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "quote_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reservation_series" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "rule" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "reservation_series_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "waitlist_entry" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "criteria" JSONB NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'waiting',
    "reservation_id" TEXT,
    "offers" INTEGER NOT NULL DEFAULT 0,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "waitlist_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "calendar_feed" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "pool_id" TEXT,
    "name" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "last_read_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "calendar_feed_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "self_audit" (
    "id" BIGSERIAL NOT NULL,
    "ran_at" TIMESTAMPTZ(3) NOT NULL,
    "results" JSONB NOT NULL,
    "found" INTEGER NOT NULL,

    CONSTRAINT "self_audit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credit_account" (
    "project_id" TEXT NOT NULL,
    "available" BIGINT NOT NULL DEFAULT 0,
    "held" BIGINT NOT NULL DEFAULT 0,
    "last_seq" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credit_account_pkey" PRIMARY KEY ("project_id")
);

-- CreateTable
CREATE TABLE "credit_grant" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "available" BIGINT NOT NULL,
    "held" BIGINT NOT NULL DEFAULT 0,
    "priority" INTEGER NOT NULL DEFAULT 50,
    "expires_at" TIMESTAMPTZ(3),
    "parent_id" TEXT,
    "note" TEXT NOT NULL DEFAULT '',
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credit_grant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credit_hold" (
    "reservation_id" TEXT NOT NULL,
    "grant_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "held" BIGINT NOT NULL,
    "captured" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "credit_hold_pkey" PRIMARY KEY ("reservation_id","grant_id")
);

-- CreateTable
CREATE TABLE "ledger_transaction" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "available_delta" BIGINT NOT NULL,
    "held_delta" BIGINT NOT NULL,
    "available_after" BIGINT NOT NULL,
    "held_after" BIGINT NOT NULL,
    "reservation_id" TEXT,
    "key" TEXT,
    "note" TEXT NOT NULL DEFAULT '',
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ledger_transaction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_entry" (
    "id" BIGSERIAL NOT NULL,
    "transaction_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "grant_id" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,

    CONSTRAINT "ledger_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "period" (
    "kind" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "result" JSONB NOT NULL DEFAULT '{}',
    "finished_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "period_pkey" PRIMARY KEY ("kind","day")
);

-- CreateIndex
CREATE UNIQUE INDEX "gpu_type_name_key" ON "gpu_type"("name");

-- CreateIndex
CREATE UNIQUE INDEX "pool_name_key" ON "pool"("name");

-- CreateIndex
CREATE INDEX "pool_gpu_type_id_idx" ON "pool"("gpu_type_id");

-- CreateIndex
CREATE UNIQUE INDEX "node_pool_name_key" ON "node"("pool_id", "name");

-- CreateIndex
CREATE INDEX "unit_pool_id_idx" ON "unit"("pool_id");

-- CreateIndex
CREATE UNIQUE INDEX "unit_node_lane_key" ON "unit"("node_id", "lane");

-- CreateIndex
CREATE INDEX "maintenance_pool_id_starts_at_idx" ON "maintenance"("pool_id", "starts_at");

-- CreateIndex
CREATE INDEX "allocation_reservation_id_idx" ON "allocation"("reservation_id");

-- CreateIndex
CREATE INDEX "allocation_maintenance_id_idx" ON "allocation"("maintenance_id");

-- CreateIndex
CREATE INDEX "allocation_pool_id_blocks_to_blocks_from_idx" ON "allocation"("pool_id", "blocks_to", "blocks_from");

-- CreateIndex
CREATE UNIQUE INDEX "reservation_quote_key" ON "reservation"("quote_id");

-- CreateIndex
CREATE INDEX "reservation_project_id_id_idx" ON "reservation"("project_id", "id");

-- CreateIndex
CREATE INDEX "reservation_project_id_starts_at_idx" ON "reservation"("project_id", "starts_at");

-- CreateIndex
CREATE INDEX "reservation_pool_id_ends_at_starts_at_idx" ON "reservation"("pool_id", "ends_at", "starts_at");

-- CreateIndex
CREATE INDEX "reservation_series_id_idx" ON "reservation"("series_id");

-- CreateIndex
CREATE INDEX "reservation_change_reservation_id_id_idx" ON "reservation_change"("reservation_id", "id");

-- CreateIndex
CREATE INDEX "quote_project_id_id_idx" ON "quote"("project_id", "id");

-- CreateIndex
CREATE INDEX "quote_expires_at_idx" ON "quote"("expires_at");

-- CreateIndex
CREATE INDEX "reservation_series_project_id_id_idx" ON "reservation_series"("project_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "waitlist_reservation_key" ON "waitlist_entry"("reservation_id");

-- CreateIndex
CREATE INDEX "waitlist_entry_project_id_id_idx" ON "waitlist_entry"("project_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "calendar_feed_token_key" ON "calendar_feed"("token_hash");

-- CreateIndex
CREATE INDEX "calendar_feed_project_id_user_id_idx" ON "calendar_feed"("project_id", "user_id");

-- CreateIndex
CREATE INDEX "self_audit_ran_at_idx" ON "self_audit"("ran_at");

-- CreateIndex
CREATE INDEX "credit_grant_project_id_id_idx" ON "credit_grant"("project_id", "id");

-- CreateIndex
CREATE INDEX "credit_hold_grant_id_idx" ON "credit_hold"("grant_id");

-- CreateIndex
CREATE INDEX "ledger_transaction_reservation_id_idx" ON "ledger_transaction"("reservation_id");

-- CreateIndex
CREATE UNIQUE INDEX "ledger_transaction_seq_key" ON "ledger_transaction"("project_id", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "ledger_transaction_key_key" ON "ledger_transaction"("project_id", "key");

-- CreateIndex
CREATE INDEX "ledger_entry_grant_id_idx" ON "ledger_entry"("grant_id");

-- CreateIndex
CREATE UNIQUE INDEX "ledger_entry_once_key" ON "ledger_entry"("transaction_id", "grant_id", "account");

-- AddForeignKey
ALTER TABLE "pool" ADD CONSTRAINT "pool_gpu_type_id_fkey" FOREIGN KEY ("gpu_type_id") REFERENCES "gpu_type"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "node" ADD CONSTRAINT "node_pool_id_fkey" FOREIGN KEY ("pool_id") REFERENCES "pool"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "unit" ADD CONSTRAINT "unit_pool_id_fkey" FOREIGN KEY ("pool_id") REFERENCES "pool"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "unit" ADD CONSTRAINT "unit_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "node"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "maintenance" ADD CONSTRAINT "maintenance_pool_id_fkey" FOREIGN KEY ("pool_id") REFERENCES "pool"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "allocation" ADD CONSTRAINT "allocation_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "unit"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "allocation" ADD CONSTRAINT "allocation_reservation_id_fkey" FOREIGN KEY ("reservation_id") REFERENCES "reservation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "allocation" ADD CONSTRAINT "allocation_maintenance_id_fkey" FOREIGN KEY ("maintenance_id") REFERENCES "maintenance"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reservation" ADD CONSTRAINT "reservation_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reservation" ADD CONSTRAINT "reservation_pool_id_fkey" FOREIGN KEY ("pool_id") REFERENCES "pool"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reservation" ADD CONSTRAINT "reservation_series_id_fkey" FOREIGN KEY ("series_id") REFERENCES "reservation_series"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reservation" ADD CONSTRAINT "reservation_quote_id_fkey" FOREIGN KEY ("quote_id") REFERENCES "quote"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reservation_change" ADD CONSTRAINT "reservation_change_reservation_id_fkey" FOREIGN KEY ("reservation_id") REFERENCES "reservation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "quote" ADD CONSTRAINT "quote_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reservation_series" ADD CONSTRAINT "reservation_series_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "waitlist_entry" ADD CONSTRAINT "waitlist_entry_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "calendar_feed" ADD CONSTRAINT "calendar_feed_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credit_account" ADD CONSTRAINT "credit_account_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credit_grant" ADD CONSTRAINT "credit_grant_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "credit_account"("project_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credit_hold" ADD CONSTRAINT "credit_hold_reservation_id_fkey" FOREIGN KEY ("reservation_id") REFERENCES "reservation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credit_hold" ADD CONSTRAINT "credit_hold_grant_id_fkey" FOREIGN KEY ("grant_id") REFERENCES "credit_grant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ledger_transaction" ADD CONSTRAINT "ledger_transaction_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "credit_account"("project_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ledger_entry" ADD CONSTRAINT "ledger_entry_transaction_id_fkey" FOREIGN KEY ("transaction_id") REFERENCES "ledger_transaction"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ledger_entry" ADD CONSTRAINT "ledger_entry_grant_id_fkey" FOREIGN KEY ("grant_id") REFERENCES "credit_grant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What schema.prisma cannot express

CREATE EXTENSION IF NOT EXISTS btree_gist;

ALTER TABLE "gpu_type" ADD CONSTRAINT "gpu_type_memory_check" CHECK ("memory_gb" > 0);
ALTER TABLE "pool" ADD CONSTRAINT "pool_granularity_check"
  CHECK ("granularity_minutes" BETWEEN 5 AND 1440 AND 1440 % "granularity_minutes" = 0);
ALTER TABLE "pool" ADD CONSTRAINT "pool_duration_check"
  CHECK ("min_duration_minutes" > 0 AND "min_duration_minutes" <= "max_duration_minutes");
ALTER TABLE "pool" ADD CONSTRAINT "pool_numbers_check"
  CHECK ("horizon_days" > 0 AND "buffer_before_minutes" >= 0 AND "buffer_after_minutes" >= 0
         AND "reserve_units" >= 0 AND "freeze_minutes" >= 0 AND "price_micros_per_gpu_hour" >= 0);
ALTER TABLE "unit" ADD CONSTRAINT "unit_lane_check" CHECK ("lane" >= 0);
ALTER TABLE "maintenance" ADD CONSTRAINT "maintenance_range_check" CHECK ("starts_at" < "ends_at");

-- No double booking, whatever the code does. Deferrable, so that a repack may swap units within one statement.
ALTER TABLE "allocation" ADD CONSTRAINT "allocation_kind_check" CHECK (
  ("kind" = 'booking' AND "reservation_id" IS NOT NULL AND "maintenance_id" IS NULL)
  OR ("kind" = 'maintenance' AND "maintenance_id" IS NOT NULL AND "reservation_id" IS NULL)
  OR ("kind" = 'outage' AND "reservation_id" IS NULL AND "maintenance_id" IS NULL));
ALTER TABLE "allocation" ADD CONSTRAINT "allocation_range_check"
  CHECK ("starts_at" < "ends_at" AND "blocks_from" <= "starts_at" AND "ends_at" <= "blocks_to"
         AND isfinite("blocks_from") AND isfinite("blocks_to"));
ALTER TABLE "allocation" ADD CONSTRAINT "allocation_unit_exclusion"
  EXCLUDE USING gist ("unit_id" WITH =, tstzrange("blocks_from", "blocks_to", '[)') WITH &&)
  DEFERRABLE INITIALLY IMMEDIATE;

-- pool_usage is the sum of what is in allocation. The pool's row comes first: two writers of one pool wait there for each
-- other rather than across the times of each.
CREATE FUNCTION apply_pool_usage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE pool SET usage_version = usage_version + 1 WHERE id IN (SELECT pool_id FROM new_rows);
    INSERT INTO pool_usage AS u (pool_id, at, delta)
      SELECT pool_id, at, sum(delta) FROM (
        SELECT pool_id, blocks_from AS at, 1 AS delta FROM new_rows
        UNION ALL SELECT pool_id, blocks_to, -1 FROM new_rows) d
      GROUP BY pool_id, at ORDER BY pool_id, at
      ON CONFLICT (pool_id, at) DO UPDATE SET delta = u.delta + EXCLUDED.delta;
  ELSIF TG_OP = 'DELETE' THEN
    UPDATE pool SET usage_version = usage_version + 1 WHERE id IN (SELECT pool_id FROM old_rows);
    INSERT INTO pool_usage AS u (pool_id, at, delta)
      SELECT pool_id, at, sum(delta) FROM (
        SELECT pool_id, blocks_from AS at, -1 AS delta FROM old_rows
        UNION ALL SELECT pool_id, blocks_to, 1 FROM old_rows) d
      GROUP BY pool_id, at ORDER BY pool_id, at
      ON CONFLICT (pool_id, at) DO UPDATE SET delta = u.delta + EXCLUDED.delta;
  ELSE
    UPDATE pool SET usage_version = usage_version + 1
     WHERE id IN (SELECT pool_id FROM new_rows UNION SELECT pool_id FROM old_rows);
    INSERT INTO pool_usage AS u (pool_id, at, delta)
      SELECT pool_id, at, sum(delta) FROM (
        SELECT pool_id, blocks_from AS at, 1 AS delta FROM new_rows
        UNION ALL SELECT pool_id, blocks_to, -1 FROM new_rows
        UNION ALL SELECT pool_id, blocks_from, -1 FROM old_rows
        UNION ALL SELECT pool_id, blocks_to, 1 FROM old_rows) d
      GROUP BY pool_id, at HAVING sum(delta) <> 0 ORDER BY pool_id, at
      ON CONFLICT (pool_id, at) DO UPDATE SET delta = u.delta + EXCLUDED.delta;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "allocation_usage_insert" AFTER INSERT ON "allocation"
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION apply_pool_usage();
CREATE TRIGGER "allocation_usage_update" AFTER UPDATE ON "allocation"
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION apply_pool_usage();
CREATE TRIGGER "allocation_usage_delete" AFTER DELETE ON "allocation"
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION apply_pool_usage();

ALTER TABLE "booking_policy" ADD CONSTRAINT "booking_policy_one_row_check" CHECK ("id" = 1);

ALTER TABLE "reservation" ADD CONSTRAINT "reservation_status_check"
  CHECK ("status" IN ('held', 'confirmed', 'active', 'completed', 'cancelled', 'expired'));
ALTER TABLE "reservation" ADD CONSTRAINT "reservation_hold_check" CHECK (("status" = 'held') <= ("hold_expires_at" IS NOT NULL));
ALTER TABLE "reservation" ADD CONSTRAINT "reservation_range_check" CHECK ("starts_at" < "ends_at" AND "gpu_count" > 0);
ALTER TABLE "reservation" ADD CONSTRAINT "reservation_topology_check" CHECK ("topology" IN ('any', 'single_node'));
ALTER TABLE "reservation" ADD CONSTRAINT "reservation_money_check"
  CHECK ("total_micros" >= 0 AND "captured_micros" >= 0 AND "captured_micros" <= "total_micros" AND "fees_micros" >= 0
         AND "refund_cap_bps" BETWEEN 0 AND 10000);
-- What the life cycle looks for, every second.
CREATE INDEX "reservation_hold_expiry_idx" ON "reservation" ("hold_expires_at") WHERE "status" = 'held';
CREATE INDEX "reservation_start_idx" ON "reservation" ("starts_at") WHERE "status" = 'confirmed';
CREATE INDEX "reservation_end_idx" ON "reservation" ("ends_at") WHERE "status" = 'active';
CREATE INDEX "waitlist_open_idx" ON "waitlist_entry" ("created_at") WHERE "status" IN ('waiting', 'offered');
ALTER TABLE "waitlist_entry" ADD CONSTRAINT "waitlist_status_check"
  CHECK ("status" IN ('waiting', 'offered', 'accepted', 'cancelled', 'expired'));

-- Histories are only ever added to. What goes with a whole project (a cascade, hence the depth) is let through.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND pg_trigger_depth() > 1 THEN RETURN OLD; END IF;
  RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "reservation_change_append_only" BEFORE UPDATE OR DELETE ON "reservation_change"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "ledger_transaction_append_only" BEFORE UPDATE OR DELETE ON "ledger_transaction"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "ledger_entry_append_only" BEFORE UPDATE OR DELETE ON "ledger_entry"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "reservation_change_no_truncate" BEFORE TRUNCATE ON "reservation_change"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
CREATE TRIGGER "ledger_transaction_no_truncate" BEFORE TRUNCATE ON "ledger_transaction"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
CREATE TRIGGER "ledger_entry_no_truncate" BEFORE TRUNCATE ON "ledger_entry"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

-- Credits: balances are what the entries add up to, because a trigger adds them; overdraw fails on the checks.
ALTER TABLE "credit_account" ADD CONSTRAINT "credit_account_balance_check" CHECK ("available" >= 0 AND "held" >= 0);
ALTER TABLE "credit_grant" ADD CONSTRAINT "credit_grant_source_check"
  CHECK ("source" IN ('purchase', 'plan', 'promo', 'sla', 'refund', 'rollover', 'manual'));
ALTER TABLE "credit_grant" ADD CONSTRAINT "credit_grant_balance_check"
  CHECK ("amount" > 0 AND "available" >= 0 AND "held" >= 0 AND "available" + "held" <= "amount");
ALTER TABLE "credit_grant" ADD CONSTRAINT "credit_grant_priority_check" CHECK ("priority" BETWEEN 0 AND 100);
ALTER TABLE "credit_hold" ADD CONSTRAINT "credit_hold_amount_check" CHECK ("held" >= 0 AND "captured" >= 0);
ALTER TABLE "ledger_transaction" ADD CONSTRAINT "ledger_transaction_kind_check"
  CHECK ("kind" IN ('grant', 'hold', 'release', 'capture', 'fee', 'refund', 'expire', 'rollover', 'void', 'adjust'));
ALTER TABLE "ledger_entry" ADD CONSTRAINT "ledger_entry_account_check"
  CHECK ("account" IN ('funding', 'available', 'held', 'spent', 'expired') AND "amount" <> 0);
-- What can be spent, in the order in which it is spent.
CREATE INDEX "credit_grant_spendable_idx" ON "credit_grant" ("project_id", "priority", "expires_at") WHERE "available" > 0;
CREATE INDEX "credit_grant_expiry_idx" ON "credit_grant" ("expires_at") WHERE "available" > 0;

CREATE FUNCTION apply_ledger_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE credit_grant g SET available = g.available + d.available, held = g.held + d.held
    FROM (SELECT grant_id,
                 coalesce(sum(amount) FILTER (WHERE account = 'available'), 0) AS available,
                 coalesce(sum(amount) FILTER (WHERE account = 'held'), 0) AS held
            FROM new_rows GROUP BY grant_id) d
   WHERE g.id = d.grant_id AND (d.available <> 0 OR d.held <> 0);
  UPDATE credit_account a SET available = a.available + d.available, held = a.held + d.held
    FROM (SELECT project_id,
                 coalesce(sum(amount) FILTER (WHERE account = 'available'), 0) AS available,
                 coalesce(sum(amount) FILTER (WHERE account = 'held'), 0) AS held
            FROM new_rows GROUP BY project_id) d
   WHERE a.project_id = d.project_id AND (d.available <> 0 OR d.held <> 0);
  RETURN NULL;
END $$;
CREATE TRIGGER "ledger_entry_apply" AFTER INSERT ON "ledger_entry"
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION apply_ledger_entries();

CREATE FUNCTION check_ledger_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  total numeric; available numeric; held numeric; lines int; line ledger_transaction;
BEGIN
  SELECT * INTO line FROM ledger_transaction WHERE id = NEW.transaction_id;
  SELECT coalesce(sum(e.amount), 0), coalesce(sum(e.amount) FILTER (WHERE e.account = 'available'), 0),
         coalesce(sum(e.amount) FILTER (WHERE e.account = 'held'), 0), count(*)
    INTO total, available, held, lines FROM ledger_entry e WHERE e.transaction_id = NEW.transaction_id;
  IF total <> 0 OR lines < 2 THEN
    RAISE EXCEPTION 'the entries of ledger transaction % sum to %, not to 0', NEW.transaction_id, total
      USING ERRCODE = 'check_violation';
  END IF;
  IF available <> line.available_delta OR held <> line.held_delta THEN
    RAISE EXCEPTION 'ledger transaction % says other amounts than its entries', NEW.transaction_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER "ledger_entry_balanced" AFTER INSERT ON "ledger_entry"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_ledger_transaction();
