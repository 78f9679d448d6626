import { expect, it } from "vitest";
import { barWords, busyWords } from "./bar-words";
import { makeBar } from "./testing";

it("says of a bar all that it shows", () => {
  expect(barWords(makeBar({ hours: [10, 18], gpu_count: 8 }), "UTC", "node-01, GPU 3")).toBe(
    "Training, Mine, confirmed, 8 GPUs, Tue 1 Dec 2026, 10:00 to 18:00, node-01, GPU 3",
  );
  expect(barWords(makeBar({ hours: [10, 18], status: "held", held: true, title: "" }), "Asia/Tokyo", "GPU 0")).toBe(
    "Untitled booking, Mine, held, 1 GPU, Tue 1 Dec 2026, 19:00 to Wed 2 Dec 2026, 03:00, GPU 0",
  );
  const others = makeBar({ hours: [0, 1], kind: "others", status: null, title: null, by: null });
  expect(barWords(others, "UTC", "GPU 0")).toMatch(/^Another project, Other projects, 1 GPU, /);
  const maintenance = makeBar({ hours: [0, 1], kind: "maintenance", status: null, title: "New firmware" });
  expect(barWords(maintenance, "UTC", "GPU 0")).toMatch(/^New firmware, Maintenance, 1 GPU, /);
  const outage = makeBar({ hours: [0, 1], kind: "outage", status: null, title: null });
  expect(barWords(outage, "UTC", "GPU 0")).toMatch(/^Outage, 1 GPU, /);
});

it("counts what is busy", () => {
  expect(busyWords(5, 8)).toBe("5/8 busy");
});
