/**
 * npm start: everything on one machine. PostgreSQL (unless DATABASE_URL is set), migrations, the console and one worker.
 * npm run dev: the same with `next dev`.
 */
import { parseArgs } from "node:util";
import { ensureSecrets } from "./launcher/environment";
import { run } from "./launcher/run";

await run(async () => {
  const { values } = parseArgs({
    options: { dev: { type: "boolean", default: false }, "no-web": { type: "boolean", default: false } },
  });
  if (!process.env.NODE_ENV) Object.assign(process.env, { NODE_ENV: values.dev ? "development" : "production" });
  ensureSecrets();
  const { launch } = await import("./launcher/launch");
  await launch({ dev: values.dev, web: !values["no-web"] });
  process.exit(0);
});
