/** From measured points to a calibration: which can be used, the fit, the errors before and after. */
import type { CoefficientSet } from "../../schema/catalog.ts";
import type { Provenance } from "../../schema/common.ts";
import { InputError } from "../../units/errors.ts";
import type { BenchmarkTarget } from "../benchmark/benchmarkCase.ts";
import { errorPct, summarizeErrors } from "../benchmark/errorGroups.ts";
import type { Calibration, CalibrationErrors, PointFigures } from "./calibrationFile.ts";
import { fitCalibration, hasKnownTtft } from "./fitCalibration.ts";
import { type CalibrationPoint, replayPoint } from "./replayPoint.ts";

/** A point with where it was read. */
export interface SourcedPoint extends CalibrationPoint {
  readonly tool: string;
  readonly notes: readonly string[];
  readonly source: {
    readonly file: string;
    readonly place: string;
    readonly toolVersion: string | undefined;
  };
}

/** What a calibration is made of. */
export interface CalibrationInput {
  readonly name: string;
  readonly target: BenchmarkTarget;
  readonly points: readonly SourcedPoint[];
  readonly coefficients: readonly CoefficientSet[];
  /** The day on which the results were read, YYYY-MM-DD. */
  readonly readOn: string;
}

/** A point that was left out, with why. */
export interface UnusedPoint {
  readonly point: SourcedPoint;
  readonly reason: string;
}

/** The calibration, the terms it started from and the points that it leaves out. */
export interface BuiltCalibration {
  readonly calibration: Calibration;
  readonly hostBefore: CoefficientSet["host"];
  readonly unused: readonly UnusedPoint[];
}

/** Fits a calibration to the points that can be replayed. Throws InputError when there is none. */
export function buildCalibration(input: CalibrationInput): BuiltCalibration {
  const { target, coefficients, name } = input;
  const { points, unused } = splitPoints(input);
  if (points.length === 0) {
    throw new InputError(
      `None of the ${input.points.length} measured points can be replayed. ${unused[0]?.reason ?? "Give a file with points."}`,
      { field: "file" },
    );
  }
  const fit = fitCalibration(points, target, coefficients);
  const { before, after, leftOutTpotMs } = fit;
  const leftOut = leftOutTpotMs?.map((tpotMs) => ({ tpotMs }));
  const calibration: Calibration = {
    format: "crossover-calibration",
    version: 1,
    name,
    model: target.model.id,
    backend: target.backend,
    precision: target.precision,
    kvPrecision: target.kvPrecision,
    gpu: target.gpu.id,
    migProfile: target.profile,
    tensorParallel: target.tensorParallel,
    coefficientSet: fit.coefficientSet.id,
    host: { ...fit.host },
    fitted: [...fit.fitted],
    reasons: [...fit.reasons],
    error: {
      before: errorsOf(points, before),
      after: errorsOf(points, after),
      leftOutTpotPct: leftOut && errorsOf(points, leftOut).tpotPct,
    },
    points: points.map((point, i) => savedPoint(point, before[i], after[i])),
    provenance: provenanceOf(points, input.readOn),
  };
  return { calibration, hostBefore: fit.hostBefore, unused };
}

function splitPoints({ points, target, coefficients }: CalibrationInput) {
  const unused: UnusedPoint[] = [];
  const usable = points.filter((point) => {
    const reason = whyNot(point, target, coefficients);
    if (reason !== undefined) unused.push({ point, reason });
    return reason === undefined;
  });
  return { points: usable, unused };
}

function whyNot(
  point: CalibrationPoint,
  target: BenchmarkTarget,
  coefficients: readonly CoefficientSet[],
): string | undefined {
  try {
    const replay = replayPoint(point, target, coefficients);
    return "reason" in replay ? replay.reason : undefined;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

/** Median absolute errors, percent. */
function errorsOf(
  points: readonly CalibrationPoint[],
  predicted: readonly Partial<PointFigures>[],
): CalibrationErrors {
  const median = (errors: readonly (number | undefined)[]): number | null => {
    const samples = errors
      .filter((error) => error !== undefined)
      .map((error) => ({ group: [], errorPct: error }));
    return summarizeErrors(samples, 1)[0]?.medianPct ?? null;
  };
  const errors = (name: "tpotMs" | "ttftMs" | "outputTokensPerS") =>
    points.map((point, i) =>
      name === "ttftMs" && !hasKnownTtft(point)
        ? undefined
        : errorPct(predicted[i][name], point.measured[name]),
    );
  return {
    tpotPct: median(errors("tpotMs")),
    ttftPct: median(errors("ttftMs")),
    outputTokensPerSPct: median(errors("outputTokensPerS")),
  };
}

function savedPoint(
  point: SourcedPoint,
  before: PointFigures,
  after: PointFigures,
): Calibration["points"][number] {
  const { source, tool, notes, measured, ...load } = point;
  const { promptTokens, outputTokens, concurrency, rateRps, loadBasis, requests } = load;
  return {
    ...source,
    tool,
    promptTokens,
    outputTokens,
    concurrency,
    rateRps,
    loadBasis,
    requests,
    measured,
    before,
    after,
    notes: [...notes],
  };
}

/** One entry for each file. */
function provenanceOf(points: readonly SourcedPoint[], readOn: string): Provenance[] {
  const sources = points.map(({ tool, source }) =>
    [tool, source.toolVersion, source.file].filter((part) => part !== undefined).join(" "),
  );
  return [...new Set(sources)].map((source) => ({
    source,
    retrievedOn: readOn,
    basis: "measured" as const,
  }));
}
