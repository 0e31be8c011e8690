/** Replays measured points through the virtual benchmark: what the engine gives under the same clients. */
import type { CoefficientSet } from "../../schema/catalog.ts";
import type { BenchmarkLoad } from "../benchmark/benchmarkCase.ts";
import { type BenchmarkTarget, promptsPerClient, usualJitter } from "../benchmark/benchmarkCase.ts";
import { runBenchmark } from "../benchmark/runBenchmark.ts";
import type { PointFigures } from "./calibrationFile.ts";

/** A measured point as calibration needs it; either `concurrency` or `rateRps` is defined. Latencies are means, milliseconds. */
export interface CalibrationPoint {
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly concurrency?: number;
  readonly rateRps?: number;
  /** "estimated": the number of clients is a guess from the throughput, so TTFT is not compared. */
  readonly loadBasis: "stated" | "given" | "estimated";
  readonly requests: number | undefined;
  readonly measured: PointFigures;
}

/** The most requests of a replay with fewer clients than this tenth: more change no mean by much. */
const usualMostPrompts = 2000;
/** Requests of an open replay where the tool does not say. */
const openPrompts = 1000;

/** The load of a point: as many requests as were measured, within reason; lengths spread as benchmark tools do. */
export function loadOf(point: CalibrationPoint): BenchmarkLoad {
  const requests = point.requests === undefined ? undefined : Math.round(point.requests);
  const lengths = {
    promptTokens: Math.max(1, Math.round(point.promptTokens)),
    outputTokens: Math.max(1, Math.round(point.outputTokens)),
    jitter: usualJitter,
    seed: 1,
  };
  if (point.rateRps !== undefined) {
    const prompts = Math.max(1, Math.min(requests ?? openPrompts, usualMostPrompts));
    return { ...lengths, prompts, start: "open", rateRps: point.rateRps, concurrency: 1 };
  }
  const clients = point.concurrency ?? 1;
  const most = Math.max(promptsPerClient * clients, usualMostPrompts);
  const prompts = Math.max(1, Math.min(requests ?? promptsPerClient * clients, most));
  return { ...lengths, prompts, start: "burst", concurrency: Math.min(clients, prompts) };
}

/** What the engine gives at a point, or why it cannot run there. */
export type Replay =
  | { readonly figures: PointFigures; readonly extrapolatedShare: number }
  | { readonly reason: string };

/** Replays a point with the host terms of `target` (the coefficient set's where it has none). Throws InputError for a load that cannot be. */
export function replayPoint(
  point: CalibrationPoint,
  target: BenchmarkTarget,
  coefficients: readonly CoefficientSet[],
): Replay {
  const outcome = runBenchmark({ target, load: loadOf(point) }, coefficients);
  if (!outcome.fits) return { reason: `It does not fit in memory. ${outcome.reason}` };
  const { tpotMs, ttftMs, outputTokensPerS, extrapolatedShare } = outcome.figures;
  if (tpotMs.mean === null || ttftMs.mean === null) {
    return { reason: "Its requests have one output token, so no time between tokens." };
  }
  return {
    figures: { tpotMs: tpotMs.mean, ttftMs: ttftMs.mean, outputTokensPerS },
    extrapolatedShare,
  };
}
