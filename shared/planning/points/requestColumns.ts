/** Every request of a run as columns: what a drill-down shows. A job of its own, run when somebody looks. */
import { type RequestTable, requestState } from "../../serving/requestTable.ts";
import { destinationIds } from "../endedRun.ts";
import { JobCancelled, type JobContext } from "../jobs/job.ts";
import { ScenarioRun } from "../scenarioRun.ts";
import type { PointInput } from "./runPoint.ts";

/** Names of the states of a request by their codes. */
export const requestStateNames = Object.entries(requestState)
  .sort(([, a], [, b]) => a - b)
  .map(([name]) => name);

/** Columns of numbers by request, in the order of arrival in the run's table; NaN where there is nothing to tell. Memory is shared, so that no thread copies it. */
export interface RequestColumns {
  readonly count: number;
  readonly classes: readonly string[];
  /** Pools, then providers. */
  readonly destinations: readonly string[];
  readonly rules: readonly string[];
  readonly tenants: readonly string[];
  readonly arrivalNs: Float64Array;
  /** First admission by a replica, or sending to a provider. */
  readonly admittedNs: Float64Array;
  readonly firstTokenNs: Float64Array;
  /** End, whatever it was. */
  readonly finishNs: Float64Array;
  readonly promptTokens: Int32Array;
  readonly cachedTokens: Int32Array;
  readonly outputTokens: Int32Array;
  readonly classIndex: Uint8Array;
  /** Index into destinations; -1 for none. */
  readonly destination: Int16Array;
  /** Index into rules: the rule that placed it last; without meaning where it has no destination. */
  readonly rule: Uint8Array;
  /** Index into requestStateNames. */
  readonly state: Uint8Array;
  /** 1 when a guard, a wait or a deadline sent it on to a paid API. */
  readonly spilled: Uint8Array;
  /** Provider attempts. */
  readonly attempts: Uint8Array;
  /** Index into tenants; absent where the traffic names none. */
  readonly tenantIndex?: Int32Array;
}

const eventsPerStep = 100_000;

/** Runs to the end and hands over the table. Throws JobCancelled, and InputError for traffic that cannot be made. */
export function runRequestColumns(input: PointInput, context: JobContext): RequestColumns {
  const run = new ScenarioRun({ ...input, traces: context.traces });
  while (run.step(eventsPerStep)) {
    if (context.isCancelled()) throw new JobCancelled();
    context.onProgress(run.progress().share);
  }
  run.outcome();
  return columnsOf(run.fleet.table, run);
}

function columnsOf(table: RequestTable, { scenario }: ScenarioRun): RequestColumns {
  const { tenants, tenantIndex } = table.workload;
  return {
    count: table.count,
    classes: scenario.traffic.classes.map(({ id }) => id),
    destinations: destinationIds(scenario),
    rules: scenario.rules.map(({ id }) => id),
    tenants: [...tenants],
    arrivalNs: shared(table.arrivalNs, Float64Array),
    admittedNs: shared(table.admittedNs, Float64Array),
    firstTokenNs: shared(table.firstTokenNs, Float64Array),
    finishNs: shared(table.finishNs, Float64Array),
    promptTokens: shared(table.promptTokens, Int32Array),
    cachedTokens: shared(table.cachedTokens, Int32Array),
    outputTokens: shared(table.generated, Int32Array),
    classIndex: shared(table.classIndex, Uint8Array),
    destination: shared(table.destination, Int16Array),
    rule: shared(table.rule, Uint8Array),
    state: shared(table.state, Uint8Array),
    spilled: shared(table.spilled, Uint8Array),
    attempts: shared(table.attempts, Uint8Array),
    ...(tenantIndex !== undefined && { tenantIndex: shared(tenantIndex, Int32Array) }),
  };
}

interface Settable<Column> {
  readonly byteLength: number;
  set(values: Column): void;
}

function shared<Column extends Settable<Column>>(
  column: Column,
  make: new (memory: SharedArrayBuffer) => Column,
): Column {
  const copy = new make(new SharedArrayBuffer(column.byteLength));
  copy.set(column);
  return copy;
}
