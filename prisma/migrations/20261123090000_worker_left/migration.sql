-- Workers that stopped a moment ago: the others must know by which memberships limits were shared out.
CREATE TABLE "worker_left" (
    "id" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "left_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "worker_left_pkey" PRIMARY KEY ("id")
);
