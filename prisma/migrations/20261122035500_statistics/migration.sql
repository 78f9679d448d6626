-- For adding up and pruning by time, over all webhooks

-- CreateIndex
CREATE INDEX "webhook_stat_minute_idx" ON "webhook_stat"("minute");
