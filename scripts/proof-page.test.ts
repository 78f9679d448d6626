import { describe, expect, it } from "vitest";
import { decidesFigures, type Stamp, stampSchema, takeStamp } from "@/lib/proof/stamp";
import { measuredWords, proofPage } from "./proof-page";

const HEAD = "a".repeat(40);
const OLDER = "b".repeat(40);
const stamp: Stamp = {
  commit: HEAD,
  clean: true,
  date: "2026-11-22T18:40:01.234Z",
  cores: 2,
  cpu: "Xeon",
  memory_gib: 24,
  node: "v24.21.0",
  load_before: 0.3,
};
const changedSince = (commit: string) => (commit === HEAD ? 0 : commit === OLDER ? 12 : null);
const words = (change: Partial<Stamp>) => measuredWords({ ...stamp, ...change }, changedSince);

describe("the proof's page", () => {
  it.each<[string, Partial<Stamp>, string]>([
    ["of the present code", {}, "`aaaaaaa`, 2026-11-22 18:40, load 0.3"],
    [
      "of older code",
      { commit: OLDER },
      "**older code** (12 files changed since): `bbbbbbb`, 2026-11-22 18:40, load 0.3",
    ],
    ["of changed files", { clean: false }, "`aaaaaaa` **with changes not committed**, 2026-11-22 18:40, load 0.3"],
    [
      "of a commit that git does not know",
      { commit: "c".repeat(40) },
      "`ccccccc`, 2026-11-22 18:40, load 0.3, unknown whether the code has changed since",
    ],
    ["taken where there is no git", { commit: null, clean: null }, "**unknown code**, 2026-11-22 18:40, load 0.3"],
  ])("says of a figure %s what it is of", (_of, change, expected) => {
    expect(words(change)).toBe(expected);
  });

  it("shows the stamp beside each figure and once the machine they share", () => {
    const page = proofPage(
      [
        {
          measured: stamp,
          figures: { fault: "kills", deliveries: 10, arrived: 9, repeated: 1, unaccounted: 1, lost_at: 3 },
        },
        { measured: null, figures: { fault: "old", deliveries: 1 } },
      ],
      [{ name: "emit", measured: { ...stamp, commit: OLDER }, figures: { ratio: 3 } }],
      changedSince,
    );
    expect(page).toContain("| kills | 10 | 9 | 1 | 1 | lost at 3 | `aaaaaaa`, 2026-11-22 18:40, load 0.3 |");
    expect(page).toContain("| old | 1 | – | – | – |  | **unknown code**, unknown when |");
    expect(page).toContain("### emit\n\nMeasured: **older code** (12 files changed since): `bbbbbbb`");
    expect(page.match(/2 cores \(Xeon\), 24 GiB, Node v24\.21\.0/g)).toHaveLength(1);
  });

  it("names every machine where figures come from several", () => {
    const faults = [2, 8].map((cores) => ({ measured: { ...stamp, cores }, figures: { fault: "kills" } }));
    expect(proofPage(faults, [], changedSince)).toContain("Machines: 2 cores (Xeon), 24 GiB, Node v24.21.0; 8 cores");
  });
});

describe("a stamp", () => {
  it("says of which code and when, as it is read again", () => {
    const taken = takeStamp();
    expect(stampSchema.parse(JSON.parse(JSON.stringify(taken)))).toEqual(taken);
    expect(Math.abs(Date.parse(taken.date) - Date.now())).toBeLessThan(60_000);
  });

  it("is out of date by what is measured and what measures, not by other tests", () => {
    const files = [
      "lib/queue/claim.ts",
      "lib/queue/claim.db.test.ts",
      "lib/queue/faults/kills.faults.test.ts",
      "",
      "scripts/proof.ts",
    ];
    expect(files.filter(decidesFigures)).toEqual(["lib/queue/claim.ts", "lib/queue/faults/kills.faults.test.ts"]);
  });
});
