/** Predictions for the rows of a calibration file, with errors against what the rows measured, and why a row has none. */
import type { Catalog } from "../../catalog/catalog.ts";
import { InputError } from "../../units/errors.ts";
import { type CalibrationCase, type RowGroup, readCalibrationRow } from "./calibrationRow.ts";
import { CaseReader, type CaseRow, type CaseTable } from "./caseTable.ts";
import { type ErrorSample, type ErrorSummary, errorPct, summarizeErrors } from "./errorGroups.ts";
import { type BenchmarkFigures, runBenchmark } from "./runBenchmark.ts";

/** The compared figures: the column measured, the column predicted, its error's column, and the qualities of rows that count in groups. */
export const comparedFigures = [
  {
    name: "tpot",
    measured: "tpot_ms",
    predicted: "predicted_tpot_ms",
    error: "tpot_error_pct",
    qualities: "AB",
  },
  {
    name: "ttft",
    measured: "ttft_ms",
    predicted: "predicted_ttft_ms",
    error: "ttft_error_pct",
    qualities: "A",
  },
  {
    name: "throughput",
    measured: "tokens_s",
    predicted: "predicted_tokens_s",
    error: "tokens_s_error_pct",
    qualities: "A",
  },
] as const;
export type FigureName = (typeof comparedFigures)[number]["name"];

/** What became of one row. Plain data, so that it crosses between threads. */
export interface RowPrediction {
  readonly line: number;
  /** Undefined where the row's names could not be read. */
  readonly group: RowGroup | undefined;
  /** First letter of the quality, "" without one. */
  readonly quality: string;
  readonly predicted: Readonly<Record<FigureName, number | null>> | undefined;
  readonly errorsPct: Readonly<Record<FigureName, number | undefined>>;
  readonly extrapolatedShare: number | undefined;
  /** Why it was not predicted, or what was assumed; "" for nothing to say. */
  readonly note: string;
}

/** A group's errors in one figure. */
export interface GroupError extends ErrorSummary {
  readonly figure: FigureName;
}

const noErrors = { tpot: undefined, ttft: undefined, throughput: undefined } as const;

/** Predicts single rows of a table; the same row gives the same prediction in any order and thread. */
export class CasePredictor {
  private readonly reader: CaseReader;
  private readonly table: CaseTable;
  private readonly catalog: Catalog;

  constructor(table: CaseTable, catalog: Catalog) {
    this.table = table;
    this.reader = new CaseReader(table.columns);
    this.catalog = catalog;
  }

  /** The prediction of row `index` (0-based). A row that cannot be predicted says why; nothing is thrown for it. */
  predict(index: number): RowPrediction {
    const row = this.table.rows[index];
    let group: RowGroup | undefined;
    try {
      requireWholeRow(row, this.table.columns.length);
      const read = readCalibrationRow(row, this.reader, this.catalog);
      group = read.group;
      return this.predictCase(row, group, read.case);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return this.unpredicted(row, group, error.message);
    }
  }

  private predictCase(row: CaseRow, group: RowGroup, input: CalibrationCase): RowPrediction {
    const outcome = runBenchmark(input.input, this.catalog.coefficients);
    if (!outcome.fits) {
      return this.unpredicted(row, group, `Does not fit in memory. ${outcome.reason}`);
    }
    const predicted = predictedFigures(outcome.figures, input);
    const { errorsPct, notes } = this.compare(row, predicted);
    return {
      line: row.line,
      group,
      quality: this.quality(row),
      predicted,
      errorsPct,
      extrapolatedShare: outcome.figures.extrapolatedShare,
      note: [...input.notes, ...outcome.notes, ...notes].join("; "),
    };
  }

  private compare(row: CaseRow, predicted: Readonly<Record<FigureName, number | null>>) {
    const errorsPct: Record<FigureName, number | undefined> = { ...noErrors };
    const notes: string[] = [];
    for (const { name, measured } of comparedFigures) {
      const { value, note } = this.reader.measured(row, measured);
      errorsPct[name] = errorPct(predicted[name], value);
      if (note !== undefined) notes.push(note);
    }
    return { errorsPct, notes };
  }

  private unpredicted(row: CaseRow, group: RowGroup | undefined, note: string): RowPrediction {
    return {
      line: row.line,
      group,
      quality: this.quality(row),
      predicted: undefined,
      errorsPct: noErrors,
      extrapolatedShare: undefined,
      note,
    };
  }

  private quality(row: CaseRow): string {
    return this.reader.text(row, "quality").slice(0, 1).toUpperCase();
  }
}

function predictedFigures(
  figures: BenchmarkFigures,
  { input, throughput, replicas }: CalibrationCase,
): Record<FigureName, number | null> {
  const { concurrency, outputTokens } = input.load;
  const steady =
    figures.steadyTokensPerS ?? (1000 * concurrency * outputTokens) / (figures.e2eMs.mean ?? 1);
  const tokensPerS = throughput === "steady" ? steady : figures.outputTokensPerS;
  return {
    tpot: figures.tpotMs.mean,
    ttft: figures.ttftMs.mean,
    throughput: tokensPerS * replicas,
  };
}

function requireWholeRow(row: CaseRow, columns: number): void {
  if (row.cells.length === columns) return;
  throw new InputError(
    `The row has ${row.cells.length} cells and the header ${columns}. Quote cells that hold commas.`,
  );
}

/** Errors by figure, kind, backend, model and precision; and over all of a kind. TPOT counts rows of quality A and B, TTFT and throughput of quality A; rows without a quality (a tool's own figures) count in their kinds. */
export function summarizeCases(rows: readonly RowPrediction[]): GroupError[] {
  return comparedFigures.flatMap(({ name, qualities }) => {
    const samples: ErrorSample[] = [];
    for (const { group, quality, errorsPct } of rows) {
      const error = errorsPct[name];
      if (group === undefined || error === undefined) continue;
      if (quality !== "" && !qualities.includes(quality)) continue;
      const { kind, backend, model, precision } = group;
      samples.push({ group: [kind, backend, model, precision], errorPct: error });
      samples.push({ group: [kind, "all", "all", "all"], errorPct: error });
    }
    return summarizeErrors(samples).map((each) => ({ ...each, figure: name }));
  });
}

/** Columns that a prediction adds, in order. */
export const addedCaseColumns: readonly string[] = [
  "predicted_ttft_ms",
  "predicted_tpot_ms",
  "predicted_tokens_s",
  "ttft_error_pct",
  "tpot_error_pct",
  "tokens_s_error_pct",
  "extrapolated_share",
  "note",
];

/** The cells of the added columns. */
export function addedCaseCells(row: RowPrediction): string[] {
  const { predicted, errorsPct, extrapolatedShare, note } = row;
  const figures = [
    predicted?.ttft,
    predicted?.tpot,
    predicted?.throughput,
    errorsPct.ttft,
    errorsPct.tpot,
    errorsPct.throughput,
    extrapolatedShare,
  ];
  return [...figures.map(figureCell), note];
}

function figureCell(value: number | null | undefined): string {
  return value === null || value === undefined ? "" : String(Number(value.toPrecision(7)));
}
