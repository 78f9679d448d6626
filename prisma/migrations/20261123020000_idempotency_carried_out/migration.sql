-- Set by the transaction that the request changes something with, so that no repetition can change it again.
ALTER TABLE "idempotency_key" ADD COLUMN "carried_out_at" TIMESTAMPTZ(3);
