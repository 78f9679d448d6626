-- What keeps a worker from sending, in words for the operator.
ALTER TABLE "worker_beat" ADD COLUMN "trouble" TEXT;
