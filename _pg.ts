import { startEmbedded } from "@/lib/db/embedded/server";
import { applyMigrations } from "@/lib/db/migrate";
import { writeFileSync } from "node:fs";
const server = await startEmbedded({ dataDir: "/tmp/planner-pgdata", durable: false });
await applyMigrations(server.url);
writeFileSync("/tmp/planner-pg.url", server.url);
console.log(server.url);
setInterval(() => {}, 1000);
