import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadCatalog } from "../../electron/services/catalogFiles.ts";
import { readCaseTable } from "../../shared/planning/benchmark/caseTable.ts";
import {
  predictSteps,
  requiredStepColumns,
  summarizeSteps,
} from "../../shared/planning/benchmark/predictSteps.ts";
import { exactQuantiles } from "../../shared/stats/quantiles.ts";
import { errorOf } from "./crossValidation.ts";
import {
  kernelFrom,
  parameterCount,
  planOf,
  predictSeconds,
  scaledRows,
} from "./knotParameters.ts";
import { dot, fitRelative } from "./leastRelative.ts";
import { nonNegativeMinimum } from "./nonNegative.ts";
import { readSteps, stepsPath } from "./steps.ts";

const rows = readSteps();
const sets = loadCatalog().coefficients.filter((each) => each.kernel.form === "knots");
const groups = [...new Set(rows.map((row) => `${row.set} ${row.model}`))];
const card = JSON.parse(
  readFileSync(new URL("../../data/fidelity/fidelityCard.json", import.meta.url), "utf8"),
) as {
  iterationTimes: {
    rows: { sha256: string };
    sets: { id: string; fitted: { medianPct: number; p90Pct: number } }[];
    groups: { set: string; model: string; crossValidated: { medianPct: number; p90Pct: number } }[];
  };
};

function rowsOf(group: string) {
  return rows.filter((row) => `${row.set} ${row.model}` === group);
}

test("least squares over x >= 0 leaves at 0 what would turn negative", () => {
  const gram = Float64Array.of(2, 1, 1, 2);
  const bounded = nonNegativeMinimum(gram, Float64Array.of(3, 0));
  expect(bounded[0]).toBeCloseTo(1.5, 12);
  expect(bounded[1]).toBe(0);
  const inside = nonNegativeMinimum(gram, Float64Array.of(3, 3));
  expect(inside[0]).toBeCloseTo(1, 12);
  expect(inside[1]).toBeCloseTo(1, 12);
});

test("21 groups of backend, model and precision have 728 rows each", () => {
  expect(groups).toHaveLength(21);
  for (const group of groups) expect(rowsOf(group), group).toHaveLength(728);
});

test.each(groups)("%s: stored coefficients are within 2.5 % (median) and 9 % (p90)", (group) => {
  const own = rowsOf(group);
  const set = sets.find((each) => each.id === own[0].set)!;
  const errors = Float64Array.from(own, (row) => errorOf(set.kernel, row));
  const [median, p90] = exactQuantiles(errors, [0.5, 0.9]);
  expect(median).toBeLessThan(0.025);
  expect(p90).toBeLessThan(0.09);
});

test("the card states every group within 4 % and 12 % in cross-validation, of these rows", () => {
  const { iterationTimes } = card;
  const sha256 = createHash("sha256").update(readFileSync(stepsPath)).digest("hex");
  expect(iterationTimes.rows.sha256).toBe(sha256);
  expect(iterationTimes.groups.map(({ set, model }) => `${set} ${model}`).sort()).toEqual(
    [...groups].sort(),
  );
  for (const { set, model, crossValidated } of iterationTimes.groups) {
    expect(crossValidated.medianPct, `${set} ${model}`).toBeLessThan(4);
    expect(crossValidated.p90Pct, `${set} ${model}`).toBeLessThan(12);
  }
});

test("the command steps gives each set the errors that the card states", () => {
  const table = readCaseTable(readFileSync(stepsPath, "utf8"), requiredStepColumns);
  const found = new Map(
    summarizeSteps(predictSteps(table, loadCatalog()))
      .filter(({ group: [kind, , model] }) => kind === "all" && model === "all")
      .map((each) => [`${each.group[1]}-${each.group[3]}`, each]),
  );
  expect(card.iterationTimes.sets).toHaveLength(7);
  for (const { id, fitted } of card.iterationTimes.sets) {
    expect(found.get(id)?.medianPct, id).toBeCloseTo(fitted.medianPct, 1);
    expect(found.get(id)?.p90Pct, id).toBeCloseTo(fitted.p90Pct, 1);
  }
});

test("a fit to every row gives the stored coefficients", () => {
  for (const id of ["vllm-bf16", "sglang-fp8"]) {
    const own = rows.filter((row) => row.set === id);
    const plan = planOf(id);
    const scaled = scaledRows(plan, own);
    const kernel = kernelFrom(plan, fitRelative(scaled, [...own.keys()]));
    const stored = sets.find((each) => each.id === id)!.kernel;
    for (const row of own.filter((_, i) => i % 50 === 0)) {
      expect(predictSeconds(kernel, row) / predictSeconds(stored, row)).toBeCloseTo(1, 9);
    }
  }
});

test("a fit to every fourth row predicts the others nearly as well", () => {
  const own = rowsOf("trtllm-fp8 Llama-3.1-70B");
  const plan = planOf("trtllm-fp8");
  const scaled = scaledRows(plan, own);
  const quarter = [...own.keys()].filter((i) => i % 4 === 0);
  const kernel = kernelFrom(plan, fitRelative(scaled, quarter));
  const others = Float64Array.from(
    own.filter((_, i) => i % 4 !== 0),
    (row) => errorOf(kernel, row),
  );
  expect(exactQuantiles(others, [0.5])[0]).toBeLessThan(0.02);
});

test("the model is linear in its parameters: features times parameters is the prediction", () => {
  for (const id of ["vllm-fp8", "trtllm-bf16"]) {
    const plan = planOf(id);
    const values = Float64Array.from({ length: parameterCount(plan) }, (_, i) => (i % 7) + 1);
    const sample = rows.filter((row) => row.set === id).filter((_, i) => i % 97 === 0);
    const kernel = kernelFrom(plan, values);
    scaledRows(plan, sample).forEach((features, i) => {
      const direct = predictSeconds(kernel, sample[i]) / sample[i].seconds;
      expect(dot(features, values) / direct).toBeCloseTo(1, 9);
    });
  }
});
