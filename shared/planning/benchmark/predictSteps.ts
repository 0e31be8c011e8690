/** Times of single iterations for the rows of a steps file, with errors against what the rows hold. */
import { type Catalog, findCoefficientSet, findGpu } from "../../catalog/catalog.ts";
import type { CoefficientSet } from "../../schema/catalog.ts";
import { extrapolationReasons } from "../../serving/executionTime/extrapolation.ts";
import {
  fittedParts,
  IterationTimes,
  ticksPerNs,
} from "../../serving/executionTime/iterationTimes.ts";
import type { IterationWork } from "../../serving/executionTime/iterationWork.ts";
import { workOfStep } from "../../serving/executionTime/stepWork.ts";
import { InputError } from "../../units/errors.ts";
import { nsPerMs } from "../../units/units.ts";
import { kernelOnlyHost } from "./calibrationRow.ts";
import { CaseReader, type CaseRow, type CaseTable } from "./caseTable.ts";
import { type ErrorSample, type ErrorSummary, errorPct, summarizeErrors } from "./errorGroups.ts";
import { readBackend, readGpu, readModel, readPrecision } from "./spellings.ts";

/** Columns without which no row can be predicted. `gpu` and `kv` may be there; without, h100-sxm and the precision's own. */
export const requiredStepColumns = [
  "backend",
  "model",
  "precision",
  "tp",
  "prefill_tokens",
  "decode_bs",
  "ctx_len",
] as const;

/** What became of one row. */
export interface StepPrediction {
  readonly line: number;
  /** kind, backend, model, precision; undefined where names could not be read. */
  readonly group: readonly string[] | undefined;
  readonly predictedMs: number | undefined;
  readonly errorPct: number | undefined;
  /** The row lies beyond the range to which the coefficients were fitted. */
  readonly isExtrapolated: boolean;
  readonly note: string;
}

/** All that depends on the names of a row, and not on its numbers. */
interface StepModel {
  readonly times: IterationTimes;
  readonly fitted: CoefficientSet["fitted"];
  readonly group: readonly string[];
  /** The GPU, a number format or the model is none of those fitted. */
  readonly isBeyondFit: boolean;
  readonly note: string;
}

/** Predicts every row of a table. Times are those of the kernels alone: the rows hold an estimator's sums of kernel times, to which the kernel coefficients are fitted, without the host's share. */
export function predictSteps(table: CaseTable, catalog: Catalog): StepPrediction[] {
  const reader = new CaseReader(table.columns);
  const models = new Map<string, StepModel>();
  return table.rows.map((row) => {
    try {
      return predictRow(row, reader, modelOf(row, reader, catalog, models));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return {
        line: row.line,
        group: undefined,
        predictedMs: undefined,
        errorPct: undefined,
        isExtrapolated: false,
        note: error.message,
      };
    }
  });
}

const nameColumns = ["backend", "model", "precision", "kv", "gpu", "tp", "kind"] as const;

function modelOf(
  row: CaseRow,
  reader: CaseReader,
  catalog: Catalog,
  models: Map<string, StepModel>,
): StepModel {
  const key = nameColumns.map((name) => reader.text(row, name)).join("\u0000");
  const known = models.get(key);
  if (known) return known;
  const made = readStepModel(row, reader, catalog);
  models.set(key, made);
  return made;
}

function readStepModel(row: CaseRow, reader: CaseReader, catalog: Catalog): StepModel {
  const { backend, label: backendLabel, note: backendNote } = readStepBackend(row, reader);
  const model = readModel(reader.text(row, "model"), catalog.models);
  const kvText = reader.text(row, "kv") || "bf16";
  const precisions = readPrecision(reader.text(row, "precision"), kvText, backend);
  const { precision, kvPrecision, label } = precisions;
  const gpuText = reader.text(row, "gpu");
  const place = gpuText === "" ? undefined : readGpu(gpuText, catalog.gpus);
  const gpu = place?.gpu ?? findGpu(catalog, "h100-sxm");
  const tensorParallel = reader.count(row, "tp");
  const { set, note } = findCoefficientSet(catalog.coefficients, backend, precision, kvPrecision);
  const names = {
    gpu,
    model,
    precision,
    kvPrecision,
    migProfile: place?.profile,
    coefficients: set,
  };
  const parts = fittedParts({ ...names, tensorParallel, host: kernelOnlyHost });
  const reasons = extrapolationReasons(names);
  return {
    times: new IterationTimes(parts, set.fitted.maxBatch, set.fitted.maxPrefillTokens),
    fitted: set.fitted,
    group: [reader.text(row, "kind") || "step", backendLabel, model.id, label],
    isBeyondFit: reasons.length > 0,
    note: [backendNote, place?.note, note, ...reasons]
      .filter((text) => text !== undefined)
      .join("; "),
  };
}

/** The engine whose coefficients are taken: for iterations of plain PyTorch (scripts/measure) those of vLLM, under their own name. */
function readStepBackend(row: CaseRow, reader: CaseReader) {
  const text = reader.text(row, "backend");
  if (!/^\s*(py)?torch\b/i.test(text)) {
    const backend = readBackend(text);
    return { backend, label: backend, note: undefined };
  }
  const note = "a program of plain PyTorch, set beside the kernel terms of vLLM";
  return { backend: "vllm" as const, label: "pytorch", note };
}

function predictRow(row: CaseRow, reader: CaseReader, model: StepModel): StepPrediction {
  const work = readWork(row, reader);
  const predictedMs = iterationMs(work, model.times);
  const { value: givenMs, note } = reader.measured(row, "latency_ms");
  return {
    line: row.line,
    group: model.group,
    predictedMs,
    errorPct: errorPct(predictedMs, givenMs),
    isExtrapolated: model.isBeyondFit || isBeyond(work, model.fitted),
    note: [model.note, note].filter((text) => text !== undefined && text !== "").join("; "),
  };
}

/** What the engine would take for it. */
function iterationMs(work: IterationWork, times: IterationTimes): number {
  const { prefillTokens, decodeSequences, contextTokens, attentionPairs, headRows } = work;
  const finishing = headRows - decodeSequences;
  const ticks =
    times.mixedTicks(prefillTokens, decodeSequences, finishing, 2 * attentionPairs) +
    times.contextTicks * contextTokens;
  return ticks / ticksPerNs / nsPerMs;
}

function readWork(row: CaseRow, reader: CaseReader): IterationWork {
  const prefillTokens = wholeNumber(row, reader, "prefill_tokens");
  const decodeSequences = wholeNumber(row, reader, "decode_bs");
  if (prefillTokens + decodeSequences === 0) {
    throw new InputError("The row computes nothing: prefill_tokens and decode_bs are 0.");
  }
  return workOfStep({
    prefillTokens,
    decodeSequences,
    contextTokens: reader.count(row, "ctx_len"),
  });
}

function wholeNumber(row: CaseRow, reader: CaseReader, column: string): number {
  const value = reader.number(row, column) ?? 0;
  if (Number.isInteger(value) && value >= 0) return value;
  throw new InputError(`${column} is ${value}. Wanted a whole number from 0 on.`, {
    field: column,
  });
}

function isBeyond(work: IterationWork, fitted: CoefficientSet["fitted"]): boolean {
  const { prefillTokens, decodeSequences, contextTokens } = work;
  return (
    prefillTokens > fitted.maxPrefillTokens ||
    decodeSequences > fitted.maxBatch ||
    contextTokens > fitted.maxMeanContextTokens * decodeSequences
  );
}

/** Errors by kind, backend, model and precision, over the kinds of a backend and precision ("all"), and over all rows. */
export function summarizeSteps(rows: readonly StepPrediction[]): ErrorSummary[] {
  const samples: ErrorSample[] = [];
  for (const { group, errorPct: error } of rows) {
    if (group === undefined || error === undefined) continue;
    const [, backend, model, precision] = group;
    samples.push({ group, errorPct: error });
    samples.push({ group: ["all", backend, model, precision], errorPct: error });
    samples.push({ group: ["all", backend, "all", precision], errorPct: error });
    samples.push({ group: ["all", "all", "all", "all"], errorPct: error });
  }
  return summarizeErrors(samples);
}

/** Columns that a prediction adds, in order. */
export const addedStepColumns: readonly string[] = [
  "predicted_latency_ms",
  "error_pct",
  "extrapolated",
  "note",
];

/** The cells of the added columns. */
export function addedStepCells(row: StepPrediction): string[] {
  const figure = (value: number | undefined) =>
    value === undefined ? "" : String(Number(value.toPrecision(7)));
  const isKnown = row.predictedMs !== undefined;
  return [
    figure(row.predictedMs),
    figure(row.errorPct),
    isKnown ? String(row.isExtrapolated) : "",
    row.note,
  ];
}
