/** A scenario of the claim ledger, run once for each combination of its axes' options. */
import { findOffer } from "../../../catalog/catalog.ts";
import { computeMemoryFit } from "../../../catalog/memoryFit.ts";
import type { ScenarioExperiment } from "../../../schema/claims.ts";
import { ProblemsError } from "../../../schema/findings.ts";
import { type Scenario, scenarioSchema } from "../../../schema/scenario.ts";
import { describeIssues } from "../../../schema/schemaProblems.ts";
import { InputError } from "../../../units/errors.ts";
import { requireSound } from "../../checkScenario.ts";
import { fillScenario } from "../../fillScenario.ts";
import type { RunReport } from "../../runReport.ts";
import { runScenario } from "../../scenarioRun.ts";
import { type ClaimInputs, numberAt, type QuantityBook } from "../quantities.ts";
import { combinations, type ExperimentCase } from "./experimentResult.ts";

type Option = ScenarioExperiment["axes"][number]["options"][number];
type Document = ScenarioExperiment["scenario"];

/** One case per combination; figures are read from the report of the run. A model that does not fit, or a request that no replica can take, makes a case impossible. */
export function runScenarioCases(
  experiment: ScenarioExperiment,
  inputs: ClaimInputs,
  book: QuantityBook,
): ExperimentCase[] {
  const options = combinations(experiment.axes.map((axis) => axis.options));
  return options.map((chosen) => runOne(experiment, chosen, inputs, book));
}

function runOne(
  experiment: ScenarioExperiment,
  chosen: readonly Option[],
  inputs: ClaimInputs,
  book: QuantityBook,
): ExperimentCase {
  const label = chosen.map((each) => each.label).join(", ") || experiment.id;
  const scenario = buildScenario(experiment, chosen, inputs, book);
  const unfit = findUnfit(scenario);
  if (unfit !== undefined) return { label, figures: {}, notes: [], impossible: unfit };
  const { warnings } = requireSound(scenario, `experiment ${experiment.id}, ${label}`);
  const texts = warnings.map(({ message }) => message);
  const report = runScenario({ scenario, traces: inputs.traces, warnings: texts });
  const { rejected, lengthCapped, arrived } = report.requests;
  if (rejected + lengthCapped > 0 && !experiment.mayReject) {
    const impossible = `${rejected + lengthCapped} of ${arrived} requests are rejected or cut short: longer than the model's context or the KV cache`;
    return { label, figures: {}, notes: [], impossible };
  }
  return { label, figures: readFigures(experiment, report), notes: report.notes };
}

/** The scenario of one combination, with what it names copied from the catalog. */
function buildScenario(
  experiment: ScenarioExperiment,
  chosen: readonly Option[],
  { catalog }: ClaimInputs,
  book: QuantityBook,
): Scenario {
  const document = JSON.parse(JSON.stringify(experiment.scenario)) as Document;
  const name = `claims: ${experiment.id}`;
  Object.assign(document, { format: "crossover-scenario", version: 1, name });
  for (const { set, numbers } of [{ set: {}, numbers: experiment.numbers }, ...chosen]) {
    for (const [path, value] of Object.entries(set)) setAt(document, path, value);
    for (const [path, formula] of Object.entries(numbers ?? {})) {
      setAt(document, path, book.evaluate(formula));
    }
  }
  const parsed = scenarioSchema.safeParse(document);
  if (!parsed.success) {
    throw new ProblemsError(
      `experiment ${experiment.id}`,
      describeIssues(parsed.error.issues, document),
    );
  }
  const offers = experiment.offers ?? {};
  const pools = parsed.data.pools.map((pool) => {
    if (!Object.hasOwn(offers, pool.id)) return pool;
    const { usdPerGpuHour, provenance } = findOffer(catalog, offers[pool.id]);
    return { ...pool, price: { usdPerGpuHour, provenance } };
  });
  return fillScenario({ ...parsed.data, pools }, catalog).scenario;
}

/** Sets what stands at a path like "pools.0.model"; all but the last part must be there. */
function setAt(document: Document, path: string, value: Document[string]): void {
  const keys = path.split(".");
  const last = keys.pop()!;
  let holder: unknown = document;
  for (const key of keys) {
    const isThere = typeof holder === "object" && holder !== null && Object.hasOwn(holder, key);
    holder = isThere ? (holder as Record<string, unknown>)[key] : undefined;
  }
  if (typeof holder !== "object" || holder === null) {
    throw new InputError(`An experiment's scenario has nothing at "${path}". Correct the path.`, {
      field: path,
    });
  }
  (holder as Record<string, unknown>)[last] = value;
}

function findUnfit(scenario: Scenario): string | undefined {
  for (const pool of scenario.pools) {
    const gpu = scenario.gpus.find(({ id }) => id === pool.gpu);
    const model = scenario.models.find(({ id }) => id === pool.model);
    if (gpu === undefined || model === undefined || pool.partition !== undefined) continue;
    const { reason } = computeMemoryFit({ ...pool, gpu, model, profile: undefined });
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function readFigures(experiment: ScenarioExperiment, report: RunReport): Record<string, number> {
  return Object.fromEntries(
    Object.entries(experiment.figures).map(([name, figure]) => [
      name,
      "path" in figure
        ? numberAt(report, figure.path, `the report of experiment ${experiment.id}`)
        : report.warnings.filter((text) => text.includes(figure.warningsWith)).length,
    ]),
  );
}
