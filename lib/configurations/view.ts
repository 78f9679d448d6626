import { z } from "zod";
import type { NameOf } from "@/lib/accounts/names";
import type { ConfigVersion, ConfigVersionDetail } from "@/lib/contracts/config-versions";
import type { ConfigVersionRef } from "@/lib/contracts/configurations";
import type { Environment } from "@/lib/contracts/deployments";
import { EVALUATION_STATUSES, type Evaluation } from "@/lib/contracts/evaluations";
import { type LaunchTemplate, launchTemplateSchema } from "@/lib/contracts/launch-template";
import { TEXT_FORMATS } from "@/lib/contracts/launch-text";
import type {
  ConfigVersion as ConfigVersionRow,
  Environment as EnvironmentRow,
  Evaluation as EvaluationRow,
} from "@/lib/generated/prisma/client";

const formatSchema = z.enum(TEXT_FORMATS);
const statusSchema = z.enum(EVALUATION_STATUSES);
const metricsSchema = z.record(z.string(), z.number());

/** A version is shown with the name of its variant. */
export const withVariant = { variant: { select: { name: true, deletedAt: true } } } as const;
export type VersionWithVariant = ConfigVersionRow & { variant: { name: string; deletedAt: Date | null } };

type Named = Pick<ConfigVersionRow, "id" | "version"> & { variant: { name: string } };

export function toVersionRef({ id, version, variant }: Named): ConfigVersionRef {
  return { id, variant: variant.name, version };
}

export function toVersion(row: VersionWithVariant, parent: ConfigVersionRef | null, nameOf: NameOf): ConfigVersion {
  return {
    ...toVersionRef(row),
    config_id: row.configId,
    variant_id: row.variantId,
    variant_deleted: row.variant.deletedAt !== null,
    parent,
    format: formatSchema.parse(row.format),
    message: row.message,
    created_by: { id: row.createdBy, name: nameOf(row.createdBy) },
    created_at: row.createdAt.toISOString(),
  };
}

export function toVersionDetail(
  row: VersionWithVariant,
  parent: ConfigVersionRef | null,
  nameOf: NameOf,
): ConfigVersionDetail {
  return { ...toVersion(row, parent, nameOf), source: row.source, content: storedTemplate(row.content) };
}

/** What a `content` column holds. */
export function storedTemplate(content: unknown): LaunchTemplate {
  return launchTemplateSchema.parse(content);
}

export function toEnvironment(row: EnvironmentRow): Environment {
  return {
    id: row.id,
    name: row.name,
    protected: row.protected,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

export function toEvaluation(row: EvaluationRow & { version: Named }, nameOf: NameOf): Evaluation {
  return {
    id: row.id,
    config_id: row.configId,
    version: toVersionRef(row.version),
    name: row.name,
    status: statusSchema.parse(row.status),
    score: row.score,
    metrics: metricsSchema.parse(row.metrics),
    note: row.note,
    created_by: { id: row.createdBy, name: nameOf(row.createdBy) },
    created_at: row.createdAt.toISOString(),
    completed_at: row.completedAt?.toISOString() ?? null,
  };
}
