/**
 * Loads demo data into a project: `npm run seed`, or `npm run seed -- --project prj_…` when there are several.
 * Without a running `npm start`, set DATABASE_URL.
 */
import { parseArgs } from "node:util";
import { db } from "@/lib/db/client";
import { seedDemo } from "@/lib/demo/seed";

const { values } = parseArgs({ options: { project: { type: "string" } } });

const project = await db.project.findFirst({
  where: values.project === undefined ? {} : { id: values.project },
  orderBy: { id: "asc" },
});
if (!project) {
  fail(
    values.project === undefined
      ? "There is no project yet: set the console up first."
      : `There is no project ${values.project}.`,
  );
} else if ((await db.webhook.count({ where: { projectId: project.id } })) > 0) {
  fail(
    `Project "${project.name}" already has webhooks; demo data goes into an empty one. Name another with --project.`,
  );
} else {
  await seedDemo(project.id);
  const deliveries = await db.delivery.count({ where: { projectId: project.id } });
  console.log(`Loaded demo data into "${project.name}": ${deliveries} deliveries of a week.`);
}
await db.$disconnect();

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}
