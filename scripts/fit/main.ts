/** Fits the kernel coefficients to data/fidelity/iterationTimes.csv, writes them to data/catalog/coefficients.json and their errors to data/fidelity/fidelityCard.json, and prints the errors: `npm run -s fit`; with --check nothing is written. Host terms are not touched. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { atomicWriteFile } from "../../electron/files/atomicWrite.ts";
import type { IterationGroup } from "../../shared/schema/fidelityCard.ts";
import pnormSets from "../../shared/serving/executionTime/fixtures/pnormSets.json" with {
  type: "json",
};
import { errorOf, type FittedSet, fitSet } from "./crossValidation.ts";
import { cardGroups, cardTable, errorPair } from "./fidelityCard.ts";
import { parameterCount, planOf } from "./knotParameters.ts";
import { readSteps, type StepRow, stepsPath } from "./steps.ts";

const coefficientsPath = join(import.meta.dirname, "../../data/catalog/coefficients.json");
const cardPath = join(import.meta.dirname, "../../data/fidelity/fidelityCard.json");

/** The day on which the rows were read: a fit is of its rows, so that running it again changes nothing. */
const rowsReadOn = "2026-11-24";

interface SetFit extends FittedSet {
  readonly id: string;
  readonly rows: readonly StepRow[];
  readonly groups: readonly IterationGroup[];
}

function fitOne(id: string, rows: readonly StepRow[]): SetFit {
  const fitted = fitSet(planOf(id), rows);
  const pnorm = pnormSets.entries.find((each) => each.id === id);
  if (!pnorm) throw new Error(`no set ${id} in the p-norm form to compare with`);
  const compared = Float64Array.from(rows, (row) => errorOf(pnorm.kernel, row));
  return { id, rows, ...fitted, groups: cardGroups(rows, fitted.errors, compared) };
}

function errorSentence({ rows, errors }: SetFit): string {
  const show = (all: Float64Array): string => {
    const { medianPct, p90Pct } = errorPair(all);
    return `${medianPct.toFixed(1)} / ${p90Pct.toFixed(1)} %`;
  };
  return `Kernel time against the ${rows.length.toLocaleString("en")} iteration times it was fitted to, median / p90: ${show(errors.fit)}; cross-validated ${show(errors.crossValidated)}; a model left out ${show(errors.modelLeftOut)}; a number of GPUs left out ${show(errors.gpusLeftOut)} absolute error.`;
}

/** The parts of a stored set that a fit replaces. */
interface StoredSet {
  readonly id: string;
  kernel: unknown;
  statedError: string;
  readonly provenance: { note?: string; retrievedOn: string }[];
}

/** Everything after the sentence on kernel time stays: it is about serving. */
function update(stored: StoredSet, fit: SetFit): void {
  const end = "absolute error.";
  const rest = stored.statedError.slice(stored.statedError.indexOf(end) + end.length);
  stored.kernel = sortKeys(fit.kernel);
  stored.statedError = errorSentence(fit) + rest;
  stored.provenance[0].retrievedOn = rowsReadOn;
  stored.provenance[0].note = `Kernel coefficients, fitted by npm run fit: ${parameterCount(planOf(fit.id))} numbers, none negative. A 0 means that another term carries its part: do not read them singly.`;
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sortKeys(each)]));
}

function coefficientsText(fits: readonly SetFit[]): string {
  const file = JSON.parse(readFileSync(coefficientsPath, "utf8")) as { entries: StoredSet[] };
  for (const fit of fits) {
    const stored = file.entries.find((each) => each.id === fit.id);
    if (!stored) throw new Error(`${coefficientsPath} has no set ${fit.id}`);
    update(stored, fit);
  }
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Other parts of the card (measured serving) stay as they are. */
function cardText(fits: readonly SetFit[]): string {
  const iterationTimes = {
    about:
      "Absolute relative error of predicted kernel times of single iterations, percent: median and 90th percentile. crossValidated: five folds that hold whole combinations of prefill tokens and decode sequences back. modelLeftOut, gpusLeftOut: the group's model, or its number of GPUs, was not in the fit. prefillLeftOut, decodesLeftOut: every row with that number of prefill tokens, or of decode sequences, was not in the fit, the outermost numbers of the grid left aside. pnormForm: the earlier form on the same rows.",
    rows: {
      file: "iterationTimes.csv",
      sha256: createHash("sha256").update(readFileSync(stepsPath)).digest("hex"),
      readOn: rowsReadOn,
      source: "NVIDIA aiconfigurator 0.12.0 (Apache-2.0), H100 SXM, calibration half",
    },
    fittedRange: { prefillTokens: 8192, meanContextTokens: 8192, batch: 256, gpus: ["h100-sxm"] },
    sets: fits.map(({ id, rows, errors }) => ({
      id,
      parameters: parameterCount(planOf(id)),
      rows: rows.length,
      fitted: errorPair(errors.fit),
      crossValidated: errorPair(errors.crossValidated),
      modelLeftOut: errorPair(errors.modelLeftOut),
      gpusLeftOut: errorPair(errors.gpusLeftOut),
      prefillLeftOut: errorPair(errors.prefillLeftOut),
      decodesLeftOut: errorPair(errors.decodesLeftOut),
    })),
    groups: fits.flatMap((each) => each.groups),
  };
  return `${JSON.stringify({ ...readCard(), version: 2, iterationTimes }, null, 2)}\n`;
}

function readCard(): object {
  try {
    return JSON.parse(readFileSync(cardPath, "utf8")) as object;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw error;
  }
}

const steps = readSteps();
const fits = [...new Set(steps.map((row) => row.set))].map((id) =>
  fitOne(
    id,
    steps.filter((row) => row.set === id),
  ),
);
console.log(cardTable(fits.flatMap((each) => each.groups)));
if (!process.argv.includes("--check")) {
  atomicWriteFile(coefficientsPath, coefficientsText(fits));
  atomicWriteFile(cardPath, cardText(fits));
}
