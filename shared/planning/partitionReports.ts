/** What the changes of MIG layouts took in a run. */
import { partitionLayouts } from "../schema/fleet.ts";
import type { LayoutChange, PartitionLife } from "../serving/layoutDesk.ts";
import { nsPerS, sPerHour } from "../units/units.ts";
import type { PartitionReport } from "./runReport.ts";

/** One row per partition whose layout changes. */
export function describePartitions(
  partitions: readonly PartitionLife[],
  horizonNs: number,
): PartitionReport[] {
  return partitions.map((life) => describe(life, horizonNs));
}

function describe(life: PartitionLife, horizonNs: number): PartitionReport {
  const { spec } = life;
  const changes = life.changes.filter((each) => each.drainStartNs < horizonNs);
  const clip = (timeNs: number | undefined) => Math.min(timeNs ?? Infinity, horizonNs);
  const drainNs = (each: LayoutChange) => clip(each.clearNs) - each.drainStartNs;
  const outNs = (each: LayoutChange) => clip(each.readyNs) - each.drainStartNs;
  const total = (of: (each: LayoutChange) => number) =>
    changes.reduce((sum, each) => sum + of(each), 0) / nsPerS;
  const drainS = total(drainNs);
  const outOfServiceS = total(outNs);
  return {
    name: spec.id,
    gpus: spec.gpus,
    layouts: partitionLayouts(spec).map((layout, index) => ({
      layout: layout.join(" + "),
      stoodH: life.stoodNs(index, horizonNs) / nsPerS / sPerHour,
    })),
    changes: changes.length,
    drainS,
    noInstanceS: outOfServiceS - drainS,
    outOfServiceS,
    outOfServiceShare: (outOfServiceS * nsPerS) / horizonNs,
    longestOutS: changes.reduce((most, each) => Math.max(most, outNs(each)), 0) / nsPerS,
    outGpuHours: (outOfServiceS * spec.gpus) / sPerHour,
  };
}
