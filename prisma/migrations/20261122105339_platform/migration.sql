-- AlterTable
ALTER TABLE "event" ADD COLUMN     "sequence" INTEGER;

-- AlterTable
ALTER TABLE "pool" ADD COLUMN     "compute_provider" TEXT,
ADD COLUMN     "provisioner_id" TEXT;

-- AlterTable
ALTER TABLE "reservation" ADD COLUMN     "snapshot_at_end" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "unit" ADD COLUMN     "health" TEXT NOT NULL DEFAULT 'healthy',
ADD COLUMN     "health_cause" TEXT,
ADD COLUMN     "health_since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- AlterTable
ALTER TABLE "webhook" ADD COLUMN     "workflow_id" TEXT;

-- CreateTable
CREATE TABLE "workflow" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "correlation_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "title" TEXT NOT NULL DEFAULT '',
    "last_seq" INTEGER NOT NULL DEFAULT 0,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workflow_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "artifact" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "workflow_id" TEXT NOT NULL,
    "parent_id" TEXT,
    "type" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "tags" TEXT[],
    "produced_by" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "event_id" TEXT,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "artifact_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "artifact_task" (
    "artifact_id" TEXT NOT NULL,
    "processor" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'waiting',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lease_until" TIMESTAMPTZ(3),
    "error" TEXT,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "artifact_task_pkey" PRIMARY KEY ("artifact_id","processor")
);

-- CreateTable
CREATE TABLE "processor" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "artifact_types" TEXT[],
    "url" TEXT NOT NULL,
    "secret" TEXT,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "processor_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "application" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "application_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "configuration" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "application_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "configuration_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "config_variant" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "config_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "head" INTEGER NOT NULL DEFAULT 0,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "config_variant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "config_version" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "config_id" TEXT NOT NULL,
    "variant_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "parent_id" TEXT,
    "content" JSONB NOT NULL,
    "source" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "config_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "environment" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "protected" BOOLEAN NOT NULL DEFAULT false,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "environment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "deployment" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "config_id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "version_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "rollback_of" TEXT,
    "message" TEXT NOT NULL DEFAULT '',
    "correlation_id" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "deployment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "evaluation" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "config_id" TEXT NOT NULL,
    "version_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "score" DOUBLE PRECISION,
    "metrics" JSONB NOT NULL DEFAULT '{}',
    "note" TEXT NOT NULL DEFAULT '',
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "evaluation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "provisioner" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3),
    "last_error" TEXT,

    CONSTRAINT "provisioner_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "instance" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "reservation_id" TEXT NOT NULL,
    "pool_id" TEXT NOT NULL,
    "slot" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "node_id" TEXT NOT NULL,
    "gpu_count" INTEGER NOT NULL,
    "provider" TEXT NOT NULL,
    "external_id" TEXT,
    "template" JSONB NOT NULL,
    "config" TEXT,
    "environment" TEXT,
    "config_version_id" TEXT,
    "status" TEXT NOT NULL DEFAULT 'requested',
    "wanted" TEXT NOT NULL DEFAULT 'running',
    "stop_reason" TEXT,
    "failure" TEXT,
    "address" JSONB,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP,
    "lease_token" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "running_since" TIMESTAMPTZ(3),
    "ran_ms" BIGINT NOT NULL DEFAULT 0,
    "price_micros_per_hour" BIGINT NOT NULL DEFAULT 0,
    "checked_at" TIMESTAMPTZ(3),
    "correlation_id" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "instance_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "instance_unit" (
    "instance_id" TEXT NOT NULL,
    "unit_id" TEXT NOT NULL,
    "taken_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "released_at" TIMESTAMPTZ(3),

    CONSTRAINT "instance_unit_pkey" PRIMARY KEY ("instance_id","unit_id")
);

-- CreateTable
CREATE TABLE "instance_log" (
    "id" BIGSERIAL NOT NULL,
    "instance_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "level" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "details" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "instance_log_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "snapshot" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "instance_id" TEXT NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "status" TEXT NOT NULL DEFAULT 'requested',
    "trigger" TEXT NOT NULL,
    "external_id" TEXT,
    "location" TEXT,
    "size_bytes" BIGINT,
    "checksums" JSONB NOT NULL DEFAULT '{}',
    "failure" TEXT,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP,
    "lease_token" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "correlation_id" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "snapshot_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "failover" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "reservation_id" TEXT NOT NULL,
    "pool_id" TEXT NOT NULL,
    "instance_id" TEXT,
    "replacement_id" TEXT,
    "cause" TEXT NOT NULL,
    "from_node" TEXT NOT NULL,
    "to_node" TEXT,
    "from_units" TEXT[],
    "to_units" TEXT[],
    "to_pool_id" TEXT,
    "status" TEXT NOT NULL,
    "way" TEXT NOT NULL,
    "alternatives" JSONB NOT NULL DEFAULT '[]',
    "drill_id" TEXT,
    "failed_at" TIMESTAMPTZ(3) NOT NULL,
    "recovered_at" TIMESTAMPTZ(3),
    "sla" JSONB,
    "timeline" JSONB NOT NULL DEFAULT '[]',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "failover_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "drill" (
    "id" TEXT NOT NULL,
    "pool_id" TEXT NOT NULL,
    "node_id" TEXT NOT NULL,
    "node_name" TEXT NOT NULL,
    "started_by" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'running',
    "report" JSONB NOT NULL DEFAULT '{}',
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "drill_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "simulated_machine" (
    "label" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "node_name" TEXT NOT NULL,
    "gpu_count" INTEGER NOT NULL,
    "template" JSONB NOT NULL,
    "state" TEXT NOT NULL,
    "changes_at" TIMESTAMPTZ(3),
    "failure" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "simulated_machine_pkey" PRIMARY KEY ("label")
);

-- CreateTable
CREATE TABLE "simulated_fault" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "node_name" TEXT,
    "remaining" INTEGER,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "simulated_fault_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cost_threshold" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "amount_micros" BIGINT NOT NULL,
    "period" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "cost_threshold_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cost_crossing" (
    "threshold_id" TEXT NOT NULL,
    "period_start" TIMESTAMPTZ(3) NOT NULL,
    "project_id" TEXT NOT NULL,
    "amount_micros" BIGINT NOT NULL,
    "cost_micros" BIGINT NOT NULL,
    "crossed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "cost_crossing_pkey" PRIMARY KEY ("threshold_id","period_start")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" TEXT NOT NULL,
    "project_id" TEXT,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT,
    "actor_name" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "target_kind" TEXT,
    "target_id" TEXT,
    "outcome" TEXT NOT NULL,
    "code" TEXT,
    "details" JSONB NOT NULL DEFAULT '{}',
    "address" TEXT,
    "user_agent" TEXT,
    "request_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "workflow_project_id_id_idx" ON "workflow"("project_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "workflow_correlation_key" ON "workflow"("project_id", "correlation_id");

-- CreateIndex
CREATE INDEX "artifact_project_id_id_idx" ON "artifact"("project_id", "id");

-- CreateIndex
CREATE INDEX "artifact_project_id_type_id_idx" ON "artifact"("project_id", "type", "id");

-- CreateIndex
CREATE INDEX "artifact_parent_id_idx" ON "artifact"("parent_id");

-- CreateIndex
CREATE UNIQUE INDEX "artifact_sequence_key" ON "artifact"("workflow_id", "sequence");

-- CreateIndex
CREATE UNIQUE INDEX "processor_project_name_key" ON "processor"("project_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "application_project_name_key" ON "application"("project_id", "name");

-- CreateIndex
CREATE INDEX "configuration_application_id_idx" ON "configuration"("application_id");

-- CreateIndex
CREATE UNIQUE INDEX "configuration_project_name_key" ON "configuration"("project_id", "name");

-- CreateIndex
CREATE INDEX "config_variant_config_id_idx" ON "config_variant"("config_id");

-- CreateIndex
CREATE INDEX "config_version_config_id_id_idx" ON "config_version"("config_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "config_version_variant_version_key" ON "config_version"("variant_id", "version");

-- CreateIndex
CREATE UNIQUE INDEX "environment_project_name_key" ON "environment"("project_id", "name");

-- CreateIndex
CREATE INDEX "deployment_project_id_id_idx" ON "deployment"("project_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "deployment_number_key" ON "deployment"("config_id", "environment_id", "number");

-- CreateIndex
CREATE INDEX "evaluation_config_id_id_idx" ON "evaluation"("config_id", "id");

-- CreateIndex
CREATE INDEX "evaluation_version_id_idx" ON "evaluation"("version_id");

-- CreateIndex
CREATE UNIQUE INDEX "provisioner_name_key" ON "provisioner"("name");

-- CreateIndex
CREATE INDEX "instance_project_id_id_idx" ON "instance"("project_id", "id");

-- CreateIndex
CREATE INDEX "instance_reservation_id_idx" ON "instance"("reservation_id");

-- CreateIndex
CREATE INDEX "instance_node_id_idx" ON "instance"("node_id");

-- CreateIndex
CREATE INDEX "instance_unit_unit_id_idx" ON "instance_unit"("unit_id");

-- CreateIndex
CREATE INDEX "instance_log_instance_id_id_idx" ON "instance_log"("instance_id", "id");

-- CreateIndex
CREATE INDEX "snapshot_project_id_id_idx" ON "snapshot"("project_id", "id");

-- CreateIndex
CREATE INDEX "snapshot_instance_id_idx" ON "snapshot"("instance_id");

-- CreateIndex
CREATE INDEX "failover_project_id_id_idx" ON "failover"("project_id", "id");

-- CreateIndex
CREATE INDEX "failover_reservation_id_idx" ON "failover"("reservation_id");

-- CreateIndex
CREATE INDEX "failover_drill_id_idx" ON "failover"("drill_id");

-- CreateIndex
CREATE INDEX "drill_started_at_idx" ON "drill"("started_at");

-- CreateIndex
CREATE UNIQUE INDEX "simulated_machine_external_key" ON "simulated_machine"("external_id");

-- CreateIndex
CREATE UNIQUE INDEX "cost_threshold_once_key" ON "cost_threshold"("project_id", "period", "amount_micros");

-- CreateIndex
CREATE INDEX "cost_crossing_project_id_period_start_idx" ON "cost_crossing"("project_id", "period_start");

-- CreateIndex
CREATE INDEX "audit_entry_project_id_id_idx" ON "audit_entry"("project_id", "id");

-- CreateIndex
CREATE INDEX "audit_entry_project_id_action_id_idx" ON "audit_entry"("project_id", "action", "id");

-- CreateIndex
CREATE INDEX "audit_entry_project_id_actor_id_id_idx" ON "audit_entry"("project_id", "actor_id", "id");

-- CreateIndex
CREATE INDEX "audit_entry_created_at_idx" ON "audit_entry"("created_at");

-- AddForeignKey
ALTER TABLE "webhook" ADD CONSTRAINT "webhook_workflow_id_fkey" FOREIGN KEY ("workflow_id") REFERENCES "workflow"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pool" ADD CONSTRAINT "pool_provisioner_id_fkey" FOREIGN KEY ("provisioner_id") REFERENCES "provisioner"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workflow" ADD CONSTRAINT "workflow_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "artifact" ADD CONSTRAINT "artifact_workflow_id_fkey" FOREIGN KEY ("workflow_id") REFERENCES "workflow"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "artifact" ADD CONSTRAINT "artifact_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "artifact"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "artifact_task" ADD CONSTRAINT "artifact_task_artifact_id_fkey" FOREIGN KEY ("artifact_id") REFERENCES "artifact"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "processor" ADD CONSTRAINT "processor_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "application" ADD CONSTRAINT "application_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "configuration" ADD CONSTRAINT "configuration_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "configuration" ADD CONSTRAINT "configuration_application_id_fkey" FOREIGN KEY ("application_id") REFERENCES "application"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "config_variant" ADD CONSTRAINT "config_variant_config_id_fkey" FOREIGN KEY ("config_id") REFERENCES "configuration"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "config_version" ADD CONSTRAINT "config_version_config_id_fkey" FOREIGN KEY ("config_id") REFERENCES "configuration"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "config_version" ADD CONSTRAINT "config_version_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "config_variant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "environment" ADD CONSTRAINT "environment_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deployment" ADD CONSTRAINT "deployment_config_id_fkey" FOREIGN KEY ("config_id") REFERENCES "configuration"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deployment" ADD CONSTRAINT "deployment_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deployment" ADD CONSTRAINT "deployment_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "config_version"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluation" ADD CONSTRAINT "evaluation_config_id_fkey" FOREIGN KEY ("config_id") REFERENCES "configuration"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluation" ADD CONSTRAINT "evaluation_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "config_version"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "instance" ADD CONSTRAINT "instance_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "instance" ADD CONSTRAINT "instance_reservation_id_fkey" FOREIGN KEY ("reservation_id") REFERENCES "reservation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "instance" ADD CONSTRAINT "instance_pool_id_fkey" FOREIGN KEY ("pool_id") REFERENCES "pool"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "instance" ADD CONSTRAINT "instance_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "node"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "instance_unit" ADD CONSTRAINT "instance_unit_instance_id_fkey" FOREIGN KEY ("instance_id") REFERENCES "instance"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "instance_unit" ADD CONSTRAINT "instance_unit_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "unit"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "instance_log" ADD CONSTRAINT "instance_log_instance_id_fkey" FOREIGN KEY ("instance_id") REFERENCES "instance"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "snapshot" ADD CONSTRAINT "snapshot_instance_id_fkey" FOREIGN KEY ("instance_id") REFERENCES "instance"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "failover" ADD CONSTRAINT "failover_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "failover" ADD CONSTRAINT "failover_reservation_id_fkey" FOREIGN KEY ("reservation_id") REFERENCES "reservation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cost_threshold" ADD CONSTRAINT "cost_threshold_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cost_crossing" ADD CONSTRAINT "cost_crossing_threshold_id_fkey" FOREIGN KEY ("threshold_id") REFERENCES "cost_threshold"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What schema.prisma cannot express

ALTER TABLE "workflow" ADD CONSTRAINT "workflow_kind_check"
  CHECK ("kind" IN ('artifact', 'reservation', 'instance', 'deployment', 'event') AND "last_seq" >= 0);
ALTER TABLE "webhook" ADD CONSTRAINT "webhook_request_check" CHECK (("source" = 'request') = ("workflow_id" IS NOT NULL));
-- An event looks at the webhooks of its project, of which those of workflows may be many.
CREATE INDEX "webhook_of_project_idx" ON "webhook" ("project_id") WHERE "workflow_id" IS NULL AND "deleted_at" IS NULL;
CREATE INDEX "webhook_of_workflow_idx" ON "webhook" ("workflow_id") WHERE "workflow_id" IS NOT NULL;
ALTER TABLE "artifact_task" ADD CONSTRAINT "artifact_task_status_check" CHECK ("status" IN ('waiting', 'done', 'failed'));
CREATE INDEX "artifact_task_due_idx" ON "artifact_task" ("due_at") WHERE "status" = 'waiting';
CREATE TRIGGER "artifact_unchanged" BEFORE UPDATE ON "artifact" FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE UNIQUE INDEX "config_variant_name_key" ON "config_variant" ("config_id", "name") WHERE "deleted_at" IS NULL;
ALTER TABLE "config_variant" ADD CONSTRAINT "config_variant_head_check" CHECK ("head" >= 0);
ALTER TABLE "config_version" ADD CONSTRAINT "config_version_check" CHECK ("version" > 0 AND "format" IN ('yaml', 'json'));
CREATE TRIGGER "config_version_append_only" BEFORE UPDATE OR DELETE ON "config_version"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE "deployment" ADD CONSTRAINT "deployment_number_check" CHECK ("number" > 0);
CREATE TRIGGER "deployment_append_only" BEFORE UPDATE OR DELETE ON "deployment"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE "evaluation" ADD CONSTRAINT "evaluation_status_check"
  CHECK ("status" IN ('running', 'completed', 'failed') AND ("status" = 'completed') <= ("completed_at" IS NOT NULL));

ALTER TABLE "pool" ADD CONSTRAINT "pool_compute_check"
  CHECK ("compute_provider" IN ('simulated', 'vast', 'http') AND ("compute_provider" IS NOT DISTINCT FROM 'http') = ("provisioner_id" IS NOT NULL));
ALTER TABLE "unit" ADD CONSTRAINT "unit_health_check" CHECK ("health" IN ('healthy', 'failed'));
ALTER TABLE "instance" ADD CONSTRAINT "instance_status_check"
  CHECK ("status" IN ('requested', 'starting', 'running', 'stopping', 'stopped', 'failed') AND "wanted" IN ('running', 'stopped'));
ALTER TABLE "instance" ADD CONSTRAINT "instance_provider_check" CHECK ("provider" IN ('simulated', 'vast', 'http'));
ALTER TABLE "instance" ADD CONSTRAINT "instance_running_check" CHECK (("status" = 'running') <= ("running_since" IS NOT NULL));
ALTER TABLE "instance" ADD CONSTRAINT "instance_ended_check"
  CHECK (("ended_at" IS NOT NULL) <= ("status" IN ('stopped', 'failed') AND "due_at" IS NULL));
-- Of any number of workers that see a reservation begin, one makes its instances.
CREATE UNIQUE INDEX "instance_slot_key" ON "instance" ("reservation_id", "slot") WHERE "ended_at" IS NULL;
CREATE INDEX "instance_due_idx" ON "instance" ("due_at") WHERE "due_at" IS NOT NULL;
-- A GPU boots for the next only when the last has let go of it.
CREATE UNIQUE INDEX "instance_unit_taken" ON "instance_unit" ("unit_id") WHERE "released_at" IS NULL;
ALTER TABLE "instance_log" ADD CONSTRAINT "instance_log_level_check" CHECK ("level" IN ('info', 'warning', 'error'));
CREATE TRIGGER "instance_log_unchanged" BEFORE UPDATE ON "instance_log" FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE "snapshot" ADD CONSTRAINT "snapshot_status_check"
  CHECK ("status" IN ('requested', 'running', 'completed', 'failed') AND "trigger" IN ('manual', 'before_end'));
CREATE UNIQUE INDEX "snapshot_before_end_key" ON "snapshot" ("instance_id") WHERE "trigger" = 'before_end';
CREATE INDEX "snapshot_due_idx" ON "snapshot" ("due_at") WHERE "due_at" IS NOT NULL;
ALTER TABLE "failover" ADD CONSTRAINT "failover_status_check"
  CHECK ("status" IN ('recovering', 'recovered', 'ended') AND "way" IN ('spare', 'repack', 'substitute', 'none'));
-- One failure of an instance is dealt with once.
CREATE UNIQUE INDEX "failover_instance_key" ON "failover" ("instance_id") WHERE "instance_id" IS NOT NULL;
CREATE UNIQUE INDEX "drill_running_key" ON "drill" ("pool_id") WHERE "status" = 'running';
ALTER TABLE "simulated_machine" ADD CONSTRAINT "simulated_machine_state_check"
  CHECK ("state" IN ('loading', 'running', 'stopping', 'stopped', 'failed'));
ALTER TABLE "simulated_fault" ADD CONSTRAINT "simulated_fault_kind_check"
  CHECK ("kind" IN ('node_down', 'start_fails', 'start_slow', 'stop_slow', 'snapshot_fails', 'unreachable') AND "remaining" > 0);

ALTER TABLE "cost_threshold" ADD CONSTRAINT "cost_threshold_check"
  CHECK ("amount_micros" > 0 AND "period" IN ('day', 'week', 'month'));
ALTER TABLE "audit_entry" ADD CONSTRAINT "audit_entry_check"
  CHECK ("actor_kind" IN ('user', 'api_key', 'system', 'anonymous') AND "outcome" IN ('done', 'refused'));
CREATE TRIGGER "audit_entry_unchanged" BEFORE UPDATE ON "audit_entry" FOR EACH ROW EXECUTE FUNCTION refuse_change();
