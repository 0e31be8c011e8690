/** Work that a pool did after the horizon: what it could not keep up with, and what was only held for hours that come later. */
import type { Scenario } from "../schema/scenario.ts";
import { usageField } from "../serving/metrics/usageRecorder.ts";
import { type CompiledHours, compileHours } from "../workload/clock.ts";
import type { EndedRun } from "./endedRun.ts";

/** Share of a pool's work done after the horizon up to which it counts as the edge of the window. */
export const toleratedLateShare = 0.05;

/** What of a pool's busy time lies after the horizon, shares of 0..1. */
export interface LateWork {
  /** Of the work that is not held over: above toleratedLateShare the pool could not keep up. */
  readonly lateShare: number;
  /** Of all work: requests held for hours that end after the horizon, and begun within the first such hours after their arrival. The window before this one leaves as much to it. */
  readonly heldOverShare: number;
}

/** Whether rules hold work for hours of the day or week. */
export function holdsForHours({ rules }: Pick<Scenario, "rules">): boolean {
  return rules.some(({ hold }) => hold?.window !== undefined);
}

/** The hours for which each rule holds work for a pool. */
function holdHours({ rules }: Scenario, poolId: string): (CompiledHours | undefined)[] {
  return rules.map(({ to, hold }) =>
    "pool" in to && to.pool === poolId && hold?.window !== undefined
      ? compileHours(hold.window)
      : undefined,
  );
}

/** Of the tokens of a pool's requests that end after the horizon, the share that was held over it. */
function heldOverTokens(run: EndedRun, poolIndex: number, horizonNs: number): number {
  const { fleet, scenario } = run;
  const { table, clock } = fleet;
  const hours = holdHours(scenario, scenario.pools[poolIndex].id);
  if (hours.every((each) => each === undefined)) return 0;
  let late = 0;
  let heldOver = 0;
  for (let i = 0; i < table.count; i++) {
    if (table.destination[i] !== poolIndex || !(table.finishNs[i] > horizonNs)) continue;
    const tokens = table.promptTokens[i] + table.generated[i];
    late += tokens;
    const held = hours[table.rule[i]];
    if (held === undefined) continue;
    const closeNs = clock.nextCloseNs(held, clock.nextOpenNs(held, table.arrivalNs[i]));
    if (closeNs > horizonNs && table.admittedNs[i] <= closeNs) heldOver += tokens;
  }
  return late > 0 ? heldOver / late : 0;
}

/** Divides a pool's busy time after the horizon; tokens divide it between what was held over and what was late. */
export function lateWork(run: EndedRun, poolIndex: number, horizonNs: number): LateWork {
  const { usage } = run.fleet.pools[poolIndex];
  const busy = usage.total(usageField.busyNs);
  const after = usage.total(usageField.busyNs, usage.windowCount);
  if (!(after > 0)) return { lateShare: 0, heldOverShare: 0 };
  const heldOver = after * heldOverTokens(run, poolIndex, horizonNs);
  const rest = busy - heldOver;
  return {
    lateShare: rest > 0 ? (after - heldOver) / rest : 0,
    heldOverShare: heldOver / busy,
  };
}
