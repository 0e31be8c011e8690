/** What a scenario's traffic comes to in a month, and the same traffic at another volume, long enough to be measured. */
import type { Scenario } from "../../schema/scenario.ts";
import type { Arrivals, Source, SyntheticSource, TrafficClass } from "../../schema/traffic.ts";
import { InputError } from "../../units/errors.ts";
import { formatNumber, formatSeconds, formatTokens, groupDigits } from "../../units/figureText.ts";
import { nsPerS, sPerDay, sPerHour } from "../../units/units.ts";
import { maxHorizonDays, maxRequests } from "../../workload/limits.ts";
import type { Workload } from "../../workload/workload.ts";
import { clockRepeats } from "./clockSpan.ts";

/** The traffic as the scenario has it. */
export interface MeasuredTraffic {
  readonly requests: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** The billed window, seconds: run.horizonS, or the span of the traffic. */
  readonly windowS: number;
  /** Tokens a month of the scenario's monthHours. */
  readonly monthTokens: number;
  /** Share of the requests by class, in the scenario's order. */
  readonly classShares: readonly number[];
  /** Share of the tokens by class. */
  readonly classTokenShares: readonly number[];
  readonly hasCachedPrompts: boolean;
  /** Mean rate of requests over that of the busiest 1/24 of the window (an hour of a day), 0..1. */
  readonly meanOverPeak: number;
}

/** Traffic at a volume, ready to run. */
export interface ScaledTraffic {
  readonly scenario: Scenario;
  /** Times the scenario's own volume. */
  readonly factor: number;
  /** Times that the window is played. */
  readonly repeat: number;
  /** Requests that the point should have: enough for its strictest percentile. */
  readonly wantedRequests: number;
  /** Why it will have fewer; undefined where it will not. */
  readonly shortBecause?: string;
}

/** The least requests of a point. */
export const leastRequests = 20_000;
/** Requests of a class that must lie beyond its strictest percentile. */
const samplesBeyond = 20;
const maxVolume = 1000;
const maxRepeat = 10_000;

/** Refuses traffic whose volume cannot be set, naming the source. */
export function requireScalable({ traffic }: Scenario): void {
  const closed = traffic.sources.find(({ kind }) => kind === "closedLoop");
  if (closed === undefined) return;
  throw new InputError(
    `Source "${closed.id}" is a closed loop: its clients send the next request when the last is done, so that its volume is the fleet's doing and cannot be set. Wanted trace or synthetic sources; write its rate as a synthetic source.`,
    { field: `traffic.sources.${closed.id}` },
  );
}

function sumOf(column: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < column.length; i++) sum += column[i];
  return sum;
}

/** Measures a workload that was built from the scenario's own traffic. */
export function measureTraffic(scenario: Scenario, workload: Workload): MeasuredTraffic {
  const { horizonS } = scenario.run;
  const windowS = horizonS ?? workload.spanNs / nsPerS;
  if (!(windowS > 0)) {
    throw new InputError(
      "The traffic spans no time, so that it has no volume a month. Wanted requests at two times at least, or run.horizonS.",
      { field: "traffic" },
    );
  }
  const classCount = scenario.traffic.classes.length;
  const requests = new Float64Array(classCount);
  const tokens = new Float64Array(classCount);
  for (let i = 0; i < workload.count; i++) {
    requests[workload.classIndex[i]]++;
    tokens[workload.classIndex[i]] += workload.promptTokens[i] + workload.outputTokens[i];
  }
  const promptTokens = sumOf(workload.promptTokens);
  const outputTokens = sumOf(workload.outputTokens);
  const all = promptTokens + outputTokens;
  return {
    requests: workload.count,
    promptTokens,
    outputTokens,
    windowS,
    monthTokens: (all * scenario.monthHours * sPerHour) / windowS,
    classShares: Array.from(requests, (each) => each / workload.count),
    classTokenShares: Array.from(tokens, (each) => (all > 0 ? each / all : 0)),
    hasCachedPrompts: workload.cachedTokens !== undefined || workload.prefix !== undefined,
    meanOverPeak: meanOverPeak(workload.arrivalNs, windowS),
  };
}

const peakParts = 24;

function meanOverPeak(arrivalNs: Float64Array, windowS: number): number {
  const counts = new Float64Array(peakParts);
  for (const ns of arrivalNs) {
    const part = Math.floor((ns / nsPerS / windowS) * peakParts);
    counts[Math.min(peakParts - 1, Math.max(0, part))]++;
  }
  const peak = Math.max(...counts);
  return peak > 0 ? arrivalNs.length / peakParts / peak : 0;
}

function strictestPercentile({ targets }: TrafficClass): number | undefined {
  const rows = [targets.ttft, targets.tpot, targets.e2e].flatMap((each) => each?.percentile ?? []);
  return rows.length === 0 ? undefined : Math.max(...rows);
}

/** Requests that a point wants: max(20,000, those of which the strictest class has 20 / (1 - p)). */
export function wantedRequests(scenario: Scenario, measured: MeasuredTraffic): number {
  return scenario.traffic.classes.reduce((most, each, index) => {
    const p = strictestPercentile(each);
    const share = measured.classShares[index];
    if (p === undefined || share === 0) return most;
    return Math.max(most, Math.ceil(samplesBeyond / (1 - p) / share - 1e-6));
  }, leastRequests);
}

/** Spread of the number of requests that thinning leaves, in standard deviations that are kept in hand. */
const sparedDeviations = 4;

function withMargin(requests: number): number {
  return requests + sparedDeviations * Math.sqrt(requests);
}

/** How long a synthetic source lasts by itself, seconds; undefined where only the horizon ends it. */
function durationOf(source: SyntheticSource): number | undefined {
  const { arrivals, durationS, requests } = source;
  const natural =
    arrivals.process === "curve"
      ? arrivals.windowS * arrivals.ratesRps.length
      : arrivals.process === "weekly"
        ? 7 * sPerDay
        : undefined;
  const byCount = requests === undefined ? undefined : requests / meanRateRps(arrivals);
  if (durationS !== undefined && byCount !== undefined) return Math.min(durationS, byCount);
  return durationS ?? byCount ?? natural;
}

function meanRateRps(arrivals: Arrivals): number {
  if (arrivals.process === "weekly") return arrivals.meanRps;
  if (arrivals.process !== "curve") return arrivals.rateRps;
  return arrivals.ratesRps.reduce((sum, each) => sum + each, 0) / arrivals.ratesRps.length;
}

function scaledArrivals(arrivals: Arrivals, factor: number): Arrivals {
  if (arrivals.process === "weekly") return { ...arrivals, meanRps: arrivals.meanRps * factor };
  if (arrivals.process !== "curve") return { ...arrivals, rateRps: arrivals.rateRps * factor };
  return { ...arrivals, ratesRps: arrivals.ratesRps.map((rate) => rate * factor) };
}

function scaledSource(source: Source, factor: number, repeat: number, windowS: number): Source {
  if (source.kind === "closedLoop") return source;
  if (source.kind === "trace") {
    const { transforms } = source;
    const volume = transforms.volume * factor;
    return { ...source, transforms: { ...transforms, volume, repeat: transforms.repeat * repeat } };
  }
  const { requests, ...rest } = source;
  const durationS = (durationOf(source) ?? windowS) * repeat;
  return { ...rest, durationS, arrivals: scaledArrivals(source.arrivals, factor) };
}

/** Why the window cannot be played again and again; undefined where it can. */
function repeatProblem(scenario: Scenario, measured: MeasuredTraffic): string | undefined {
  const { horizonS } = scenario.run;
  const { sources } = scenario.traffic;
  const hasTrace = sources.some(({ kind }) => kind === "trace");
  if (hasTrace && horizonS !== undefined) {
    return "run.horizonS cuts the trace or leaves time idle after it, so that its window is not repeated";
  }
  if (hasTrace && sources.length > 1) {
    return "a trace beside other sources has a window of its own, so that it is not repeated";
  }
  const isShort = sources.some((source) => {
    const durationS = source.kind === "synthetic" ? durationOf(source) : undefined;
    return durationS !== undefined && durationS < measured.windowS * 0.95;
  });
  if (isShort && (sources.length > 1 || horizonS !== undefined)) {
    return "a source ends before the window does, so that it is not repeated";
  }
  return undefined;
}

/** The most that the volume can be multiplied by: 1,000 times a trace's rows. */
export function largestFactor({ traffic }: Scenario): number {
  const volumes = traffic.sources.map((source) =>
    source.kind === "trace" ? source.transforms.volume : 0,
  );
  const most = Math.max(...volumes);
  return most > 0 ? maxVolume / most : Infinity;
}

/** Times that the window may be played: a trace up to 10,000 times in all. */
function largestRepeat({ traffic }: Scenario): number {
  const repeats = traffic.sources.map((source) =>
    source.kind === "trace" ? Math.floor(maxRepeat / source.transforms.repeat) : Infinity,
  );
  return Math.max(1, Math.min(...repeats));
}

/**
 * The scenario at `monthTokens` a month with the traffic's own shape and token ratio: traces are thinned below their volume
 * and superposed above it, synthetic rates are multiplied; the window is played again, thinned anew, until the requests
 * suffice and hours show (clockRepeats), up to 104 days and 20,000,000 requests. Throws InputError beyond 1,000 times a trace.
 */
export function scaleTraffic(
  scenario: Scenario,
  measured: MeasuredTraffic,
  monthTokens: number,
): ScaledTraffic {
  const factor = monthTokens / measured.monthTokens;
  requireFactor(scenario, measured, factor);
  const wanted = wantedRequests(scenario, measured);
  const perWindow = measured.requests * factor;
  const needed = Math.max(1, Math.ceil(withMargin(wanted) / perWindow));
  const forClock = clockRepeats(scenario, measured.windowS, perWindow);
  const problem = Math.max(needed, forClock) > 1 ? repeatProblem(scenario, measured) : undefined;
  const byTime = Math.max(1, Math.floor((maxHorizonDays * sPerDay * 0.999) / measured.windowS));
  const byCount = Math.max(1, Math.floor(maxRequests / Math.max(1, perWindow)));
  const repeat =
    problem === undefined
      ? Math.min(Math.max(needed, forClock), byTime, byCount, largestRepeat(scenario))
      : 1;
  const shortBecause =
    repeat >= needed ? undefined : (problem ?? limitText(repeat === byTime, repeat));
  const { run, traffic } = scenario;
  const sources = traffic.sources.map((source) =>
    scaledSource(source, factor, repeat, measured.windowS),
  );
  const horizonS = run.horizonS === undefined ? undefined : run.horizonS * repeat;
  return {
    scenario: {
      ...scenario,
      run: { ...run, horizonS, windowS: undefined },
      traffic: { ...traffic, sources },
    },
    factor,
    repeat,
    wantedRequests: wanted,
    shortBecause,
  };
}

function limitText(isTime: boolean, repeat: number): string {
  return isTime
    ? `the simulated time ends at ${maxHorizonDays} days, ${repeat} times the window`
    : `the limits of a run end at ${repeat} times the window`;
}

function requireFactor(scenario: Scenario, measured: MeasuredTraffic, factor: number): void {
  const most = largestFactor(scenario);
  const isCountable = measured.requests * factor <= maxRequests;
  if (factor <= most && isCountable) return;
  const limit = Math.min(most, maxRequests / measured.requests);
  throw new InputError(
    `${formatTokens(measured.monthTokens * factor)} tokens a month are ${groupDigits(factor)} times the traffic's own ${formatTokens(measured.monthTokens)}; it can be scaled up to ${formatNumber(limit)} times (1,000 copies of a trace, 20,000,000 requests). Give a smaller volume, or a larger trace.`,
    { field: "to" },
  );
}

/** What a reader must know of the window that stands for a month. */
export function windowWarnings(measured: MeasuredTraffic): string[] {
  const { windowS } = measured;
  const window = formatSeconds(windowS);
  if (windowS < 0.95 * sPerDay) {
    return [
      `The traffic's window is ${window}: a month of it is this window over and over, without nights and weekends. Volumes and utilization are those of its hours; take a trace of a week for a month as it is.`,
    ];
  }
  if (windowS < 6.9 * sPerDay) {
    return [
      `The traffic's window is ${window}, less than a week: its month has no weekends but those within it.`,
    ];
  }
  return [];
}

/** `count` volumes from `from` to `to`, evenly spaced in their logarithm, both ends included; one volume is `from`. */
export function logSpaced(from: number, to: number, count: number): number[] {
  if (count === 1) return [from];
  const step = Math.log(to / from) / (count - 1);
  return Array.from({ length: count }, (_, i) =>
    i === count - 1 ? to : from * Math.exp(step * i),
  );
}
