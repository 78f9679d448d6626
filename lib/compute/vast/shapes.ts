import { z } from "zod";

/**
 * What of vast.ai's answers we read. They hold much more, differ from its documentation here and there, and null stands
 * for much; so every field that is not vital may be missing.
 */

const number = z.number().nullish().catch(null);
const text = z.string().nullish().catch(null);

export const offerSchema = z.object({
  id: z.int(),
  dph_total: z.number(),
  num_gpus: z.int().nullish(),
  reliability2: number,
  machine_id: number,
  geolocation: text,
});
export type Offer = z.infer<typeof offerSchema>;

/** An array by the CLI, one object by the documentation's example, null for none. */
export const offersSchema = z.object({
  offers: z
    .union([z.array(z.unknown()), z.record(z.string(), z.unknown()), z.null()])
    .optional()
    .transform((offers) => {
      const list = Array.isArray(offers) ? offers : offers ? [offers] : [];
      return list.flatMap((offer) => offerSchema.safeParse(offer).data ?? []);
    }),
});

export const createdSchema = z.object({ success: z.literal(true), new_contract: z.int() });

export const refusalSchema = z.object({ error: text, msg: text });

const portSchema = z.array(z.object({ HostIp: text, HostPort: z.coerce.number().int() })).nullish();

export const instanceSchema = z.object({
  id: z.int(),
  label: text,
  actual_status: text,
  intended_status: text,
  cur_state: text,
  status_msg: text,
  gpu_name: text,
  num_gpus: number,
  dph_total: number,
  machine_id: number,
  host_id: number,
  geolocation: text,
  public_ipaddr: text,
  ssh_host: text,
  ssh_port: number,
  /** Epoch seconds. */
  start_date: number,
  ports: z.record(z.string(), portSchema.catch(null)).nullish().catch(null),
});
export type VastInstance = z.infer<typeof instanceSchema>;

export const instancePageSchema = z.object({
  instances: z.array(instanceSchema).nullish(),
  next_token: z.string().nullish(),
});
