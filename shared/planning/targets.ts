/** Targets of the traffic classes against what a run gave. */
import type { TrafficClass } from "../schema/traffic.ts";
import {
  LatencyMeter,
  type RequestFilter,
  TargetCheck,
} from "../serving/metrics/requestOutcomes.ts";
import { requestState } from "../serving/requestTable.ts";
import { nsPerS } from "../units/units.ts";
import { destinationIds, type EndedRun } from "./endedRun.ts";
import type { RunReport, TargetReport } from "./runReport.ts";

/** The report's parts that speak of targets. */
export interface TargetFigures {
  readonly latency: RunReport["latency"];
  readonly sloAttainment: RunReport["sloAttainment"];
  readonly goodputRps: number;
  readonly rows: readonly TargetReport[];
}

/** How many requests kept the promises of their class. */
export interface Attainment {
  readonly sloAttainment: RunReport["sloAttainment"];
  readonly goodputRps: number;
  /** Share of ended requests answered by their deadline, by class; null without any. */
  readonly inTime: readonly (number | null)[];
}

/** Attainment is the share of ended requests (arrived after the warm-up) that met all targets of their class; rejected and aborted ones miss, and so do those under way at the end that have missed one already. */
export function measureAttainment(run: EndedRun, fromNs: number, horizonNs: number): Attainment {
  const { classes } = run.scenario.traffic;
  const { table, holds } = run.fleet;
  const check = new TargetCheck(table, classes, (request) => holds.dueNs(request));
  const ended = new Float64Array(classes.length);
  const met = new Float64Array(classes.length);
  const inTime = new Float64Array(classes.length);
  let good = 0;
  for (let i = 0; i < table.count; i++) {
    const state = table.state[i];
    if (state === requestState.notArrived || table.arrivalNs[i] < fromNs) continue;
    if (state < requestState.finished && !check.isLost(i, horizonNs)) continue;
    ended[table.classIndex[i]]++;
    const isMet = check.isMet(i);
    if (isMet) met[table.classIndex[i]]++;
    if (isMet && table.finishNs[i] <= horizonNs) good++;
    if (check.isInTime(i)) inTime[table.classIndex[i]]++;
  }
  const promising = classes.map((_, index) => check.hasTargets(index));
  const share = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);
  const sumOf = (column: Float64Array, only: readonly boolean[]): number =>
    column.reduce((sum, value, index) => sum + (only[index] ? value : 0), 0);
  return {
    sloAttainment: {
      all: share(sumOf(met, promising), sumOf(ended, promising)),
      classes: byClass(run, (index) => (promising[index] ? share(met[index], ended[index]) : null)),
    },
    goodputRps: (share(good, horizonNs - fromNs) ?? 0) * nsPerS,
    inTime: classes.map((_, index) => share(inTime[index], ended[index])),
  };
}

function byClass<T>(run: EndedRun, make: (index: number) => T): Record<string, T> {
  const { classes } = run.scenario.traffic;
  return Object.fromEntries(classes.map((each, index) => [each.id, make(index)]));
}

/** Latencies, attainment and targets of the requests that arrive from fromNs on. */
export function measureTargets(run: EndedRun, fromNs: number, horizonNs: number): TargetFigures {
  const meter = new LatencyMeter(run.fleet.table);
  const attainment = measureAttainment(run, fromNs, horizonNs);
  return {
    latency: {
      all: meter.measure({ fromNs }),
      classes: byClass(run, (classIndex) => meter.measure({ classIndex, fromNs })),
      destinations: Object.fromEntries(
        destinationIds(run.scenario).map((id, destination) => [
          id,
          meter.measure({ destination, fromNs }),
        ]),
      ),
    },
    sloAttainment: attainment.sloAttainment,
    goodputRps: attainment.goodputRps,
    rows: measureTargetRows(run, meter, fromNs, attainment.inTime).map(
      ({ samples: _samples, ...row }) => row,
    ),
  };
}

/** Every target of every class against what the requests from fromNs on got, with the samples behind each. `inTime` is that of measureAttainment. */
export function measureTargetRows(
  run: EndedRun,
  meter: LatencyMeter,
  fromNs: number,
  inTime: readonly (number | null)[],
): (TargetReport & { samples: number })[] {
  return run.scenario.traffic.classes.flatMap((each, classIndex) =>
    targetRows(meter, each, { classIndex, fromNs }, inTime[classIndex]),
  );
}

function targetRows(
  meter: LatencyMeter,
  own: TrafficClass,
  filter: RequestFilter,
  inTimeShare: number | null,
): (TargetReport & { samples: number })[] {
  const { targets, deadline } = own;
  const rows = (["ttft", "tpot", "e2e"] as const).flatMap((metric) => {
    const target = targets[metric];
    if (target === undefined) return [];
    const { percentile, ms } = target;
    const found = meter.percentile(filter, metric, percentile);
    const actualMs = found.ms;
    const isMet = actualMs === null ? null : actualMs <= ms;
    const samples = found.samples;
    return [{ class: own.id, metric, percentile, targetMs: ms, actualMs, isMet, samples }];
  });
  if (deadline === undefined) return rows;
  const isMet = inTimeShare === null ? null : inTimeShare === 1;
  const row = { class: own.id, metric: "deadline" as const, percentile: 1, targetMs: null };
  return [...rows, { ...row, actualMs: null, isMet, samples: 0 }];
}
