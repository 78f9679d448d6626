/**
 * npm run seed: loads demo data into the first project; `npm run seed -- --project prj_…` into another one.
 * Without a running `npm start`, set DATABASE_URL and DUMONT_SECRET_KEY.
 */
import { parseArgs } from "node:util";
import { LaunchError } from "./launcher/environment";
import { run } from "./launcher/run";

await run(async () => {
  const { values } = parseArgs({ options: { project: { type: "string" } } });
  const [{ db }, { pool }, { seedDemo }, { flushAnnouncements }] = await Promise.all([
    import("@/lib/db/client"),
    import("@/lib/db/pool"),
    import("@/lib/demo/seed"),
    import("@/lib/live/channel"),
  ]);
  const project = await db.project.findFirst({
    where: values.project === undefined ? {} : { id: values.project },
    orderBy: { id: "asc" },
  });
  if (!project) {
    throw new LaunchError(
      values.project === undefined
        ? "There is no project yet: set the console up first."
        : `There is no project ${values.project}.`,
    );
  }
  if ((await db.webhook.count({ where: { projectId: project.id } })) > 0) {
    throw new LaunchError(
      `Project "${project.name}" already has webhooks; demo data goes into an empty one. Name another with --project.`,
    );
  }
  await seedDemo(project.id);
  const deliveries = await db.delivery.count({ where: { projectId: project.id } });
  const reservations = await db.reservation.count({ where: { projectId: project.id } });
  console.log(
    `Loaded demo data into "${project.name}": ${deliveries} deliveries of a week, ${
      reservations === 0
        ? "and no reservations, because there are pools already"
        : `${reservations} reservations of two months`
    }.`,
  );
  await flushAnnouncements();
  await Promise.all([db.$disconnect(), pool().end()]);
});
