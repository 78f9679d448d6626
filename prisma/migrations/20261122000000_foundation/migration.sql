-- CreateTable
CREATE TABLE "user" (
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT,
    "token_version" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "identity" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "identity_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "project" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "plan" TEXT NOT NULL DEFAULT 'free',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "project_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "member" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "member_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invitation" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "invited_by_id" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "scopes" TEXT[],
    "created_by" TEXT NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rate_limit" (
    "key" TEXT NOT NULL,
    "points" INTEGER NOT NULL,
    "expire" TIMESTAMPTZ(3),

    CONSTRAINT "rate_limit_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "scope" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "locked_at" TIMESTAMPTZ(3) NOT NULL,
    "status" INTEGER,
    "response" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("scope","key")
);

-- CreateTable
CREATE TABLE "webhook" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "event_types" TEXT[],
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "secret" TEXT,
    "ordering" TEXT NOT NULL DEFAULT 'unordered',
    "order_key" TEXT,
    "retry" JSONB NOT NULL,
    "headers" TEXT,
    "filter" JSONB,
    "source" TEXT NOT NULL DEFAULT 'console',
    "last_seq" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "event" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "labels" JSONB NOT NULL DEFAULT '{}',
    "application" TEXT,
    "environment" TEXT,
    "correlation_id" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "delivery" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "webhook_id" TEXT NOT NULL,
    "event_type" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "attempt_count" INTEGER NOT NULL DEFAULT 0,
    "max_attempts" INTEGER NOT NULL,
    "next_attempt_at" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP,
    "lease_token" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "trigger" TEXT NOT NULL DEFAULT 'auto',
    "lane" TEXT,
    "seq" BIGINT,
    "http_status" INTEGER,
    "error_code" TEXT,
    "error_message" TEXT,
    "latency_ms" INTEGER,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attempt" (
    "delivery_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "trigger" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "http_status" INTEGER,
    "error_code" TEXT,
    "error_message" TEXT,
    "latency_ms" INTEGER NOT NULL,
    "timings" JSONB NOT NULL DEFAULT '{}',
    "request_headers" JSONB NOT NULL,
    "response_headers" JSONB,
    "response_body" BYTEA,
    "response_truncated" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "attempt_pkey" PRIMARY KEY ("delivery_id","number")
);

-- CreateTable
CREATE TABLE "worker_beat" (
    "id" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "beat_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "worker_beat_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "receiver" (
    "project_id" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "status" INTEGER NOT NULL DEFAULT 200,
    "delay_ms" INTEGER NOT NULL DEFAULT 0,
    "fail_next" INTEGER NOT NULL DEFAULT 0,
    "fail_status" INTEGER NOT NULL DEFAULT 500,

    CONSTRAINT "receiver_pkey" PRIMARY KEY ("project_id")
);

-- CreateTable
CREATE TABLE "receiver_request" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "headers" JSONB NOT NULL,
    "body" BYTEA NOT NULL,
    "truncated" BOOLEAN NOT NULL DEFAULT false,
    "answered_status" INTEGER NOT NULL,
    "delay_ms" INTEGER NOT NULL DEFAULT 0,
    "signature" TEXT NOT NULL,
    "signature_note" TEXT NOT NULL DEFAULT '',
    "event_type" TEXT,
    "delivery_id" TEXT,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "receiver_request_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");

-- CreateIndex
CREATE INDEX "identity_user_id_idx" ON "identity"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "identity_provider_subject_key" ON "identity"("provider", "subject");

-- CreateIndex
CREATE INDEX "member_user_id_idx" ON "member"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "member_project_user_key" ON "member"("project_id", "user_id");

-- CreateIndex
CREATE UNIQUE INDEX "invitation_token_key" ON "invitation"("token_hash");

-- CreateIndex
CREATE INDEX "invitation_project_id_idx" ON "invitation"("project_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");

-- CreateIndex
CREATE INDEX "api_key_project_id_idx" ON "api_key"("project_id");

-- CreateIndex
CREATE INDEX "idempotency_key_created_at_idx" ON "idempotency_key"("created_at");

-- CreateIndex
CREATE INDEX "webhook_project_id_id_idx" ON "webhook"("project_id", "id");

-- CreateIndex
CREATE INDEX "event_project_id_id_idx" ON "event"("project_id", "id");

-- CreateIndex
CREATE INDEX "event_project_id_correlation_id_idx" ON "event"("project_id", "correlation_id");

-- CreateIndex
CREATE INDEX "event_created_at_idx" ON "event"("created_at");

-- CreateIndex
CREATE INDEX "delivery_project_id_id_idx" ON "delivery"("project_id", "id");

-- CreateIndex
CREATE INDEX "delivery_project_id_status_id_idx" ON "delivery"("project_id", "status", "id");

-- CreateIndex
CREATE INDEX "delivery_project_id_event_type_id_idx" ON "delivery"("project_id", "event_type", "id");

-- CreateIndex
CREATE INDEX "delivery_webhook_id_id_idx" ON "delivery"("webhook_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "delivery_event_webhook_key" ON "delivery"("event_id", "webhook_id");

-- CreateIndex
CREATE UNIQUE INDEX "receiver_token_key" ON "receiver"("token");

-- CreateIndex
CREATE INDEX "receiver_request_project_id_id_idx" ON "receiver_request"("project_id", "id");

-- AddForeignKey
ALTER TABLE "identity" ADD CONSTRAINT "identity_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook" ADD CONSTRAINT "webhook_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "event"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_webhook_id_fkey" FOREIGN KEY ("webhook_id") REFERENCES "webhook"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_delivery_id_fkey" FOREIGN KEY ("delivery_id") REFERENCES "delivery"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "receiver" ADD CONSTRAINT "receiver_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "receiver_request" ADD CONSTRAINT "receiver_request_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "receiver"("project_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- From here on by hand: what schema.prisma cannot express.

-- Text columns that hold one of a few words
ALTER TABLE "user" ADD CONSTRAINT "user_email_check" CHECK ("email" = lower("email"));
ALTER TABLE "project" ADD CONSTRAINT "project_plan_check" CHECK ("plan" IN ('free', 'premium'));
ALTER TABLE "member" ADD CONSTRAINT "member_role_check" CHECK ("role" IN ('owner', 'admin', 'member', 'viewer'));
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_role_check" CHECK ("role" IN ('owner', 'admin', 'member', 'viewer'));
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_email_check" CHECK ("email" = lower("email"));
ALTER TABLE "webhook" ADD CONSTRAINT "webhook_ordering_check" CHECK ("ordering" IN ('unordered', 'strict'));
ALTER TABLE "webhook" ADD CONSTRAINT "webhook_source_check" CHECK ("source" IN ('console', 'file', 'request'));
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_status_check"
  CHECK ("status" IN ('pending', 'delivered', 'failed', 'cancelled'));
ALTER TABLE "receiver_request" ADD CONSTRAINT "receiver_request_signature_check"
  CHECK ("signature" IN ('valid', 'invalid', 'unsigned', 'unknown'));

-- Numbers
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_attempt_count_check" CHECK ("attempt_count" >= 0);
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_max_attempts_check" CHECK ("max_attempts" >= 1);
-- A delivery belongs to a lane and has its place in it, or neither.
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_lane_check" CHECK (("lane" IS NULL) = ("seq" IS NULL));

-- A claim changes no indexed column; with room left on the page it needs no new index entry either.
ALTER TABLE "delivery" SET (fillfactor = 70);

-- The queue looks only at what is left to do, however much is done.
CREATE INDEX "delivery_due_idx" ON "delivery" ("webhook_id", "next_attempt_at")
  WHERE "status" = 'pending' AND "lane" IS NULL;
CREATE INDEX "delivery_lane_idx" ON "delivery" ("webhook_id", "lane", "seq")
  WHERE "status" = 'pending' AND "lane" IS NOT NULL;
CREATE INDEX "delivery_completed_idx" ON "delivery" ("webhook_id", "completed_at", "status")
  WHERE "completed_at" IS NOT NULL;
