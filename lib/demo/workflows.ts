import { createHash } from "node:crypto";
import { publishArtifact } from "@/lib/artifacts/service";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { ensureReceiver, receiverUrl } from "@/lib/receiver/service";
import { emit } from "@/lib/webhooks/emit";
import { generateSecret } from "@/lib/webhooks/signing-key";
import { beginWorkflow } from "@/lib/workflows/service";

type DemoWorkflow = {
  correlationId: string;
  type: string;
  tags: string[];
  producedBy: string;
  payload: Record<string, unknown>;
};

const checksum = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;

const WORKFLOWS: readonly DemoWorkflow[] = [
  {
    correlationId: "nightly-backup-7",
    type: "snapshot.completed",
    tags: ["nightly"],
    producedBy: "Backup job",
    payload: {
      snapshot_id: "snp_01k6q3z4v5w6x7y8z9a0b1c2de",
      instance_id: "ins_01k6q3t7f8g9h0j1k2m3n4p5qr",
      name: "Before the migration",
      size_bytes: 48_318_382_080,
      checksums: {
        "disk.img": checksum("disk"),
        "home/checkpoints.tar": checksum("checkpoints"),
        "meta.json": checksum("meta"),
      },
    },
  },
  {
    correlationId: "release-2026-11",
    type: "model.trained",
    tags: ["release", "llm"],
    producedBy: "Training pipeline",
    payload: { model: "support-7b", epochs: 3, loss: 1.284, checkpoint: "s3://models/support-7b/3" },
  },
  {
    correlationId: "evaluation-42",
    type: "report.evaluation",
    tags: ["release"],
    producedBy: "Evaluation pipeline",
    payload: { model: "support-7b", benchmark: "internal-qa", score: 0.871, questions: 1200 },
  },
];

/** A few workflows whose webhook, brought along by their calls, is the built-in receiver. */
export async function seedWorkflows(projectId: string): Promise<void> {
  const member = await db.member.findFirst({ where: { projectId }, orderBy: { id: "asc" } });
  const by = member?.userId ?? "system";
  for (const { correlationId, ...artifact } of WORKFLOWS) {
    await transaction(async (tx) => {
      const url = receiverUrl(await ensureReceiver(tx, projectId));
      const webhook = { url, secret: generateSecret() };
      await beginWorkflow(tx, { projectId, by, kind: "artifact", title: artifact.type, correlationId, webhook });
      await publishArtifact(tx, { projectId, by, correlationId, ...artifact });
      await emit(tx, projectId, {
        type: "custom.pipeline.finished",
        data: { pipeline: artifact.producedBy },
        source: "platform",
        correlationId,
      });
    });
  }
}
