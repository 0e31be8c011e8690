import { expect, it } from "vitest";
import { choose, type Figure, runSections, type Section } from "./harness.ts";

const speed: Section = {
  name: "speed",
  figures: ["fast", "slow", "promised"],
  run(record) {
    record("fast", 10, "1/s", { atLeast: 5 });
    record("slow", 10, "s", { atMost: 5 });
  },
};
const size: Section = {
  name: "size",
  figures: ["bytes"],
  run: (record) => record("bytes", 1, "B"),
};

it("holds every figure to its bar, and a promised figure that never came counts as missed", async () => {
  const seen: Figure[] = [];
  const figures = await runSections([speed, size], 60, (figure) => seen.push(figure));
  expect(figures.map(({ name, ok }) => [name, ok])).toEqual([
    ["fast", true],
    ["slow", false],
    ["promised", false],
    ["bytes", undefined],
  ]);
  expect(seen).toEqual(figures);
});

it("starts no section once the time is spent", async () => {
  const figures = await runSections([size], -1, () => {});
  expect(figures).toEqual([
    expect.objectContaining({ name: "bytes", value: undefined, ok: false }),
  ]);
});

it("chooses a section by its name or by one of its figures", () => {
  expect(choose([speed, size], "bytes")).toEqual([size]);
  expect(choose([speed, size], "speed")).toEqual([speed]);
  expect(choose([speed, size], undefined)).toHaveLength(2);
});

it("refuses a figure that its section does not list", async () => {
  const stray: Section = { ...size, run: (record) => record("other", 1, "B") };
  await expect(runSections([stray], 60, () => {})).rejects.toThrow(
    "does not list the figure other",
  );
});
