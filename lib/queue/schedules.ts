import { PgBoss } from "pg-boss";
import { stopOrphans } from "@/lib/compute/orphans";
import { keepBooks } from "@/lib/credits/midnight";
import { resolveDatabaseUrl } from "@/lib/db/url";
import { log } from "@/lib/log";
import { cleanUp } from "@/lib/queue/cleanup";
import { recover } from "@/lib/queue/recover";
import { runAudit } from "@/lib/reservations/audit";
import { rollUpStats } from "@/lib/statistics/roll-up";

/** Job name → when (cron, UTC) and what. `missed: "once"` makes up for ticks that passed while no worker ran. */
const JOBS = {
  // At midnight, and hourly for what was missed while the database was away.
  credits: { cron: "0 * * * *", run: () => keepBooks() },
  cleanup: { cron: "0 3 * * *", run: () => cleanUp(new Date()) },
  recover: { cron: "*/5 * * * *", run: () => recover() },
  "roll-up": { cron: "*/5 * * * *", run: () => rollUpStats(new Date()) },
  orphans: { cron: "*/5 * * * *", run: () => stopOrphans() },
  // After the credits' midnight work, so that it is among what is examined.
  "self-audit": { cron: "30 0 * * *", run: () => runAudit(new Date()) },
} as const;

/**
 * Scheduled work through pg-boss, whose tables make sure that of any number of workers one takes each job. Retries of
 * deliveries are not here: the delivery table is their queue.
 * @returns a function that stops it, letting a running job finish
 */
export async function startSchedules(): Promise<() => Promise<void>> {
  const boss = new PgBoss({
    connectionString: resolveDatabaseUrl(),
    schema: "pgboss",
    max: 2,
    application_name: "dumont-schedules",
  });
  // Without a listener an error of its connections would end the process.
  boss.on("error", (err) => log.warn({ err }, "pg-boss"));
  await boss.start();
  for (const [name, job] of Object.entries(JOBS)) {
    await boss.createQueue(name, { policy: "singleton", retryLimit: 3, retryDelay: 60 });
    await boss.schedule(name, job.cron, null, { tz: "UTC", missed: "once" });
    await boss.work(name, { pollingIntervalSeconds: 30 }, async () => {
      log.info(await job.run(), `${name} done`);
    });
  }
  // Whoever comes back after a long time does not wait for the hour; several at once do it once.
  await boss.send("credits");
  return () => boss.stop({ graceful: true, timeout: 4_000 });
}
