/** Fits of a set with parts of its rows held back, and the errors on those parts. */
import type { KnotsKernel } from "../../shared/schema/catalog.ts";
import { type KnotPlan, kernelFrom, predictSeconds, scaledRows } from "./knotParameters.ts";
import { fitRelative } from "./leastRelative.ts";
import type { StepRow } from "./steps.ts";

/** Absolute relative errors of the rows of a set, in their order, each found with the named part held back. */
export interface SetErrors {
  readonly fit: Float64Array;
  /** Five folds of whole blocks (prefill tokens and decode sequences). */
  readonly crossValidated: Float64Array;
  readonly modelLeftOut: Float64Array;
  /** Numbers of GPUs above 1; one GPU stands with the errors of the others left out. */
  readonly gpusLeftOut: Float64Array;
  /** Whole columns of the grid, those between two others: what interpolation is worth. NaN in the outermost columns. */
  readonly prefillLeftOut: Float64Array;
  readonly decodesLeftOut: Float64Array;
}

const folds = 5;

/** A fitted set: its kernel and its errors. */
export interface FittedSet {
  readonly kernel: KnotsKernel;
  readonly errors: SetErrors;
}

/** Fits one set's rows, wholly and with parts held back. */
export function fitSet(plan: KnotPlan, rows: readonly StepRow[]): FittedSet {
  const scaled = scaledRows(plan, rows);
  const foldOf = blockFolds(rows);
  const every = rows.map((_, i) => i);
  const fitTo = (chosen: readonly number[]): KnotsKernel =>
    kernelFrom(plan, fitRelative(scaled, chosen));
  const errorsBy = (partOf: (row: StepRow) => number | string): Float64Array => {
    const errors = new Float64Array(rows.length);
    for (const part of new Set(rows.map(partOf))) {
      const isHeld = (i: number): boolean => partOf(rows[i]) === part;
      const kernel = knownGpus(fitTo(every.filter((i) => !isHeld(i))), part);
      for (const i of every.filter(isHeld)) errors[i] = errorOf(kernel, rows[i]);
    }
    return errors;
  };
  const kernel = fitTo(every);
  return {
    kernel,
    errors: {
      fit: Float64Array.from(rows, (row) => errorOf(kernel, row)),
      crossValidated: errorsBy((row) => foldOf(row)),
      modelLeftOut: errorsBy((row) => row.model),
      gpusLeftOut: errorsBy((row) => `tp ${row.tensorParallel}`),
      prefillLeftOut: innerErrors(errorsBy(prefillOf), rows.map(prefillOf)),
      decodesLeftOut: innerErrors(errorsBy(decodesOf), rows.map(decodesOf)),
    },
  };
}

function prefillOf({ work }: StepRow): number {
  return work.prefillTokens;
}

function decodesOf({ work }: StepRow): number {
  return work.decodeSequences;
}

/** The errors with NaN where `columns` has its least or largest value. */
function innerErrors(errors: Float64Array, columns: readonly number[]): Float64Array {
  const least = Math.min(...columns);
  const most = Math.max(...columns);
  return errors.map((error, i) =>
    columns[i] === least || columns[i] === most ? Number.NaN : error,
  );
}

/** Absolute relative error of a kernel on a row. */
export function errorOf(kernel: Parameters<typeof predictSeconds>[0], row: StepRow): number {
  return Math.abs(predictSeconds(kernel, row) / row.seconds - 1);
}

/** Where a number of GPUs was held back its all-reduce is not known: the others stand for it. */
function knownGpus(kernel: KnotsKernel, part: number | string): KnotsKernel {
  const allReduce = kernel.allReduce.filter((each) => `tp ${each.tensorParallel}` !== part);
  return { ...kernel, allReduce };
}

/** Deals the blocks out to folds, spread over the grid. */
function blockFolds(rows: readonly StepRow[]): (row: StepRow) => number {
  const blocks = [...new Set(rows.map((row) => row.block))].sort(
    (a, b) => spread(a) - spread(b) || (a < b ? -1 : 1),
  );
  const folded = new Map(blocks.map((block, index) => [block, index % folds]));
  return (row) => folded.get(row.block) ?? 0;
}

/** A fixed number for a text (FNV-1a, 32 bits). */
function spread(text: string): number {
  let hash = 2166136261;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
  return hash >>> 0;
}
