/** One run of a scenario: from a checked scenario and its traces to a report. */
import type { Scenario } from "../schema/scenario.ts";
import type { TraceColumns } from "../schema/traceColumns.ts";
import { Fleet } from "../serving/fleet.ts";
import { settleInFlight } from "../serving/metrics/requestOutcomes.ts";
import { Replica } from "../serving/replica.ts";
import { expectedOutputs, type ResolvedPool, resolvePool } from "../serving/resolvePool.ts";
import { HashedUniform } from "../sim/random.ts";
import { InputError } from "../units/errors.ts";
import { maxHorizonNs, nsPerS, secondsToNs } from "../units/units.ts";
import { buildWorkload } from "../workload/buildWorkload.ts";
import type { Workload } from "../workload/workload.ts";
import { buildReport } from "./buildReport.ts";
import { type EndedRun, lastFinishNs } from "./endedRun.ts";
import {
  type BilledFigures,
  measureBilled,
  measureFigures,
  measureOutcome,
  type OutcomeFigures,
  type RunFigures,
} from "./points/runFigures.ts";
import { FirstFigures, type RunReach } from "./runReach.ts";
import type { RunReport } from "./runReport.ts";
import { defaultWindowS } from "./series.ts";

/** What a run is made of. */
export interface RunInput {
  /** Checked by requireSound. */
  readonly scenario: Scenario;
  /** Rows of its trace sources by id. */
  readonly traces: ReadonlyMap<string, TraceColumns>;
  /** Default: the scenario's own. */
  readonly seed?: number;
  /** 0 for the first run; replication k draws everything anew. */
  readonly replication?: number;
  /** Warnings found before the run, carried into its report. */
  readonly warnings?: readonly string[];
  /** The workload, where its caller has built it already from the same traffic, clock, horizon, seed and replication. A run does not change it. */
  readonly workload?: Workload;
}

/** How far a run is. */
export interface RunProgress {
  /** Share of the requests that have arrived, 0..1. */
  readonly share: number;
  readonly simulatedS: number;
  readonly eventCount: number;
}

/** Most windows that a time series may have. */
const maxWindows = 20_000;

/** A run that advances in steps, so that its caller can show progress and stop it. */
export class ScenarioRun implements EndedRun {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly replication: number;
  readonly workload: Workload;
  readonly pools: readonly ResolvedPool[];
  readonly fleet: Fleet;
  readonly windowNs: number;
  readonly warnings: readonly string[];
  private readonly firstFigures: FirstFigures;

  constructor(input: RunInput) {
    const { scenario, traces } = input;
    this.scenario = scenario;
    this.seed = input.seed ?? scenario.seed;
    this.replication = input.replication ?? 0;
    this.warnings = input.warnings ?? [];
    this.workload =
      input.workload ??
      buildWorkload({
        traffic: scenario.traffic,
        clock: scenario.clock,
        traces,
        seed: this.seed,
        replication: this.replication,
        horizonS: scenario.run.horizonS,
      });
    const expectedOutput = expectedOutputs(this.workload, scenario.traffic.classes.length);
    this.pools = scenario.pools.map((pool) => resolvePool(scenario, pool, expectedOutput));
    const horizonNs = this.statedHorizonNs();
    this.windowNs = chooseWindowNs(scenario, horizonNs);
    this.fleet = new Fleet({
      scenario,
      workload: this.workload,
      configs: this.pools.map((pool) => pool.config),
      seed: runSeed(this.seed, this.replication),
      horizonNs,
      windowNs: this.windowNs,
      expectedOutput,
      createReplica: (table, config, usage) => new Replica(table, config, usage),
    });
    this.firstFigures = new FirstFigures(this.fleet.table);
  }

  /** Runs up to maxEvents events; true while more are to come. */
  step(maxEvents: number): boolean {
    const isGoingOn = this.fleet.advance(maxEvents);
    if (this.fleet.simulator.nowNs > maxHorizonNs) throw tooLong(this.fleet.simulator.nowNs);
    return isGoingOn;
  }

  /** Where the run stands. */
  progress(): RunProgress {
    const { simulator } = this.fleet;
    const { count, openCount } = this.workload;
    const share = openCount === 0 ? 0 : simulator.arrivedCount / Math.max(1, count);
    return { share, simulatedS: simulator.nowNs / nsPerS, eventCount: simulator.eventCount };
  }

  /** How far the run has come and its first figures, each call looking at what came since the last. */
  reach(): RunReach {
    const { simulator } = this.fleet;
    const arrived = simulator.arrivedCount;
    const horizonNs = this.statedHorizonNs();
    return {
      simulatedS: simulator.nowNs / nsPerS,
      horizonS: horizonNs < Infinity ? horizonNs / nsPerS : null,
      arrived: arrived + this.fleet.clients.issuedCount,
      requests: this.workload.count,
      ...this.firstFigures.look(arrived),
    };
  }

  /** The report of an ended run; `wallS` is what its caller measured. */
  report(wallS: number): RunReport {
    return buildReport(this, this.settledHorizonNs(), wallS);
  }

  /** The figures of an ended run, for studies: a small part of the report at a small part of its time. */
  figures(): RunFigures {
    return measureFigures(this, this.settledHorizonNs());
  }

  /** What a search looks at: a part of the figures at a part of their time. */
  outcome(): OutcomeFigures {
    return measureOutcome(this, this.settledHorizonNs());
  }

  /** The same with the facts of its bill, to be priced anew. */
  billed(): BilledFigures {
    return measureBilled(this, this.settledHorizonNs());
  }

  private settledHorizonNs(): number {
    const { scenario, fleet } = this;
    const statedNs = this.statedHorizonNs();
    settleInFlight(fleet.table, scenario.run.drain ? Infinity : statedNs);
    return statedNs < Infinity ? statedNs : lastFinishNs(fleet.table.finishNs);
  }

  /** The scenario's horizon, else the span of the traffic; Infinity for closed loops alone, which end when they are done. */
  private statedHorizonNs(): number {
    const { horizonS } = this.scenario.run;
    if (horizonS !== undefined) return secondsToNs(horizonS);
    return this.workload.spanNs > 0 ? this.workload.spanNs : Infinity;
  }
}

/** Runs to the end and reports. For callers without progress; `wallS` is 0. */
export function runScenario(input: RunInput): RunReport {
  const run = new ScenarioRun(input);
  while (run.step(1_000_000));
  return run.report(0);
}

/** Routing and providers draw from the seed with the replication mixed in; replication 0 keeps the seed. */
function runSeed(seed: number, replication: number): number {
  if (replication === 0) return seed;
  return Math.floor(new HashedUniform(seed, "replication").at(replication) * 9007199254740991);
}

function chooseWindowNs(scenario: Scenario, horizonNs: number): number {
  if (horizonNs === Infinity) return maxHorizonNs;
  const horizonS = horizonNs / nsPerS;
  const windowS = scenario.run.windowS ?? defaultWindowS(horizonS);
  if (horizonS / windowS > maxWindows) {
    throw new InputError(
      `A time series of ${Math.ceil(horizonS / windowS)} windows of ${windowS} s; the limit is ${maxWindows}. Widen run.windowS or shorten the horizon.`,
      { field: "run.windowS" },
    );
  }
  return Math.max(1, secondsToNs(windowS));
}

function tooLong(nowNs: number): InputError {
  return new InputError(
    `The simulation reached ${(nowNs / 86_400e9).toFixed(1)} days; the limit is 104 days, beyond which whole nanoseconds are no longer exact. The fleet is probably too small for the traffic: add capacity, or set run.drain to false.`,
    { field: "run.horizonS" },
  );
}
