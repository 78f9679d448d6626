import { z } from "zod";
import { isStorable } from "@/lib/contracts/common";

export const LAUNCH_LIMITS = {
  imageLength: 500,
  variables: 100,
  variableBytes: 4096,
  scriptBytes: 32 * 1024,
  ports: 20,
  diskGb: 16_384,
} as const;

const storable = (most: number) =>
  z.string().max(most).refine(isStorable, "Leave out what cannot be stored (NUL, halves of surrogate pairs)");

/** A name of the environment as POSIX has it (XBD 8.1), lower case allowed. */
const variableName = z
  .string()
  .max(200)
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "Name it with letters, digits and _, not beginning with a digit");

/**
 * What an instance boots: the content of a configuration's version. Nothing in it is secret: whoever may read the project
 * reads it.
 */
export const launchTemplateSchema = z
  .strictObject({
    image: storable(LAUNCH_LIMITS.imageLength)
      .min(1, "Name a container image")
      .regex(/^\S+$/, "An image has no spaces")
      .meta({ description: "Container image, such as `pytorch/pytorch:2.9`." }),
    env: z
      .record(variableName, storable(LAUNCH_LIMITS.variableBytes))
      .refine(
        (env) => Object.keys(env).length <= LAUNCH_LIMITS.variables,
        `At most ${LAUNCH_LIMITS.variables} variables`,
      )
      .default({})
      .meta({ description: "Environment variables. Not a place for secrets." }),
    start_script: storable(LAUNCH_LIMITS.scriptBytes)
      .default("")
      .meta({ description: "Run by the shell once the instance has booted." }),
    ports: z
      .array(z.int().min(1).max(65_535))
      .max(LAUNCH_LIMITS.ports)
      .default([])
      .meta({ description: "TCP ports to be reached from outside." }),
    disk_gb: z.int().min(8).max(LAUNCH_LIMITS.diskGb).default(64),
    gpu_type: storable(100)
      .nullable()
      .default(null)
      .meta({ description: "The GPU type that it is made for; null: any. A booking of another type is warned about." }),
  })
  .meta({ id: "LaunchTemplate" });

export type LaunchTemplate = z.infer<typeof launchTemplateSchema>;

/** What boots where a reservation names no configuration: a plain machine to log in to. */
export const DEFAULT_LAUNCH_TEMPLATE: LaunchTemplate = launchTemplateSchema.parse({
  image: "nvidia/cuda:12.9.0-base-ubuntu24.04",
});
