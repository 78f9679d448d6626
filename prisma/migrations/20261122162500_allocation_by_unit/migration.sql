-- What is booked on some units of a large pool from a time on, without reading what is booked on all of them.
CREATE INDEX "allocation_unit_id_blocks_to_idx" ON "allocation"("unit_id", "blocks_to");
