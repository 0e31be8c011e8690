/** The first part of a run as a job: a first answer to an edit of a long scenario, while the whole is on its way. */
import type { Scenario } from "../../schema/scenario.ts";
import type { TraceColumns } from "../../schema/traceColumns.ts";
import type { Source } from "../../schema/traffic.ts";
import { nsPerS } from "../../units/units.ts";
import type { JobContext } from "../jobs/job.ts";
import type { RunReport } from "../runReport.ts";
import { runReport } from "./runReportJob.ts";

/** A sound scenario, and about how many of its requests to run. */
export interface QuickInput {
  readonly scenario: Scenario;
  readonly requests: number;
}

/** The report of the first part; null where the whole is so short that it needs none. */
export interface QuickReport {
  readonly report: RunReport | null;
  /** Share of the traffic's time that was run, 0..1. */
  readonly share: number;
}

/** Below this many times the wanted requests the whole is run at once. */
const worthCutting = 2;

interface Extent {
  readonly requests: number;
  readonly spanS: number;
}

/** Runs the traffic's first part. Monthly figures stand on that part alone; what comes later in the traffic is not in them. */
export function runQuickReport(input: QuickInput, context: JobContext): QuickReport {
  const { scenario, requests } = input;
  const extents = scenario.traffic.sources.map((each) => extentOf(each, scenario, context.traces));
  const total = extents.reduce((sum, each) => sum + each.requests, 0);
  const spanS = Math.min(
    scenario.run.horizonS ?? Infinity,
    extents.reduce((most, each) => Math.max(most, each.spanS), 0),
  );
  if (total < requests * worthCutting || !(spanS > 0 && spanS < Infinity)) {
    return { report: null, share: 1 };
  }
  const share = requests / total;
  const { cut, traces } = firstPart(scenario, context.traces, spanS * share, share);
  const { report } = runReport({ scenario: cut }, { ...context, traces });
  return { report, share };
}

function extentOf(
  source: Source,
  { run }: Scenario,
  traces: ReadonlyMap<string, TraceColumns>,
): Extent {
  if (source.kind === "closedLoop") return { requests: source.requests, spanS: 0 };
  if (source.kind === "synthetic") return syntheticExtent(source, run.horizonS);
  const { volume, timeScale, repeat } = source.transforms;
  const trace = traces.get(source.id);
  const rows = trace?.count ?? source.rows?.arrivalS.length ?? 0;
  const lastS =
    trace === undefined
      ? (source.rows?.arrivalS ?? []).reduce((most, each) => Math.max(most, each), 0)
      : (trace.arrivalNs[rows - 1] - trace.arrivalNs[0]) / nsPerS;
  return { requests: rows * volume * repeat, spanS: lastS * timeScale * repeat };
}

function syntheticExtent(
  source: Extract<Source, { kind: "synthetic" }>,
  horizonS: number | undefined,
): Extent {
  const { arrivals, durationS, requests } = source;
  const rateRps =
    arrivals.process === "curve"
      ? arrivals.ratesRps.reduce((sum, each) => sum + each, 0) / arrivals.ratesRps.length
      : arrivals.process === "weekly"
        ? arrivals.meanRps
        : arrivals.rateRps;
  const byCount = requests === undefined ? Infinity : requests / rateRps;
  const spanS = Math.min(durationS ?? horizonS ?? Infinity, byCount);
  return { requests: rateRps * spanS, spanS };
}

/** The scenario with traffic up to partS seconds; closed loops by their share of requests. */
function firstPart(
  scenario: Scenario,
  traces: ReadonlyMap<string, TraceColumns>,
  partS: number,
  share: number,
): { readonly cut: Scenario; readonly traces: ReadonlyMap<string, TraceColumns> } {
  const parts = new Map<string, TraceColumns>();
  const sources = scenario.traffic.sources.map((source): Source => {
    if (source.kind === "closedLoop") {
      return { ...source, requests: Math.max(1, Math.round(source.requests * share)) };
    }
    if (source.kind === "synthetic") {
      const { requests: _requests, ...open } = source;
      return { ...open, durationS: Math.min(source.durationS ?? Infinity, partS) };
    }
    const trace = traces.get(source.id);
    if (trace !== undefined)
      parts.set(source.id, rowsUntil(trace, partS / source.transforms.timeScale));
    return { ...source, transforms: { ...source.transforms, repeat: 1 } };
  });
  const { warmup } = scenario.run;
  const isShort = warmup.kind === "seconds" && warmup.seconds > partS / 2;
  const cut: Scenario = {
    ...scenario,
    traffic: { ...scenario.traffic, sources },
    run: {
      ...scenario.run,
      horizonS: partS,
      windowS: undefined,
      warmup: isShort ? { kind: "none" } : warmup,
    },
  };
  return { cut, traces: parts };
}

/** The first rows of a trace, without a copy. Lengths that other sources draw from them come from these rows too. */
function rowsUntil(trace: TraceColumns, seconds: number): TraceColumns {
  const untilNs = trace.arrivalNs[0] + seconds * nsPerS;
  let from = 0;
  let to = trace.count;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (trace.arrivalNs[middle] < untilNs) from = middle + 1;
    else to = middle;
  }
  const count = Math.max(1, from);
  const { cachedTokens, failed, modelIndex, tenantIndex, tagIndex, prefix } = trace;
  return {
    ...trace,
    count,
    arrivalNs: trace.arrivalNs.subarray(0, count),
    promptTokens: trace.promptTokens.subarray(0, count),
    outputTokens: trace.outputTokens.subarray(0, count),
    cachedTokens: cachedTokens?.subarray(0, count),
    failed: failed?.subarray(0, count),
    modelIndex: modelIndex?.subarray(0, count),
    tenantIndex: tenantIndex?.subarray(0, count),
    tagIndex: tagIndex?.subarray(0, count),
    prefix: prefix && { ...prefix, offsets: prefix.offsets.subarray(0, count + 1) },
  };
}
