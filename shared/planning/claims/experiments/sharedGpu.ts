/** Whether models share one GPU, each on a MIG instance of its own, at every combination of precisions. */
import { findGpu, findModel } from "../../../catalog/catalog.ts";
import { type MigDemand, solveMigLayouts } from "../../../catalog/migSolver.ts";
import { type Gpu, precisions } from "../../../schema/catalog.ts";
import type { SharedGpuExperiment } from "../../../schema/claims.ts";
import { engineSchema } from "../../../schema/fleet.ts";
import type { ClaimInputs } from "../quantities.ts";
import { combinations, type ExperimentCase } from "./experimentResult.ts";

/** One case per precisions of each model, backend and setting: layouts that hold them, and the memory slices that they need. */
export function runSharedGpu(
  experiment: SharedGpuExperiment,
  { catalog }: ClaimInputs,
): ExperimentCase[] {
  const gpu = findGpu(catalog, experiment.gpu);
  const choices = experiment.models.map(({ model: id, precisions: chosen }) => {
    const model = findModel(catalog, id);
    return (chosen === "all" ? precisions : chosen).map((precision) => ({ model, precision }));
  });
  return experiment.settings.flatMap(({ label, kvPrecision, ...limits }) =>
    experiment.backends.flatMap((backend) =>
      combinations(choices).map((models) => {
        const engine = engineSchema.parse(limits);
        const { minContextTokens } = experiment;
        const rest = { backend, kvPrecision, engine, minContextTokens };
        const demands = models.map((each) => ({ ...each, ...rest }));
        return solveOne(gpu, demands, label);
      }),
    ),
  );
}

function solveOne(gpu: Gpu, demands: readonly MigDemand[], setting: string): ExperimentCase {
  const models = demands.map(({ model, precision }) => `${model.id} ${precision}`).join(" + ");
  const label = `${models}, ${demands[0].backend}, ${setting}`;
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
