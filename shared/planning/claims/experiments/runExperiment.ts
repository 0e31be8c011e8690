/** Runs an experiment of the claim ledger. */
import type { Experiment } from "../../../schema/claims.ts";
import type { ClaimInputs, QuantityBook } from "../quantities.ts";
import type { ExperimentCase, ExperimentResult } from "./experimentResult.ts";
import { runFleetCases } from "./fleetCases.ts";
import type { FleetMemory } from "./fleetRuns.ts";
import { runOfflineBatch } from "./offlineBatch.ts";
import { listProviderPrices } from "./providerPrices.ts";
import { runScenarioCases } from "./scenarioCases.ts";
import { runSharedGpu } from "./sharedGpu.ts";

/** Runs it to its end; `memory` keeps runs that another experiment may want too. The same inputs give the same cases. Throws InputError for data that cannot be used. */
export function runExperiment(
  experiment: Experiment,
  inputs: ClaimInputs,
  book: QuantityBook,
  memory: FleetMemory,
): ExperimentResult {
  return { experiment, cases: casesOf(experiment, inputs, book, memory) };
}

function casesOf(
  experiment: Experiment,
  inputs: ClaimInputs,
  book: QuantityBook,
  memory: FleetMemory,
): ExperimentCase[] {
  if (experiment.kind === "providers") return listProviderPrices(experiment, inputs);
  if (experiment.kind === "offlineBatch") return runOfflineBatch(experiment, inputs, book);
  if (experiment.kind === "scenario") return runScenarioCases(experiment, inputs, book);
  if (experiment.kind === "fleet") return runFleetCases(experiment, inputs, book, memory);
  return runSharedGpu(experiment, inputs);
}
