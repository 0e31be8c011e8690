import { describe, expect, it } from "vitest";
import type { ExperimentCase } from "../planning/claims/experiments/experimentResult.ts";
import type { CheckResult, ClaimLedger } from "../planning/claims/ledger.ts";
import {
  caseList,
  formatBare,
  formatDifference,
  formatFigure,
  formatFound,
  titleWithUnit,
} from "./claimFigures.ts";
import { fillNote, formatLedger } from "./claimsText.ts";

const provenance = { source: "an article", retrievedOn: "2026-01-02", basis: "estimated" } as const;

function checkOf(parts: Partial<CheckResult>): CheckResult {
  return {
    what: "a figure",
    unit: "USD/month",
    published: { text: "about $1,950", value: 1950 },
    roundedTo: 10,
    verdict: "refuted",
    rule: "rounds to it",
    formula: "gpuMonth",
    inputs: [],
    found: { min: 1963.7, max: 1963.7 },
    difference: { value: 13.7, share: 13.7 / 1950 },
    assumption: null,
    tried: [],
    cases: [],
    impossible: [],
    ...parts,
  };
}

describe("figures of the ledger", () => {
  it.each([
    [1963.7, "USD/month", "$1,963.70/month"],
    [11, "USD/M tokens", "$11/M tokens"],
    [-0.00123, "USD", "-$0.00123"],
    [0.9936, "share", "99.4 %"],
    [3.889, "x", "3.89x"],
    [1234.5, "ms", "1.23 s"],
    [36000, "s", "10.0 h"],
    [27777.7, "tokens/s", "27,778 tokens/s"],
    [212.6, "M tokens/month", "213 M tokens/month"],
    [5.469, ": 1", "5.47 : 1"],
  ])("writes %d %s as %s", (value, unit, text) => {
    expect(formatFigure(value, unit)).toBe(text);
  });

  it("leaves to a column's title what its cells do not say", () => {
    expect(formatBare(213, "M tokens/month")).toBe("213");
    expect(titleWithUnit("volume", "M tokens/month")).toBe("volume, M tokens/month");
    expect(titleWithUnit("price", "USD/M tokens")).toBe("price, $/M tokens");
    expect(titleWithUnit("GPUs", "GPUs")).toBe("GPUs");
    expect(titleWithUnit("busy", "share")).toBe("busy");
  });

  it("shows a span once where it is one value, and agreement as a count", () => {
    expect(formatFound(checkOf({}))).toBe("$1,963.70/month");
    expect(formatFound(checkOf({ found: { min: 1, max: 2 } }))).toBe("$1 to $2/month");
    expect(formatFound(checkOf({ found: null }))).toBe("no case");
    const cases = [1, 0, 1].map((value, i) => ({ label: `c${i}`, value, meets: value === 1 }));
    const agreeing = checkOf({ unit: "agreement", found: { min: 0, max: 1 }, cases });
    expect(formatFound(agreeing)).toBe("2 of 3 cases");
    expect(formatDifference(agreeing)).toBe("-");
  });

  it("gives a difference with its share, and says where there is none", () => {
    expect(formatDifference(checkOf({}))).toBe("+$13.70 (+0.703 %)");
    expect(formatDifference(checkOf({ difference: { value: -0.3, share: -0.0001 } }))).toBe(
      "-$0.30 (<0.1 %)",
    );
    expect(formatDifference(checkOf({ difference: { value: 0, share: 0 } }))).toBe("none");
    const published = { text: "1 or more", min: 1 };
    expect(formatDifference(checkOf({ published, difference: { value: 0, share: 0 } }))).toBe(
      "within",
    );
    expect(formatDifference(checkOf({ difference: null }))).toBe("-");
  });

  it("shortens lists of cases without hiding what they share", () => {
    expect(caseList(["m fp8, vllm, 1:2", "m fp8, sglang, 1:2", "n bf16, vllm, 1:2"])).toBe(
      "m fp8 (vllm; sglang); n bf16 (vllm), each 1:2",
    );
    expect(caseList(["gpt-4.1"])).toBe("gpt-4.1");
    expect(caseList(Array.from({ length: 9 }, (_, i) => `m, v${i}`))).toBe("m (9 cases)");
    expect(caseList(Array.from({ length: 14 }, (_, i) => `m${i}`))).toMatch(/m11; and 2 more$/);
  });
});

describe("the ledger as text", () => {
  const ledger: ClaimLedger = {
    engineVersion: "1",
    counts: { reproduced: 0, reproducedUnderAssumption: 0, refuted: 1, notComputed: 0 },
    groups: { g: "One GPU", empty: "Nothing" },
    claims: [
      {
        ...{ id: "month", group: "g", title: "A month", claim: "It costs $1,950.", provenance },
        ...{ verdict: "refuted", assumption: null, rule: "its one check", experiments: ["e"] },
        checks: [
          checkOf({
            tried: [{ assumption: "a month of 725 h", value: 1950.25, meets: true }],
            impossible: [{ label: "huge", reason: "too large" }],
          }),
        ],
        note: "The GPU is {gpu}.",
        noteValues: [{ name: "gpu", value: 2.69, unit: "USD/h", about: "a GPU" }],
      },
    ],
    experiments: [
      {
        ...{ id: "e", kind: "scenario", about: "Some runs", provenance, most: 1 },
        shown: [{ figure: "rate", title: "rate", unit: "tokens/s" }],
        cases: [
          { label: "slow", figures: { rate: 10 }, notes: [] },
          { label: "fast", figures: { rate: 20 }, notes: ["a remark"] },
          { label: "huge", figures: {}, notes: [], impossible: "too large" },
        ],
      },
    ],
  };

  it("has a verdict, the check's table, the assumption, the note with its values, and the experiment's highest cases", () => {
    const text = formatLedger(ledger, false);
    expect(text).toContain("Claim ledger: 1 claim; 1 refuted");
    expect(text).toContain("REFUTED: A month (month)");
    expect(text).toContain("they meet under: a month of 725 h ($1,950.25/month)");
    expect(text).toContain("No value for huge");
    expect(text).toContain("The GPU is $2.69/h.");
    expect(text).toMatch(/fast +20/);
    expect(text).not.toMatch(/slow +10/);
    expect(text).toContain("... and 1 cases below these");
    expect(text).toContain("- huge: too large");
    expect(text).toContain("- fast: a remark");
    expect(text).not.toContain("NOTHING");
    expect(text.split("\n").every((line) => line.length <= 160)).toBe(true);
  });

  it("adds source, rules and every case with details", () => {
    const text = formatLedger(ledger, true);
    expect(text).toContain("Published: an article, 2026-01-02, estimated");
    expect(text).toContain("a figure = gpuMonth");
    expect(text).toContain("- huge: too large");
    expect(text).toMatch(/slow +10/);
  });

  it("shows a grid by its rows and columns, with the best variant of each", () => {
    const place = (row: string, column: string, variant: string) => ({ row, column, variant });
    const grid = (
      label: string,
      figures: Record<string, number>,
      at: ReturnType<typeof place>,
    ): ExperimentCase => ({ label, figures, notes: [], place: at });
    const cases = [
      grid("m bf16, 1:2", { rate: 10 }, place("m", "1:2", "bf16")),
      grid("m fp8, 1:2", { rate: 20 }, place("m", "1:2", "fp8")),
      { ...grid("n bf16, 1:2", {}, place("n", "1:2", "bf16")), impossible: "too large" },
    ];
    const experiments = [{ ...ledger.experiments[0], cases }];
    const text = formatLedger({ ...ledger, experiments }, false);
    expect(text).toContain("rate, tokens/s, 1:2");
    expect(text).toMatch(/^ +m +20 +fp8$/m);
    expect(text).toMatch(/^ +n +does not fit +-$/m);
    expect(formatLedger({ ...ledger, experiments }, true)).toMatch(/m bf16, 1:2 +10/);
  });

  it("leaves braces alone that name nothing", () => {
    expect(fillNote("{a} and {b}", [{ name: "a", value: 1, unit: "x", about: "a" }])).toBe(
      "1.00x and {b}",
    );
  });
});
