/** What a fleet can do at most: tokens a second when it never waits for requests, and the least work that requests are. */
import type { Scenario } from "../../schema/scenario.ts";
import { ticksPerNs } from "../../serving/executionTime/iterationTimes.ts";
import { usageField } from "../../serving/metrics/usageRecorder.ts";
import { expectedOutputs, resolvePool } from "../../serving/resolvePool.ts";
import { groupDigits } from "../../units/figureText.ts";
import { nsPerS } from "../../units/units.ts";
import type { Workload } from "../../workload/workload.ts";
import { holdsForHours, toleratedLateShare } from "../lateWork.ts";
import { missedTargets } from "../points/runFigures.ts";
import { ScenarioRun } from "../scenarioRun.ts";
import { type FleetUnit, fleetUnits, withUnitCounts } from "./fleetUnits.ts";
import { probeWorkload } from "./probeWorkload.ts";

/** What one unit (a replica of a pool, a GPU of a partition) can do. */
export interface UnitCapacity {
  readonly unit: FleetUnit;
  /** Prompt and output tokens a second of one unit that always has requests waiting; 0 where the routing sends it none. */
  readonly tokensPerS: number;
}

/** What is known of an own fleet before any volume is tried. */
export interface FleetCapacity {
  readonly units: readonly UnitCapacity[];
  /** Units that the window's requests keep busy at least, at the scenario's own volume, however they are batched; undefined for a fleet of several units, among which work can move, and for work held for hours, which may come after the window. */
  readonly leastUnits?: number;
}

const saturatingRequests = 6000;
const idleRequests = 2000;
/** Far enough apart that no request meets another. */
const idleGapNs = 900 * nsPerS;

/** The scenario without what ties it to the clock: always open, nothing held, nobody leaves, no replica comes, goes or fails. */
function timeless(scenario: Scenario): Scenario {
  const { pools, rules, traffic, run } = scenario;
  return {
    ...scenario,
    pools: pools.map(({ autoscaler, failures, ...pool }) => ({
      ...pool,
      schedule: { kind: "always" },
    })),
    partitions: scenario.partitions.map((each) => ({ ...each, schedule: { kind: "always" } })),
    rules: rules.map(({ hold, ...rule }) => rule),
    run: { ...run, horizonS: undefined, windowS: undefined, drain: true, warmup: { kind: "none" } },
    traffic: {
      ...traffic,
      classes: traffic.classes.map(({ abandonAfterS, ...each }) => each),
    },
  };
}

function runToEnd(scenario: Scenario, workload: Workload): ScenarioRun {
  const run = new ScenarioRun({ scenario, traces: new Map(), workload });
  while (run.step(1_000_000));
  return run;
}

function smallest(scenario: Scenario): Scenario {
  return withUnitCounts(
    scenario,
    fleetUnits(scenario).map((unit) => unit.least),
  );
}

/** Tokens a second of one of each unit with every request there at once. */
function measureCapacity(scenario: Scenario, workload: Workload): UnitCapacity[] {
  const least = smallest(timeless(scenario));
  const run = runToEnd(least, probeWorkload(workload, saturatingRequests, 0));
  const { pools, table } = run.fleet;
  const tokens = new Float64Array(pools.length);
  for (let i = 0; i < table.count; i++) {
    if (Number.isNaN(table.admittedNs[i])) continue;
    tokens[table.destination[i]] += table.promptTokens[i] + table.generated[i];
  }
  return fleetUnits(least).map((unit) => {
    let tokensPerS = 0;
    pools.forEach((pool, index) => {
      if (!unit.pools.includes(pool.spec.id)) return;
      const busyS = pool.usage.total(usageField.busyNs) / nsPerS;
      const replicas = pool.replicas.length / unit.count;
      if (busyS > 0) tokensPerS += (tokens[index] / busyS) * replicas;
    });
    return { unit, tokensPerS };
  });
}

/** Replica-seconds that a workload is at least, on the first pool of the scenario. Prompts that may be found in a prefix cache count with their last token only. */
export function leastReplicaS(scenario: Scenario, workload: Workload): number {
  const pool = scenario.pools[0];
  const expected = expectedOutputs(workload, scenario.traffic.classes.length);
  const { config } = resolvePool(scenario, pool, expected);
  const mayHit = workload.prefix !== undefined && pool.engine.prefixCaching;
  let prefillTokens = 0;
  let decodeTokens = 0;
  let decodeContextTokens = 0;
  for (let i = 0; i < workload.count; i++) {
    const prompt = workload.promptTokens[i];
    if (prompt >= config.maxModelLen) continue;
    const room = config.maxModelLen - prompt;
    const decodes = Math.max(0, Math.min(workload.outputTokens[i], room) - 1);
    prefillTokens += mayHit ? 1 : prompt;
    decodeTokens += decodes;
    decodeContextTokens += decodes * prompt;
  }
  const ticks = config.times.leastTicks({ prefillTokens, decodeTokens, decodeContextTokens });
  return ticks / ticksPerNs / nsPerS;
}

/** Units below which a fleet of one pool cannot do the work within the window, of which up to 5 % may end later. */
function leastUnitsOf(scenario: Scenario, workload: Workload, windowS: number): number | undefined {
  const units = fleetUnits(scenario);
  if (units.length !== 1 || scenario.pools.length !== 1) return undefined;
  if (holdsForHours(scenario)) return undefined;
  const { replicas } = scenario.pools[0];
  const workS = leastReplicaS(scenario, workload) * (1 - toleratedLateShare);
  return workS / windowS / (replicas / units[0].count);
}

/**
 * What a strategy misses even where requests never meet, one sentence each; empty where it keeps every target. Of an own fleet no
 * number of GPUs mends it. The scenario has the strategy applied.
 */
export function missedWhenIdle(scenario: Scenario, workload: Workload): string[] {
  const probe = probeWorkload(workload, idleRequests, idleGapNs);
  const run = runToEnd(smallest(timeless(scenario)), probe);
  const missed = missedTargets(run.outcome());
  const { unroutableCount } = run.fleet;
  if (unroutableCount === 0) return missed;
  const { pools } = run.fleet;
  const contexts = pools.map(({ config }) => config.maxModelLen);
  const reasons = [
    ...(pools.some((each) => each.tooLongCount > 0)
      ? [
          `prompts are longer than the context of at most ${groupDigits(Math.max(...contexts))} tokens`,
        ]
      : []),
    ...run.fleet.providers
      .filter(({ tooLongCount }) => tooLongCount > 0)
      .map(
        ({ spec }) =>
          `prompt and output are longer than the context of ${groupDigits(spec.maxContextTokens ?? 0)} tokens of ${spec.id}`,
      ),
    ...(pools.some((each) => each.wantsTokensCount > 0)
      ? ["output tokens are wanted, and an embedding model yields none"]
      : []),
  ];
  const why = reasons.length > 0 ? `: ${reasons.join("; or ")}` : "";
  return [
    `${unroutableCount} of ${probe.count} requests fit nowhere${why}`,
    ...missed.filter((text) => !text.endsWith("were not answered")),
  ];
}

/** Capacity and least work of an own fleet (applyStrategy of an own strategy), for a workload of the scenario's traffic over windowS seconds. */
export function measureFleet(
  scenario: Scenario,
  workload: Workload,
  windowS: number,
): FleetCapacity {
  return {
    units: measureCapacity(scenario, workload),
    leastUnits: leastUnitsOf(scenario, workload, windowS),
  };
}
