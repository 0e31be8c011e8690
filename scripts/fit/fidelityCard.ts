/** The fidelity card: how far predictions are off, group by group, and how that was found. */

import type { ErrorPair, IterationGroup } from "../../shared/schema/fidelityCard.ts";
import { exactQuantiles } from "../../shared/stats/quantiles.ts";
import { iterationBar } from "./bars.ts";
import type { SetErrors } from "./crossValidation.ts";
import type { StepRow } from "./steps.ts";

/** The groups of a set; `pnorm` are the other form's errors on the same rows. */
export function cardGroups(
  rows: readonly StepRow[],
  errors: SetErrors,
  pnorm: Float64Array,
): IterationGroup[] {
  return [...new Set(rows.map((row) => row.model))].map((model) => {
    const pair = (all: Float64Array): ErrorPair =>
      errorPair(all.filter((_, i) => rows[i].model === model));
    return {
      set: rows[0].set,
      model,
      rows: rows.filter((row) => row.model === model).length,
      fitted: pair(errors.fit),
      crossValidated: pair(errors.crossValidated),
      modelLeftOut: pair(errors.modelLeftOut),
      gpusLeftOut: pair(errors.gpusLeftOut),
      prefillLeftOut: pair(errors.prefillLeftOut),
      decodesLeftOut: pair(errors.decodesLeftOut),
      pnormForm: pair(pnorm),
      bar: iterationBar,
    };
  });
}

/** Median and p90 of errors given as shares, rounded to 0.01 %; NaN counts as no error found. */
export function errorPair(errors: Float64Array): ErrorPair {
  const found = errors.filter((each) => !Number.isNaN(each));
  const [medianPct, p90Pct] = exactQuantiles(found, [0.5, 0.9]).map(
    (share) => Math.round(share * 1e4) / 100,
  );
  return { medianPct, p90Pct };
}

const heads = [
  "group",
  "rows",
  "fit",
  "cross-validated",
  "model out",
  "GPUs out",
  "prefill out",
  "decodes out",
  "p-norm form",
];

/** The card's groups as a table of text. */
export function cardTable(groups: readonly IterationGroup[]): string {
  const show = ({ medianPct, p90Pct }: ErrorPair): string =>
    `${medianPct.toFixed(1)} / ${p90Pct.toFixed(1)}`;
  const lines = groups.map((each) => [
    `${each.set} ${each.model}`,
    String(each.rows),
    show(each.fitted),
    show(each.crossValidated),
    show(each.modelLeftOut),
    show(each.gpusLeftOut),
    show(each.prefillLeftOut),
    show(each.decodesLeftOut),
    show(each.pnormForm),
  ]);
  const widths = heads.map((head, k) => Math.max(head.length, ...lines.map((l) => l[k].length)));
  const format = (cells: readonly string[]): string =>
    cells
      .map((cell, k) => (k === 0 ? cell.padEnd(widths[k]) : cell.padStart(widths[k])))
      .join("  ");
  return [format(heads), ...lines.map(format)].join("\n");
}
