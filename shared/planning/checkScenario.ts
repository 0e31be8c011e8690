/** Every check of a scenario before it runs: between its fields, and against GPU memory, MIG placement and coefficients. */
import { findCoefficientSet } from "../catalog/catalog.ts";
import { computeMemoryFit } from "../catalog/memoryFit.ts";
import { engineOf } from "../catalog/memoryRules.ts";
import { placeMigLayout } from "../catalog/migPlacement.ts";
import { licenceWarnings } from "../cost/licences.ts";
import { type Findings, ProblemsError } from "../schema/findings.ts";
import { type Pool, partitionLayouts } from "../schema/fleet.ts";
import type { Scenario } from "../schema/scenario.ts";
import { checkScenarioFields } from "../schema/scenarioChecks.ts";
import { InputError } from "../units/errors.ts";

/** Runs a catalog question; its InputError becomes a problem of `field`. */
function ask(findings: Findings, field: string, question: () => void): void {
  try {
    question();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    findings.problem(field, error.message);
  }
}

function checkLayouts(findings: Findings, scenario: Scenario): void {
  scenario.partitions.forEach((partition, i) => {
    const gpu = scenario.gpus.find(({ id }) => id === partition.gpu);
    if (gpu === undefined) return;
    partitionLayouts(partition).forEach((layout, at) => {
      const own = at === 0 ? "layout" : `reconfiguration.layouts[${at - 1}].layout`;
      const field = `partitions[${i}].${own}`;
      ask(findings, field, () => {
        const placement = placeMigLayout(gpu, layout);
        if (!placement.legal) {
          findings.problem(field, `the MIG layout is not legal: ${placement.reason}`);
        }
      });
    });
  });
}

function checkFit(findings: Findings, pool: Pool, scenario: Scenario, field: string): void {
  const gpu = scenario.gpus.find(({ id }) => id === pool.gpu);
  const model = scenario.models.find(({ id }) => id === pool.model);
  if (gpu === undefined || model === undefined) return;
  if (pool.partition !== undefined && pool.tensorParallel !== 1) return;
  ask(findings, field, () => {
    const { backend, precision, kvPrecision, tensorParallel, engine, partition } = pool;
    const choice = { backend, precision, kvPrecision, tensorParallel, engine };
    const fit = computeMemoryFit({ gpu, model, profile: partition?.profile, ...choice });
    for (const note of fit.notes) findings.warn(field, note);
    if (fit.reason === undefined) return;
    const arithmetic = fit.lines.map(
      ({ label, bytes, formula }) => `${label} ${Math.round(bytes)} B = ${formula}`,
    );
    findings.problem(
      field,
      `model "${pool.model}" does not fit: ${fit.reason} Arithmetic per GPU: ${arithmetic.join("; ")}. A lower precision, more tensor parallel or a larger GPU or slice may hold it (crossover fit --model ${pool.model} --all).`,
    );
  });
}

function checkCoefficients(
  findings: Findings,
  pool: Pool,
  scenario: Scenario,
  field: string,
): void {
  const { executionTime, precision, kvPrecision } = pool;
  const backend = engineOf(pool.backend, pool.partition?.profile);
  if (executionTime.kind !== "fitted" || executionTime.set !== undefined) return;
  ask(findings, field, () => {
    const choice = findCoefficientSet(scenario.coefficients, backend, precision, kvPrecision);
    if (choice.note !== undefined) findings.warn(field, choice.note);
  });
}

/** All problems and warnings of a scenario whose fields fit the schema. */
export function checkScenario(scenario: Scenario): Findings {
  const findings = checkScenarioFields(scenario);
  checkLayouts(findings, scenario);
  scenario.pools.forEach((pool, i) => {
    checkFit(findings, pool, scenario, `pools[${i}]`);
    checkCoefficients(findings, pool, scenario, `pools[${i}].executionTime`);
  });
  if (findings.problems.length === 0) {
    for (const warning of licenceWarnings(scenario)) findings.warn("licences", warning);
  }
  return findings;
}

/** Throws ProblemsError when the scenario has problems; else returns its findings, of which only warnings remain. */
export function requireSound(scenario: Scenario, fileName: string): Findings {
  const findings = checkScenario(scenario);
  if (findings.problems.length > 0) throw new ProblemsError(fileName, findings.problems);
  return findings;
}
