/** How much of a run's beginning is left out of its latencies. */
import { isAnswered } from "../serving/metrics/requestOutcomes.ts";
import { findWarmup } from "../stats/warmup.ts";
import { secondsToNs } from "../units/units.ts";
import type { EndedRun } from "./endedRun.ts";

/** Requests that arrive before `untilNs` count in totals and cost, not in latencies. */
export interface Warmup {
  readonly untilNs: number;
  readonly notes: readonly string[];
}

/** The warm-up that the scenario asks for: none, stated seconds, or MSER-5 on end-to-end latency in order of arrival. */
export function findWarmupNs(run: EndedRun): Warmup {
  const { warmup } = run.scenario.run;
  if (warmup.kind === "none") return { untilNs: 0, notes: [] };
  if (warmup.kind === "seconds") {
    const notes = [
      `Latencies leave out requests that arrive in the first ${warmup.seconds} s, as stated.`,
    ];
    return { untilNs: secondsToNs(warmup.seconds), notes };
  }
  const { table } = run.fleet;
  const answered: number[] = [];
  for (let i = 0; i < table.count; i++) if (isAnswered(table.state[i])) answered.push(i);
  if (run.workload.closedLoops.length > 0) {
    answered.sort((a, b) => table.arrivalNs[a] - table.arrivalNs[b] || a - b);
  }
  const e2e = Float64Array.from(answered, (i) => table.finishNs[i] - table.arrivalNs[i]);
  const cut = findWarmup(e2e);
  const untilNs = cut.cutCount === 0 ? 0 : table.arrivalNs[answered[cut.cutCount]];
  const text = `MSER-5 leaves out the first ${cut.cutCount} of ${e2e.length} answered requests`;
  const doubt = cut.isSteady
    ? "."
    : "; the cut is at its limit of half the run, so no steady state was reached: lengthen the run or add capacity.";
  return { untilNs, notes: [text + doubt] };
}
