/** The worker of bench/bullmq.ts, in a process of its own. Arguments: queue name, Redis URL. */
import { Worker } from "bullmq";
import { Agent, request } from "undici";
import { pool } from "@/lib/db/pool";
import { sign, signStandard } from "@/lib/webhooks/signature";
import { generateSecret } from "@/lib/webhooks/signing-key";
import type { BullJob } from "./bullmq";

const [name = "", url = ""] = process.argv.slice(2);
const agent = new Agent({ connections: 128, pipelining: 1 });
const secret = generateSecret();

const worker = new Worker<BullJob>(
  name,
  async ({ data }) => {
    const startedAt = performance.now();
    const timestamp = Math.floor(Date.now() / 1000);
    const headers = {
      "content-type": "application/json",
      "webhook-id": data.deliveryId,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": signStandard({ id: data.deliveryId, timestamp, payload: data.body, secret }),
      "x-webhook-signature": sign(data.body, secret, timestamp),
      "x-webhook-delivery": data.deliveryId,
    };
    const response = await request(data.url, {
      method: "POST",
      dispatcher: agent,
      headers,
      body: data.body,
      signal: AbortSignal.timeout(10_000),
    });
    const body = Buffer.from(await response.body.arrayBuffer());
    await pool().query({
      name: "log",
      text: `INSERT INTO bullmq_log (delivery_id, url, status, latency_ms, request_headers, response_headers, response_body)
             VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      values: [
        data.deliveryId,
        data.url,
        response.statusCode,
        Math.ceil(performance.now() - startedAt),
        JSON.stringify(headers),
        JSON.stringify(response.headers),
        body,
      ],
    });
    if (response.statusCode > 299) throw new Error(`Answered ${response.statusCode}.`);
  },
  { connection: { url }, concurrency: 128 },
);
await worker.waitUntilReady();
process.send?.("ready");
