-- CreateIndex
CREATE INDEX "ledger_transaction_project_id_kind_created_at_idx" ON "ledger_transaction"("project_id", "kind", "created_at");
