import type { Stamp } from "@/lib/proof/stamp";

/** What a run counted or measured, by name; the stamp is null for one of a time when there were none. */
export type Figures<Value> = { measured: Stamp | null; figures: Record<string, Value> };
export type Fault = Figures<string | number>;
export type Bench = Figures<unknown> & { name: string };

/** How many files that decide figures have changed since a commit; null where nobody can say. */
export type ChangedSince = (commit: string) => number | null;

/** docs/proof.md: every figure with the code and the moment of its measurement. */
export function proofPage(faults: readonly Fault[], benches: readonly Bench[], changedSince: ChangedSince): string {
  return [
    "# Proof",
    "",
    "Written by `npm run proof`; do not edit. The fault suite (`npm run test:faults`) kills processes and disturbs receivers, clocks and",
    'name look-ups while an independent receiver process counts what reaches it. "Repeated" are deliveries that were',
    'accepted twice, always with the same `X-Webhook-Delivery`. "Unaccounted" is the loss audit of the overview, counted by',
    "the database.",
    "",
    'Each figure says of which commit it is, when its run began (UTC) and how busy the machine was before ("load": processes',
    'that ran or wanted to, over a minute). "Older code" means that files which decide it have changed since.',
    "",
    `${machines([...faults, ...benches])} Everything (PostgreSQL, workers, receiver) shares it.`,
    "",
    "## Faults",
    "",
    "| fault | deliveries | arrived | repeated | unaccounted | besides | measured |",
    "|---|---:|---:|---:|---:|---|---|",
    ...faults.map(({ figures, measured }) => faultRow(figures, measuredWords(measured, changedSince))),
    "",
    "## Speed",
    "",
    "`npm run -s bench -- <name> --json`: each figure stands beside its yardstick of the same run. See docs/scaling.md for what follows from them.",
    "",
    ...benches.flatMap(({ name, figures, measured }) => [
      `### ${name}`,
      "",
      `Measured: ${measuredWords(measured, changedSince)}.`,
      "",
      "```json",
      JSON.stringify(figures, null, 2),
      "```",
      "",
    ]),
  ].join("\n");
}

/** Of which code a figure is and when it was measured, in words; code that has changed since is named first. */
export function measuredWords(stamp: Stamp | null, changedSince: ChangedSince): string {
  if (stamp === null) return "**unknown code**, unknown when";
  const { commit, clean, date, load_before: load } = stamp;
  const when = `${date.slice(0, 16).replace("T", " ")}, load ${load}`;
  if (commit === null) return `**unknown code**, ${when}`;
  const of = `\`${commit.slice(0, 7)}\`${clean === false ? " **with changes not committed**" : ""}, ${when}`;
  const changed = changedSince(commit);
  if (changed === null) return `${of}, unknown whether the code has changed since`;
  if (changed === 0) return of;
  return `**older code** (${changed} ${changed === 1 ? "file" : "files"} changed since): ${of}`;
}

function faultRow(figures: Fault["figures"], measured: string): string {
  const { fault, deliveries, arrived, repeated, unaccounted, ...besides } = figures;
  const rest = Object.entries(besides).map(([name, value]) => `${name.replaceAll("_", " ")} ${value}`);
  return `| ${fault} | ${deliveries ?? "–"} | ${arrived ?? "–"} | ${repeated ?? "–"} | ${unaccounted ?? "–"} | ${rest.join(", ")} | ${measured} |`;
}

/** The machines that the figures were measured on; most often one. */
function machines(measurements: readonly { measured: Stamp | null }[]): string {
  const known = measurements
    .flatMap(({ measured }) => measured ?? [])
    .map(({ cores, cpu, memory_gib, node }) => `${cores} cores (${cpu}), ${memory_gib} GiB, Node ${node}`);
  const names = [...new Set(known)];
  if (names.length === 0) return "Machine: unknown.";
  return `${names.length === 1 ? "Machine" : "Machines"}: ${names.join("; ")}.`;
}
