/** How far a run has come, in the shared cells of its thread: whole numbers, so that each is read as it was written. */
import type { RunReach } from "../../shared/planning/runReach.ts";
import { flagCells } from "./messages.ts";

const nothing = -1;

function put(flags: Int32Array, cell: number, value: number | null, unit: number): void {
  const whole = value === null ? nothing : Math.min(2147483647, Math.round(value * unit));
  Atomics.store(flags, cell, whole);
}

function take(flags: Int32Array, cell: number, unit: number): number | null {
  const whole = Atomics.load(flags, cell);
  return whole === nothing ? null : whole / unit;
}

/** Writes it, on the thread's side. */
export function writeReach(flags: Int32Array, reach: RunReach): void {
  put(flags, flagCells.simulatedDs, reach.simulatedS, 10);
  put(flags, flagCells.horizonDs, reach.horizonS, 10);
  put(flags, flagCells.arrived, reach.arrived, 1);
  put(flags, flagCells.requests, reach.requests, 1);
  put(flags, flagCells.ttftMeanTenthMs, reach.ttftMeanMs, 10);
  put(flags, flagCells.spilledShare, reach.spilledShare, 1e9);
  Atomics.store(flags, flagCells.hasReach, 1);
}

/** Reads it, on the other side; undefined before it was written. Cells may be of two looks in a row. */
export function readReach(flags: Int32Array): RunReach | undefined {
  if (Atomics.load(flags, flagCells.hasReach) !== 1) return undefined;
  return {
    simulatedS: take(flags, flagCells.simulatedDs, 10) ?? 0,
    horizonS: take(flags, flagCells.horizonDs, 10),
    arrived: take(flags, flagCells.arrived, 1) ?? 0,
    requests: take(flags, flagCells.requests, 1) ?? 0,
    ttftMeanMs: take(flags, flagCells.ttftMeanTenthMs, 10),
    spilledShare: take(flags, flagCells.spilledShare, 1e9),
  };
}
