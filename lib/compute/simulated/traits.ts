import { createHash } from "node:crypto";
import type { MachineAddress } from "@/lib/compute/provider";

/** What a simulated machine is like: the same for the same label whenever and wherever it is asked. */

/** 5 to 20 seconds. */
export function loadingMs(label: string): number {
  return between(5_000, 20_000, label, "loading");
}

/** 2 to 5 seconds. */
export function stoppingMs(label: string): number {
  return between(2_000, 5_000, label, "stopping");
}

/** 5 to 15 seconds. */
export function snapshotMs(snapshotId: string): number {
  return between(5_000, 15_000, snapshotId, "snapshot");
}

/** 8 to 120 GB. */
export function sizeOf(snapshotId: string): number {
  return between(8_000_000_000, 120_000_000_000, snapshotId, "size");
}

export function checksumsOf(snapshotId: string): Record<string, string> {
  return Object.fromEntries(
    ["disk.img", "manifest.json"].map((file) => [file, `sha256:${digest(snapshotId, file).toString("hex")}`]),
  );
}

export function externalIdOf(label: string): string {
  return `sim-${digest(label, "id").toString("hex").slice(0, 12)}`;
}

/** @param ports what the template asks to be reachable from outside */
export function addressOf(label: string, nodeName: string, ports: readonly number[]): MachineAddress {
  const host = `${nodeName}.simulated.internal`;
  const port = between(20_000, 60_000, label, "port");
  return { host, port, url: ports.length > 0 ? `http://${host}:${port}` : null };
}

function between(least: number, most: number, ...parts: string[]): number {
  return least + Math.floor((digest(...parts).readUInt32BE(0) / 2 ** 32) * (most - least));
}

function digest(...parts: string[]): Buffer {
  return createHash("sha256").update(parts.join("\n")).digest();
}
