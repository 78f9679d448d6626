import { pool } from "@/lib/db/pool";
import { createWebhooks, drain, preload, round, startReceiver } from "./support";

const MEASURED = 5_000;
const FEW = 1_000;
const MANY = 1_000_000;

/** Time per delivery while a million others wait for their due time ÷ while a thousand do. */
export async function run(say: (line: string) => void) {
  const receiver = await startReceiver();
  const few = await rateBeside(receiver.url, FEW);
  say(`beside ${FEW} waiting: ${Math.round(few)}/s`);
  const many = await rateBeside(receiver.url, MANY);
  say(`beside ${MANY} waiting: ${Math.round(many)}/s`);
  receiver.stop();
  return { few_per_s: round(few), many_per_s: round(many), ratio: round(few / many) };
}

async function rateBeside(url: string, waiting: number): Promise<number> {
  const others = await createWebhooks(Array.from({ length: 20 }, () => `${url}/`));
  await preload(others.projectId, others.webhooks, waiting, "1 day");
  const measured = await createWebhooks(Array.from({ length: 50 }, () => `${url}/`));
  await preload(measured.projectId, measured.webhooks, MEASURED);
  const { perSecond: rate } = await drain(measured.projectId);
  await pool().query("TRUNCATE event, delivery, attempt");
  return rate;
}
