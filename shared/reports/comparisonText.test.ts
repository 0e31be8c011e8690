import { describe, expect, it } from "vitest";
import { compareScenarios } from "../planning/comparison/comparison.ts";
import { runOf } from "../planning/comparison/testRuns.ts";
import { hybridInput, hybridScenario } from "../planning/fixtures/hybridScenario.ts";
import { formatComparison } from "./comparisonText.ts";
import { inputDiffLines } from "./inputDiffText.ts";
import { lengthOf } from "./wrapText.ts";

const base = hybridInput();

function text(count: number, replications: number): string {
  const all = Array.from({ length: count }, (_, i) => {
    const scenario = hybridScenario({
      name: `n ${i}\u001b[31m`,
      pools: [{ ...base.pools![0], replicas: 1 + (i % 2) }],
    });
    const runs = Array.from({ length: replications }, (_, replication) =>
      runOf(scenario, 5, replication),
    );
    return { file: `${i}.crossover`, scenario, runs };
  });
  return formatComparison(compareScenarios(all, 0, 5));
}

describe("a comparison as text", () => {
  it("names who is who, the difference in a sentence, the inputs, the figures and the intervals", () => {
    const out = text(2, 3);
    expect(out).toMatch(
      /^A {2}n 0 \[31m \(0\.crossover\), (MISSES|meets) its targets.*; the baseline$/m,
    );
    expect(out).toMatch(
      /^B costs \$[\d,]+ a month (more|less) than A \([+-][\d.]+ %; 95 % interval /m,
    );
    expect(out).toContain("pools.own.replicas: 1 -> 2 (+100 %)");
    expect(out).toMatch(/^own: H100 SXM, idle +USD\/month +[\d,.]+ +[\d,.]+$/m);
    expect(out).toMatch(/^total +USD\/month +[+-][\d,.]+ +[+-][\d.]+ % .* (yes|no) /m);
    expect(out).toContain("variance removed");
    expect(out).not.toContain("\u001b");
  });

  it("of eight scenarios keeps to 160 characters a line", () => {
    const out = text(8, 1);
    expect(Math.max(...out.split("\n").map(lengthOf))).toBeLessThanOrEqual(160);
    expect(out).toContain("C - A: every figure is the same");
    expect(out).toContain("One run of each scenario: differences have no intervals.");
  });
});

it("inputs are shown in their units, shares in percent", () => {
  const line = (unit: string | null, from: number, to: number) => ({
    ...{ path: "a.b", kind: "changed" as const, from, to, unit, absolute: to - from },
    relative: from === 0 ? null : (to - from) / from,
  });
  expect(
    inputDiffLines({
      provenanceOnly: 2,
      differences: [line("share", 0.07, 0), line("USD/GPU-hour", 2.69, 2.5), line(null, 0, 8)],
    }),
  ).toEqual([
    "a.b: 7 % -> 0 % (-100 %)",
    "a.b: 2.69 USD/GPU-hour -> 2.5 USD/GPU-hour (-7.06 %)",
    "a.b: 0 -> 8",
    "(2 entries have another source or date and the same figures; not listed)",
  ]);
  expect(inputDiffLines({ provenanceOnly: 0, differences: [] })).toEqual(["no input differs"]);
});
