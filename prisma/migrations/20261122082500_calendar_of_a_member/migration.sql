-- A calendar goes with the membership of whoever made it: an address must not come back to life when they join again.
DELETE FROM "calendar_feed" f
 WHERE NOT EXISTS (SELECT 1 FROM "member" m WHERE m."project_id" = f."project_id" AND m."user_id" = f."user_id");

-- AddForeignKey
ALTER TABLE "calendar_feed" ADD CONSTRAINT "calendar_feed_member_fkey" FOREIGN KEY ("project_id", "user_id") REFERENCES "member"("project_id", "user_id") ON DELETE CASCADE ON UPDATE CASCADE;
