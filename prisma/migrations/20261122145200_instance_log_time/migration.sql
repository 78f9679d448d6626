-- CreateIndex
CREATE INDEX "instance_log_at_idx" ON "instance_log"("at");
