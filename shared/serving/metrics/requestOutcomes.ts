/** From the request table of an ended run: who ended how, what was produced, how long it took. */
import type { TrafficClass } from "../../schema/traffic.ts";
import { batchMeansInterval } from "../../stats/confidence.ts";
import { selectQuantiles } from "../../stats/quantiles.ts";
import { nsPerMs } from "../../units/units.ts";
import { type RequestTable, requestState } from "../requestTable.ts";

/** Percentiles reported for every latency. */
export const reportedPercentiles = [0.5, 0.9, 0.95, 0.99] as const;

/** One latency of a set of requests, milliseconds; null where there is no sample. */
export interface LatencyFigures {
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly mean: number | null;
  /** Half-width of the mean's 95 % interval from 20 batch means in order of arrival; null for fewer than 20 samples. */
  readonly meanHalfWidth95: number | null;
  /** Samples behind the figures. */
  readonly n: number;
}

/** The four latencies. TPOT is undefined for one output token and for answers that come whole (batch API), and leaves such requests out. */
export interface LatencyReport {
  readonly ttftMs: LatencyFigures;
  readonly tpotMs: LatencyFigures;
  readonly e2eMs: LatencyFigures;
  readonly queueMs: LatencyFigures;
}

/** Settles requests whose answer from a provider lies before or after the end of the run. What is in flight is billed, so its tokens stay counted. */
export function settleInFlight(table: RequestTable, endNs: number): void {
  const { state, finishNs, firstTokenNs } = table;
  for (let i = 0; i < table.count; i++) {
    if (state[i] !== requestState.inFlight) continue;
    if (finishNs[i] <= endNs) {
      state[i] = requestState.finished;
      continue;
    }
    finishNs[i] = NaN;
    if (firstTokenNs[i] > endNs) firstTokenNs[i] = NaN;
  }
}

/** Whether a request produced its answer. */
export function isAnswered(state: number): boolean {
  return state === requestState.finished || state === requestState.lengthCapped;
}

/** The latencies by name. */
export type LatencyMetric = "ttft" | "tpot" | "e2e" | "queue";

/** Which requests a latency is measured over. */
export interface RequestFilter {
  /** Undefined for all classes. */
  readonly classIndex?: number;
  /** Index of a pool or provider; undefined for all. */
  readonly destination?: number;
  /** Requests that arrive before are left out. */
  readonly fromNs: number;
}

/** Measures latencies of one run with one scratch column, reused. */
export class LatencyMeter {
  private readonly table: RequestTable;
  private readonly scratch: Float64Array;

  constructor(table: RequestTable) {
    this.table = table;
    this.scratch = new Float64Array(table.count);
  }

  /** Latencies of the answered requests of a filter. */
  measure(filter: RequestFilter): LatencyReport {
    const figures = (metric: LatencyMetric) =>
      figuresOf(this.scratch, this.collect(filter, metric));
    return {
      ttftMs: figures("ttft"),
      tpotMs: figures("tpot"),
      e2eMs: figures("e2e"),
      queueMs: figures("queue"),
    };
  }

  /** One percentile of one latency, milliseconds, and the samples behind it; null without samples. */
  percentile(
    filter: RequestFilter,
    metric: LatencyMetric,
    p: number,
  ): { readonly ms: number | null; readonly samples: number } {
    const samples = this.collect(filter, metric);
    if (samples === 0) return { ms: null, samples };
    return { ms: selectQuantiles(this.scratch, samples, [p])[0] / nsPerMs, samples };
  }

  /** Fills the scratch with one latency per request, nanoseconds; returns how many. */
  private collect(filter: RequestFilter, metric: LatencyMetric): number {
    const { scratch, table } = this;
    const { classIndex, destination, fromNs } = filter;
    const { arrivalNs, admittedNs, firstTokenNs, finishNs, generated } = table;
    const isGap = metric === "tpot";
    const from = isGap ? firstTokenNs : arrivalNs;
    const to = metric === "ttft" ? firstTokenNs : metric === "queue" ? admittedNs : finishNs;
    let n = 0;
    for (let i = 0; i < table.count; i++) {
      if (classIndex !== undefined && table.classIndex[i] !== classIndex) continue;
      if (destination !== undefined && table.destination[i] !== destination) continue;
      if (!isAnswered(table.state[i]) || arrivalNs[i] < fromNs) continue;
      const span = to[i] - from[i];
      if (!isGap) scratch[n++] = span;
      else if (generated[i] > 1 && span > 0) scratch[n++] = span / (generated[i] - 1);
    }
    return n;
  }
}

const noFigures: LatencyFigures = {
  p50: null,
  p90: null,
  p95: null,
  p99: null,
  mean: null,
  meanHalfWidth95: null,
  n: 0,
};

/** Percentiles and mean of the first n nanosecond values, in milliseconds; reorders them. */
export function figuresOf(values: Float64Array, n: number): LatencyFigures {
  if (n === 0) return noFigures;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i];
  const interval = n < 20 ? undefined : batchMeansInterval(values.subarray(0, n));
  const [p50, p90, p95, p99] = selectQuantiles(values, n, reportedPercentiles).map(
    (value) => value / nsPerMs,
  );
  const meanHalfWidth95 = interval === undefined ? null : interval.halfWidth / nsPerMs;
  return { p50, p90, p95, p99, mean: sum / n / nsPerMs, meanHalfWidth95, n };
}

/** Per request and class: did it meet every target of its class? */
export class TargetCheck {
  private readonly table: RequestTable;
  private readonly ttftNs: Float64Array;
  private readonly tpotNs: Float64Array;
  private readonly e2eNs: Float64Array;
  private readonly hasDeadline: readonly boolean[];
  private readonly dueNs: (request: number) => number;

  constructor(
    table: RequestTable,
    classes: readonly TrafficClass[],
    dueNs: (request: number) => number,
  ) {
    this.table = table;
    this.dueNs = dueNs;
    const limits = (pick: (each: TrafficClass) => { ms: number } | undefined) =>
      Float64Array.from(classes, (each) => (pick(each)?.ms ?? Infinity) * nsPerMs);
    this.ttftNs = limits((each) => each.targets.ttft);
    this.tpotNs = limits((each) => each.targets.tpot);
    this.e2eNs = limits((each) => each.targets.e2e);
    this.hasDeadline = classes.map((each) => each.deadline !== undefined);
  }

  /** Whether the class promises anything. */
  hasTargets(classIndex: number): boolean {
    const tightest = Math.min(
      this.ttftNs[classIndex],
      this.tpotNs[classIndex],
      this.e2eNs[classIndex],
    );
    return tightest < Infinity || this.hasDeadline[classIndex];
  }

  /** True for a request under way that has already missed a target of its class at nowNs. */
  isLost(request: number, nowNs: number): boolean {
    const { table } = this;
    const own = table.classIndex[request];
    const waited = nowNs - table.arrivalNs[request];
    const isFirstMissing = !(table.firstTokenNs[request] <= nowNs);
    return (
      waited > this.e2eNs[own] ||
      (isFirstMissing && waited > this.ttftNs[own]) ||
      (this.hasDeadline[own] && nowNs > this.dueNs(request))
    );
  }

  /** True for a request answered by its class's deadline, or answered at all where there is none. */
  isInTime(request: number): boolean {
    const { table } = this;
    if (!isAnswered(table.state[request])) return false;
    if (!this.hasDeadline[table.classIndex[request]]) return true;
    return table.finishNs[request] <= this.dueNs(request);
  }

  /** True for an answered request within all targets of its class; a class without targets asks only for the answer. */
  isMet(request: number): boolean {
    const { table } = this;
    if (!isAnswered(table.state[request])) return false;
    const own = table.classIndex[request];
    const arrival = table.arrivalNs[request];
    const finish = table.finishNs[request];
    const first = table.firstTokenNs[request];
    const gaps = table.generated[request] - 1;
    if (first - arrival > this.ttftNs[own] || finish - arrival > this.e2eNs[own]) return false;
    if (gaps > 0 && (finish - first) / gaps > this.tpotNs[own]) return false;
    return this.isInTime(request);
  }
}
