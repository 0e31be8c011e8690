/** Whole GPUs and GPUs under MIG with their parts: what each pool used and left idle, and slices that no pool has. */
import type { Scenario } from "../../schema/scenario.ts";
import type { CostLine } from "../costReport.ts";
import type { GpuPart, GpuParts } from "./chargebackReport.ts";

/** The lines' amounts in whole units, in the order of the lines. */
export interface LineUnits {
  readonly horizon: readonly number[];
  readonly month: readonly number[];
  readonly unitUsd: number;
}

/** Every pool on whole GPUs and every partition; hours and dollars of the parts add up to theirs. */
export function gpuParts(
  scenario: Scenario,
  lines: readonly CostLine[],
  units: LineUnits,
): GpuParts[] {
  const whole = scenario.pools.filter((pool) => pool.partition === undefined);
  const ofPool = (id: string) => (line: CostLine) => isGpu(line) && isOn(line, "pool", id);
  const onPartition = (id: string) => (line: CostLine) =>
    isGpu(line) &&
    (isOn(line, "partition", id) ||
      scenario.pools.some((pool) => pool.partition?.id === id && isOn(line, "pool", pool.id)));
  return [
    ...whole.map(({ id, replicas, tensorParallel }) =>
      group("pool", id, replicas * tensorParallel, lines, units, ofPool(id)),
    ),
    ...scenario.partitions.map(({ id, gpus }) =>
      group("partition", id, gpus, lines, units, onPartition(id)),
    ),
  ];
}

function isGpu({ kind }: CostLine): boolean {
  return kind === "gpuUsed" || kind === "gpuIdle";
}

function isOn(line: CostLine, subjectKind: "pool" | "partition", id: string): boolean {
  return line.subjectKind === subjectKind && line.subject === id;
}

function group(
  kind: "pool" | "partition",
  id: string,
  gpus: number,
  lines: readonly CostLine[],
  units: LineUnits,
  isPart: (line: CostLine) => boolean,
): GpuParts {
  const perUsd = Math.round(1 / units.unitUsd);
  const at = lines.map((_, i) => i).filter((i) => isPart(lines[i]));
  const sum = (of: (i: number) => number): number => at.reduce((all, i) => all + of(i), 0);
  return {
    ...{ id, kind, gpus },
    gpuHours: sum((i) => lines[i].quantity),
    horizonUsd: sum((i) => units.horizon[i]) / perUsd,
    monthUsd: sum((i) => units.month[i]) / perUsd,
    parts: at.map(
      (i): GpuPart => ({
        kind: lines[i].kind as GpuPart["kind"],
        subjectKind: lines[i].subjectKind as GpuPart["subjectKind"],
        subject: lines[i].subject,
        label: lines[i].label,
        gpuHours: lines[i].quantity,
        horizonUsd: units.horizon[i] / perUsd,
        monthUsd: units.month[i] / perUsd,
      }),
    ),
  };
}
