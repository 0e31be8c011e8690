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

/** Attainment is the share of ended requests (arrived after the warm-up) that met all targets of their class; rejected and aborted ones miss, and so do those under way at the end that have missed one already. */
export function measureTargets(run: EndedRun, fromNs: number, horizonNs: number): TargetFigures {
  const meter = new LatencyMeter(run.fleet.table);
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
  const byClass = <T>(make: (index: number) => T): Record<string, T> =>
    Object.fromEntries(classes.map((each, index) => [each.id, make(index)]));
  return {
    latency: {
      all: meter.measure({ fromNs }),
      classes: byClass((classIndex) => meter.measure({ classIndex, fromNs })),
      destinations: Object.fromEntries(
        destinationIds(run.scenario).map((id, destination) => [
          id,
          meter.measure({ destination, fromNs }),
        ]),
      ),
    },
    sloAttainment: {
      all: share(sumOf(met, promising), sumOf(ended, promising)),
      classes: byClass((index) => (promising[index] ? share(met[index], ended[index]) : null)),
    },
    goodputRps: (share(good, horizonNs - fromNs) ?? 0) * nsPerS,
    rows: classes.flatMap((each, index) =>
      targetRows(meter, each, { classIndex: index, fromNs }, share(inTime[index], ended[index])),
    ),
  };
}

function targetRows(
  meter: LatencyMeter,
  own: TrafficClass,
  filter: RequestFilter,
  inTimeShare: number | null,
): TargetReport[] {
  const { targets, deadline } = own;
  const rows = (["ttft", "tpot", "e2e"] as const).flatMap((metric): TargetReport[] => {
    const target = targets[metric];
    if (target === undefined) return [];
    const { percentile, ms } = target;
    const actualMs = meter.percentile(filter, metric, percentile);
    const isMet = actualMs === null ? null : actualMs <= ms;
    return [{ class: own.id, metric, percentile, targetMs: ms, actualMs, isMet }];
  });
  if (deadline === undefined) return rows;
  const isMet = inTimeShare === null ? null : inTimeShare === 1;
  const row = { class: own.id, metric: "deadline" as const, percentile: 1, targetMs: null };
  return [...rows, { ...row, actualMs: null, isMet }];
}
