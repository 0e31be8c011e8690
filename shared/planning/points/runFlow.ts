/** Where a run's requests, tokens and dollars went: from traffic classes to pools and providers. */
import { apiClassUsd } from "../../cost/apiItems.ts";
import { requestWork, workPrices } from "../../cost/chargeback/requestWork.ts";
import type { CostLine } from "../../cost/costReport.ts";
import { destinationIds, type EndedRun } from "../endedRun.ts";
import { JobCancelled, type JobContext } from "../jobs/job.ts";
import { ScenarioRun } from "../scenarioRun.ts";
import type { PointInput } from "./runPoint.ts";

/** What went from one class to one destination. */
export interface FlowCell {
  readonly class: string;
  /** Id of a pool or provider; null for requests that nothing took. */
  readonly destination: string | null;
  readonly kind: "pool" | "provider" | "none";
  readonly requests: number;
  /** Of those, sent on to a paid API because a guard, a wait or a deadline said so. */
  readonly spilled: number;
  /** Of those that were begun. */
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  /** A month: the class's own bill at a provider; of a pool's GPU hours and licences its part by work. */
  readonly monthUsd: number;
}

/** The flow; cells and rest add up to the month's bill. */
export interface RunFlow {
  readonly cells: readonly FlowCell[];
  /** Costs that no class caused: fixed costs, slices and pools that nobody used. */
  readonly rest: readonly { readonly label: string; readonly monthUsd: number }[];
  readonly monthUsd: number;
}

const eventsPerStep = 100_000;

/** Runs to the end. Throws JobCancelled, and InputError for traffic that cannot be made. */
export function runFlowJob(input: PointInput, context: JobContext): RunFlow {
  const run = new ScenarioRun({ ...input, traces: context.traces });
  while (run.step(eventsPerStep)) {
    if (context.isCancelled()) throw new JobCancelled();
    context.onProgress(run.progress().share);
  }
  const { cost } = run.report(0);
  return describeFlow(run, cost.lines, cost.monthUsd, cost.monthFactor);
}

class Tally {
  readonly classes: number;
  readonly requests: Float64Array;
  readonly spilled: Float64Array;
  readonly promptTokens: Float64Array;
  readonly cachedTokens: Float64Array;
  readonly outputTokens: Float64Array;
  readonly work: Float64Array;

  constructor(classes: number, destinations: number) {
    this.classes = classes;
    const cells = classes * (destinations + 1);
    this.requests = new Float64Array(cells);
    this.spilled = new Float64Array(cells);
    this.promptTokens = new Float64Array(cells);
    this.cachedTokens = new Float64Array(cells);
    this.outputTokens = new Float64Array(cells);
    this.work = new Float64Array(cells);
  }
}

function tallyRun({ scenario, fleet }: EndedRun): Tally {
  const { table, pools } = fleet;
  const classes = scenario.traffic.classes.length;
  const tally = new Tally(classes, pools.length + fleet.providers.length);
  const prices = pools.map(workPrices);
  for (let i = 0; i < table.count; i++) {
    const destination = table.destination[i];
    const cell = (destination + 1) * classes + table.classIndex[i];
    tally.requests[cell]++;
    tally.spilled[cell] += table.spilled[i];
    if (destination < 0 || Number.isNaN(table.admittedNs[i])) continue;
    tally.promptTokens[cell] += table.promptTokens[i];
    tally.cachedTokens[cell] += table.cachedTokens[i];
    tally.outputTokens[cell] += table.generated[i];
    const price = prices[destination];
    if (price !== undefined) tally.work[cell] += requestWork(table, i, price);
  }
  return tally;
}

function describeFlow(
  run: EndedRun,
  lines: readonly CostLine[],
  monthUsd: number,
  monthFactor: number,
): RunFlow {
  const { scenario, fleet } = run;
  const tally = tallyRun(run);
  const ids = destinationIds(scenario);
  const poolCount = scenario.pools.length;
  const poolUsd = scenario.pools.map(({ id }) => sumOf(lines, "pool", id));
  const workOf = (destination: number): number => {
    const from = (destination + 1) * tally.classes;
    return tally.work.subarray(from, from + tally.classes).reduce((sum, each) => sum + each, 0);
  };
  const usdOf = (destination: number, classIndex: number): number => {
    const cell = (destination + 1) * tally.classes + classIndex;
    if (destination < 0) return 0;
    if (destination < poolCount) {
      const work = workOf(destination);
      return work > 0 ? (poolUsd[destination] * tally.work[cell]) / work : 0;
    }
    const provider = fleet.providers[destination - poolCount];
    const { spec, bill, tierCount } = provider;
    return apiClassUsd(spec, { id: spec.id, bill, tierCount }, classIndex) * monthFactor;
  };
  const cells: FlowCell[] = [];
  for (let destination = -1; destination < ids.length; destination++) {
    scenario.traffic.classes.forEach(({ id }, classIndex) => {
      const cell = (destination + 1) * tally.classes + classIndex;
      if (tally.requests[cell] === 0) return;
      cells.push({
        class: id,
        destination: ids[destination] ?? null,
        kind: destination < 0 ? "none" : destination < poolCount ? "pool" : "provider",
        requests: tally.requests[cell],
        spilled: tally.spilled[cell],
        promptTokens: tally.promptTokens[cell],
        cachedTokens: tally.cachedTokens[cell],
        outputTokens: tally.outputTokens[cell],
        monthUsd: usdOf(destination, classIndex),
      });
    });
  }
  return { cells, rest: restOf(lines, scenario.pools, workOf), monthUsd };
}

function sumOf(lines: readonly CostLine[], kind: CostLine["subjectKind"], subject: string): number {
  return lines
    .filter((line) => line.subjectKind === kind && line.subject === subject)
    .reduce((sum, line) => sum + line.monthUsd, 0);
}

/** Lines that no class caused; a pool without any work among them. */
function restOf(
  lines: readonly CostLine[],
  pools: readonly { readonly id: string }[],
  workOf: (destination: number) => number,
): RunFlow["rest"] {
  const idle = new Set(pools.filter((_, index) => workOf(index) === 0).map(({ id }) => id));
  return lines
    .filter(({ subjectKind, subject, monthUsd }) => {
      const isCaused = subjectKind === "provider" || (subjectKind === "pool" && !idle.has(subject));
      return !isCaused && monthUsd !== 0;
    })
    .map(({ label, monthUsd }) => ({ label, monthUsd }));
}
