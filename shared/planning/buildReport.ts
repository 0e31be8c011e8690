/** Puts the report of an ended run together. */
import { PoolUsageMeter } from "../serving/metrics/poolUsage.ts";
import { nsPerS } from "../units/units.ts";
import { type EndedRun, lastFinishNs } from "./endedRun.ts";
import { engineVersion } from "./engineVersion.ts";
import { describePartitions } from "./partitionReports.ts";
import {
  describePools,
  describeProviders,
  gatherNotes,
  gatherWarnings,
  servedByDestination,
} from "./reportParts.ts";
import { countRequests, countTokens } from "./requestCounts.ts";
import { computeRunCost } from "./runCost.ts";
import { foldOutcomes, hashReport } from "./runHash.ts";
import type { RunReport } from "./runReport.ts";
import { buildSeries } from "./series.ts";
import { measureTargets } from "./targets.ts";
import { findWarmupNs } from "./warmup.ts";

/** The report of a run whose billed and reported time is horizonNs. */
export function buildReport(run: EndedRun, horizonNs: number, wallS: number): RunReport {
  const { fleet, scenario } = run;
  const meters = fleet.pools.map((pool, index) => new PoolUsageMeter(pool, run.pools[index]));
  const classIds = scenario.traffic.classes.map((each) => each.id);
  const warmup = findWarmupNs(run);
  const requests = countRequests(fleet, scenario);
  const served = servedByDestination(fleet.table, fleet.pools.length + fleet.providers.length);
  const { partitions } = fleet.layouts;
  const targets = measureTargets(run, warmup.untilNs, horizonNs);
  const body = {
    engineVersion,
    scenario: { name: scenario.name, seed: run.seed, replication: run.replication },
    horizonS: horizonNs / nsPerS,
    warmupS: warmup.untilNs / nsPerS,
    requests,
    tokens: countTokens(fleet.table),
    latency: targets.latency,
    sloAttainment: targets.sloAttainment,
    targets: targets.rows,
    goodputRps: targets.goodputRps,
    pools: describePools(run, meters, served, horizonNs),
    ...(partitions.length > 0 && { partitions: describePartitions(partitions, horizonNs) }),
    providers: describeProviders(fleet.providers),
    cost: computeRunCost(run, served, horizonNs),
    series: buildSeries(fleet, meters, classIds, run.windowNs, horizonNs),
    notes: gatherNotes(run, warmup.notes),
    warnings: gatherWarnings(run, horizonNs, requests.unfinished),
    simulatedS: simulatedNs(run, horizonNs) / nsPerS,
    eventCount: fleet.simulator.eventCount,
  };
  const { notes: _notes, warnings: _warnings, ...figures } = body;
  return { ...body, hash: hashReport(figures, foldOutcomes(fleet.table)), wallS };
}

/** When the last request ended or the horizon, whichever is later; the horizon where the run stops there. */
function simulatedNs(run: EndedRun, horizonNs: number): number {
  if (!run.scenario.run.drain) return horizonNs;
  return Math.max(horizonNs, lastFinishNs(run.fleet.table.finishNs));
}
