-- What the machine of an instance is called at its provider, stored before the provider is asked for it.
ALTER TABLE "instance" ADD COLUMN "label" TEXT NOT NULL;
-- When the start or stop that is under way began; null: none was begun.
ALTER TABLE "instance" ADD COLUMN "tried_at" TIMESTAMPTZ(3);
-- Whose configuration it boots: events are filtered by it.
ALTER TABLE "instance" ADD COLUMN "application" TEXT;
CREATE UNIQUE INDEX "instance_label_key" ON "instance" ("label");

-- One that failed makes room for its replacement at once, while its machine is still being cleared away.
ALTER TABLE "instance" DROP CONSTRAINT "instance_ended_check";
ALTER TABLE "instance" ADD CONSTRAINT "instance_ended_check"
  CHECK (("ended_at" IS NOT NULL) <= ("status" = 'failed' OR ("status" = 'stopped' AND "due_at" IS NULL)));

-- Part of the labels, so that installations that share an account at a provider leave each other's machines alone.
CREATE TABLE "installation" (
    "id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "installation_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "installation_only_one" ON "installation" ((true));
INSERT INTO "installation" ("id") VALUES (substr(replace(gen_random_uuid()::text, '-', ''), 1, 12));

CREATE TABLE "simulated_snapshot" (
    "id" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "completes_at" TIMESTAMPTZ(3) NOT NULL,
    "failure" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "simulated_snapshot_pkey" PRIMARY KEY ("id")
);
