import { describe, expect, it } from "vitest";
import { InlineRunner } from "../planning/jobs/inlineRunner.ts";
import { optimize } from "../planning/optimizer/optimize.ts";
import { problem, problemCatalog, spaceOf } from "../planning/optimizer/testProblems.ts";
import { formatOptimum } from "./optimizeText.ts";

async function textOf(scenario = problem({ requests: 2000 }), maxGpus = 2, isOver = () => false) {
  const { result } = await optimize({
    ...{ scenario, traces: new Map(), catalog: problemCatalog(), top: 3, replications: 2 },
    ...{ space: spaceOf({ maxGpus, tensorParallel: [1] }), isOver },
    runner: new InlineRunner(new Map()),
  });
  return { result, lines: formatOptimum(result).split("\n") };
}

describe("an optimum as text", { timeout: 60_000 }, () => {
  it("begins with the answer, and shows each alternative with its cost and what binds it", async () => {
    const { result, lines } = await textOf();
    expect(lines[0]).toMatch(/^\$[\d,.]+ a month: /);
    for (const { rank, text, monthUsd } of result.alternatives) {
      const cents = monthUsd.toLocaleString("en-US", { maximumFractionDigits: 2 });
      const row = lines.find((line) => line.startsWith(`${rank}  ${text.slice(0, 12)}`));
      expect(row ?? "").toContain(cents);
    }
    expect(lines).toContain("What binds them");
    expect(lines.every((line) => line.length <= 160)).toBe(true);
  });

  it("marks times that are extrapolated: the slow GPU was never measured", async () => {
    const { result, lines } = await textOf();
    const marks = lines.filter((line) => /[^*]\*( |$)/.test(line));
    const slow = result.alternatives.filter((each) => each.gpu === "slow");
    expect(marks).toHaveLength(slow.length);
    expect(slow.length).toBeGreaterThan(0);
    expect(lines.some((line) => line.startsWith("* times"))).toBe(true);
  });

  it("counts every candidate once", async () => {
    const { result, lines } = await textOf();
    const from = lines.findIndex((line) => line.startsWith("Searched"));
    expect(lines[from]).toContain(`Searched ${result.counts.candidates} candidates`);
    const rows = lines
      .slice(from + 3)
      .map((line) => /^ +(\d+) {2}(.*)$/.exec(line))
      .filter((row) => row !== null && !row[2].includes("not counted above"));
    const sum = rows.reduce((total, row) => total + Number(row![1]), 0);
    expect(sum).toBe(result.counts.candidates);
  });

  it("says what would help where nothing meets the targets", async () => {
    const { lines } = await textOf(problem({ ttftMs: 1, hasApi: false }));
    expect(lines[0]).toMatch(/^No candidate meets the targets/);
    expect(lines.filter((line) => line.startsWith("- ")).length).toBeGreaterThan(1);
    expect(lines).not.toContain("What binds them");
  });

  it("says so where the search was ended before the answer was proven", async () => {
    const { result, lines } = await textOf(problem({ rateRps: 20 }), 40, () => true);
    expect(result.isProven).toBe(false);
    expect(lines.join(" ")).toMatch(/ended before this was proven|some may be cheaper/);
  });
});
