/** Capacity over time of the pools whose replicas come, go and fail. */
import { type CapacityRecorder, capacityField } from "../serving/autoscaler/capacityRecorder.ts";
import type { PoolRuntime } from "../serving/poolRuntime.ts";
import { nsPerS, sPerHour } from "../units/units.ts";
import type { CapacityReport, CapacitySeries } from "./runReport.ts";
import { type Grid, widthOf } from "./seriesGrid.ts";

/** What became of a pool's replicas over the horizon; undefined for a pool whose replicas are always there. */
export function describeCapacity(pool: PoolRuntime, horizonNs: number): CapacityReport | undefined {
  const { life } = pool;
  if (life === undefined) return undefined;
  const { capacity, counts } = life;
  const total = (field: number): number => capacity.total(field, horizonNs);
  const provisionedNs = total(capacityField.provisionedNs);
  const belowNs = total(capacityField.belowNs);
  return {
    provisionedReplicaHours: provisionedNs / nsPerS / sPerHour,
    provisionedMean: provisionedNs / horizonNs,
    provisionedPeak: capacity.peakProvisioned,
    upMean: total(capacityField.upNs) / horizonNs,
    wantedMean: total(capacityField.wantedNs) / horizonNs,
    belowWantedS: belowNs / nsPerS,
    belowWantedShare: belowNs / horizonNs,
    coldStartS: pool.config.coldStartNs / nsPerS,
    ...counts,
  };
}

/** Mean replicas per window. */
export function capacitySeries(
  capacity: CapacityRecorder,
  grid: Grid,
  horizonNs: number,
): CapacitySeries {
  const mean = (field: number): number[] =>
    Array.from(
      { length: grid.windows },
      (_, window) => capacity.total(field, horizonNs, window, window + 1) / widthOf(grid, window),
    );
  return {
    provisioned: mean(capacityField.provisionedNs),
    up: mean(capacityField.upNs),
    wanted: mean(capacityField.wantedNs),
  };
}
