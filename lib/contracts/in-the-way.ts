import { z } from "zod";
import { timestamp } from "@/lib/contracts/common";

/** Something that a unit holds, with all that an admin of the installation may know: whose it is, too. */
export const inTheWaySchema = z
  .object({
    kind: z.enum(["booking", "maintenance", "outage"]),
    reservation_id: z.string().nullable(),
    maintenance_id: z.string().nullable(),
    project: z.object({ id: z.string(), name: z.string() }).nullable(),
    title: z.string().meta({ description: "Of the reservation, or the reason of the maintenance." }),
    gpu_count: z.int().meta({ description: "GPUs of it that are concerned." }),
    starts_at: timestamp,
    ends_at: timestamp,
    why: z.string().meta({ description: "Why it cannot make room." }),
  })
  .meta({ id: "InTheWay", description: "What keeps GPUs from being taken out of service." });

export type InTheWay = z.infer<typeof inTheWaySchema>;
