/** Requests and tokens of an ended run by their ends and destinations. */
import type { Scenario } from "../schema/scenario.ts";
import type { Fleet } from "../serving/fleet.ts";
import { isAnswered } from "../serving/metrics/requestOutcomes.ts";
import { type RequestTable, requestState } from "../serving/requestTable.ts";
import { InvariantError } from "../units/errors.ts";
import type { RequestCounts, RunReport } from "./runReport.ts";

/** Counts requests; throws InvariantError when one is lost. */
export function countRequests(fleet: Fleet, scenario: Scenario): RequestCounts {
  const { table } = fleet;
  const byState = new Array<number>(10).fill(0);
  const ids = [...scenario.pools, ...scenario.providers].map((each) => each.id);
  const byDestination = new Array<number>(ids.length).fill(0);
  let spilled = 0;
  for (let i = 0; i < table.count; i++) {
    const state = table.state[i];
    byState[state]++;
    spilled += table.spilled[i];
    const isServed =
      isAnswered(state) || state === requestState.running || state === requestState.inFlight;
    if (isServed) byDestination[table.destination[i]]++;
  }
  const finished = byState[requestState.finished] + byState[requestState.lengthCapped];
  const unfinishedBy = {
    held: byState[requestState.held],
    waiting: byState[requestState.waiting],
    running: byState[requestState.running],
    backingOff: byState[requestState.backingOff],
    inFlight: byState[requestState.inFlight],
  };
  const unfinished = Object.values(unfinishedBy).reduce((sum, count) => sum + count, 0);
  const counts = {
    arrived: table.count - byState[requestState.notArrived],
    finished,
    lengthCapped: byState[requestState.lengthCapped],
    rejected: byState[requestState.rejected],
    aborted: byState[requestState.aborted],
    unfinished,
    unfinishedBy,
    spilled,
    failedOver: fleet.failoverCount,
    unroutable: fleet.unroutableCount,
    byDestination: Object.fromEntries(ids.map((id, index) => [id, byDestination[index]])),
  };
  const ended = counts.finished + counts.rejected + counts.aborted + unfinished;
  if (counts.arrived !== ended) {
    throw new InvariantError(`${counts.arrived} requests arrived, ${ended} are accounted for`);
  }
  return counts;
}

/** Tokens of requests that were served: whole prompts of those admitted or sent, and the output produced. */
export function countTokens(table: RequestTable): RunReport["tokens"] {
  let prompt = 0;
  let cached = 0;
  let output = 0;
  for (let i = 0; i < table.count; i++) {
    if (Number.isNaN(table.admittedNs[i])) continue;
    prompt += table.promptTokens[i];
    cached += table.cachedTokens[i];
    output += table.generated[i];
  }
  return { prompt, cached, output };
}
