/** Requests and tokens of an ended run by their ends and destinations. */
import type { Scenario } from "../schema/scenario.ts";
import type { Fleet } from "../serving/fleet.ts";
import { isAnswered } from "../serving/metrics/requestOutcomes.ts";
import { type RequestTable, requestState } from "../serving/requestTable.ts";
import { InvariantError } from "../units/errors.ts";
import { destinationIds } from "./endedRun.ts";
import type { ClassCounts, RequestCounts, RunReport } from "./runReport.ts";

/** Counts requests; throws InvariantError when one is lost. */
export function countRequests(fleet: Fleet, scenario: Scenario): RequestCounts {
  const { table } = fleet;
  const byState = new Array<number>(10).fill(0);
  const ids = destinationIds(scenario);
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
    byClass: countByClass(fleet, scenario),
  };
  const ended = counts.finished + counts.rejected + counts.aborted + unfinished;
  if (counts.arrived !== ended) {
    throw new InvariantError(`${counts.arrived} requests arrived, ${ended} are accounted for`);
  }
  return counts;
}

/** The same per traffic class, with its tokens. */
function countByClass(fleet: Fleet, scenario: Scenario): Record<string, ClassCounts> {
  const { table } = fleet;
  const { classes } = scenario.traffic;
  const counts = classes.map(() => ({
    arrived: 0,
    finished: 0,
    rejected: 0,
    aborted: 0,
    unfinished: 0,
    spilled: 0,
    promptTokens: 0,
    cachedTokens: 0,
    outputTokens: 0,
  }));
  for (let i = 0; i < table.count; i++) {
    const state = table.state[i];
    if (state === requestState.notArrived) continue;
    const own = counts[table.classIndex[i]];
    own.arrived++;
    own.spilled += table.spilled[i];
    if (isAnswered(state)) own.finished++;
    else if (state === requestState.rejected) own.rejected++;
    else if (state === requestState.aborted) own.aborted++;
    else own.unfinished++;
    if (Number.isNaN(table.admittedNs[i])) continue;
    own.promptTokens += table.promptTokens[i];
    own.cachedTokens += table.cachedTokens[i];
    own.outputTokens += table.generated[i];
  }
  return Object.fromEntries(classes.map((each, index) => [each.id, counts[index]]));
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
