/** npm run build: builds the console for production, whether or not there is a build already. */
import { build } from "./launcher/build";
import { run } from "./launcher/run";

await run(() => build({ quiet: false }));
