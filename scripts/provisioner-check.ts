/**
 * Checks a provisioner against docs/provisioner.md:
 *
 *   npm run provisioner:check -- <url> --secret <secret> [--gpu-type <name>] [--gpu-count <n>] [--image <image>]
 *     [--node <name>] [--region <name>] [--timeout <seconds>]
 *
 * Starts one machine and stops it again. One line for each requirement; ends with 0 when all are met, with 1 when one is
 * not, with 2 when it could not be run.
 */
import { parseArgs } from "node:util";
import { checkProvisioner } from "@/lib/compute/http/conformance";
import { DEFAULT_LAUNCH_TEMPLATE, launchTemplateSchema } from "@/lib/contracts/launch-template";
import { createEgressPolicy } from "@/lib/net/address";
import { createGuardedClient } from "@/lib/net/guarded-request";

const USAGE = "Usage: npm run provisioner:check -- <url> --secret <secret> [--gpu-type …] [--gpu-count …] [--image …]";

const { positionals, values } = read();
const [url] = positionals;
if (positionals.length !== 1 || !url || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) giveUp(USAGE);
const secret = values.secret;
if (!secret) giveUp(USAGE);
const gpuCount = Number(values["gpu-count"]);
const patienceMs = Number(values.timeout) * 1000;
if (!Number.isInteger(gpuCount) || gpuCount < 1) giveUp("--gpu-count must be a whole number from 1 on.");
if (!(patienceMs > 0)) giveUp("--timeout must be a number of seconds.");

const { hostname, port, protocol } = new URL(url);
// Whoever types the address vouches for it: a provisioner is often in one's own network.
const policy = createEgressPolicy([`${hostname}:${port || (protocol === "https:" ? 443 : 80)}`]);
const client = createGuardedClient({ policy, http: "everywhere" });

const results = await checkProvisioner(
  {
    target: { url, secret, client },
    launch: {
      gpuType: values["gpu-type"],
      gpuCount,
      nodeName: values.node,
      region: values.region,
      template: launchTemplateSchema.parse({ ...DEFAULT_LAUNCH_TEMPLATE, image: values.image, ports: [8080] }),
      until: new Date(Date.now() + 3_600_000),
    },
    patienceMs,
    pollMs: 500,
  },
  ({ name, problem }) => console.log(problem === null ? `ok    ${name}` : `FAIL  ${name}: ${problem}`),
);
await client.close();

const failed = results.filter(({ problem }) => problem !== null).length;
console.log(`${results.length - failed} met, ${failed} not met`);
process.exit(failed === 0 ? 0 : 1);

function read() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        secret: { type: "string" },
        "gpu-type": { type: "string", default: "H100 SXM" },
        "gpu-count": { type: "string", default: "1" },
        image: { type: "string", default: DEFAULT_LAUNCH_TEMPLATE.image },
        node: { type: "string", default: "node-1" },
        region: { type: "string", default: "here" },
        timeout: { type: "string", default: "300" },
      },
    });
  } catch (error) {
    return giveUp(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
}

function giveUp(message: string): never {
  console.error(message);
  process.exit(2);
}
