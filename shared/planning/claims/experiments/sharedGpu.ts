/** Whether models share one GPU, each on a MIG instance of its own, at every combination of precisions. */
import { findGpu, findModel } from "../../../catalog/catalog.ts";
import type { Backend } from "../../../catalog/memoryRules.ts";
import { type MigDemand, solveMigLayouts } from "../../../catalog/migSolver.ts";
import type { Precision } from "../../../catalog/modelMath.ts";
import { type Gpu, precisions } from "../../../schema/catalog.ts";
import type { SharedGpuExperiment } from "../../../schema/claims.ts";
import { engineSchema } from "../../../schema/fleet.ts";
import type { ClaimInputs } from "../quantities.ts";
import { combinations, type ExperimentCase } from "./experimentResult.ts";

/** One case per set of models, precisions of each, and backend: layouts that hold them, and the memory slices that they need. */
export function runSharedGpu(
  experiment: SharedGpuExperiment,
  { catalog }: ClaimInputs,
): ExperimentCase[] {
  const gpu = findGpu(catalog, experiment.gpu);
  return experiment.sets.flatMap((ids) =>
    experiment.backends.flatMap((backend) =>
      combinations(ids.map(() => precisions)).map((chosen) =>
        solveOne(
          gpu,
          ids.map((id, i) => demandOf(experiment, catalog, { id, precision: chosen[i], backend })),
        ),
      ),
    ),
  );
}

function demandOf(
  { minContextTokens }: SharedGpuExperiment,
  catalog: ClaimInputs["catalog"],
  { id, precision, backend }: { id: string; precision: Precision; backend: Backend },
): MigDemand {
  const model = findModel(catalog, id);
  const engine = engineSchema.parse({});
  const kvPrecision = precision === "fp8" ? "fp8" : "bf16";
  return { model, backend, precision, kvPrecision, engine, minContextTokens };
}

function solveOne(gpu: Gpu, demands: readonly MigDemand[]): ExperimentCase {
  const models = demands.map(({ model, precision }) => `${model.id} ${precision}`).join(" + ");
  const label = `${models}, ${demands[0].backend}`;
  const { solutions, shortfall } = solveMigLayouts(gpu, demands);
  if (shortfall === undefined) {
    const [best] = solutions;
    const figures = { layouts: solutions.length, tightestKvTokens: best.tightestKvTokens };
    return { label, figures, notes: [`best: ${best.layout.join(" + ")}`] };
  }
  const slices = shortfall.needs.reduce((sum, need) => sum + (need.memorySlices ?? Infinity), 0);
  const figures: Record<string, number> = { layouts: 0 };
  if (slices < Infinity) figures.slicesNeeded = slices;
  return { label, figures, notes: [shortfall.reason] };
}
