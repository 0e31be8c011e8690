/** Runs a study of any kind: the orchestrators of shared/planning with a host's runner. */
import type { Catalog } from "../../../shared/catalog/catalog.ts";
import type { StudySpec } from "../../../shared/contract/studyMethods.ts";
import type { BreakEvenStudy } from "../../../shared/planning/breakEven/breakEvenStudy.ts";
import { runBreakEven } from "../../../shared/planning/breakEven/runBreakEven.ts";
import { JobCancelled } from "../../../shared/planning/jobs/job.ts";
import { optimize } from "../../../shared/planning/optimizer/optimize.ts";
import { runProjection } from "../../../shared/planning/projection/runProjection.ts";
import { requireFigures, usualFigures } from "../../../shared/planning/studies/figureNames.ts";
import {
  countRuns,
  type OpenStudy,
  planStudy,
} from "../../../shared/planning/studies/planStudy.ts";
import { buildStudyResult, studyHead } from "../../../shared/planning/studies/studyResult.ts";
import { verdictSentence } from "../../../shared/reports/breakEvenText.ts";
import { projectionPlanSchema } from "../../../shared/schema/projectionPlan.ts";
import { parsePlan } from "../../../shared/schema/projectionPlanFile.ts";
import { serialiseScenario } from "../../../shared/schema/scenarioFile.ts";
import { searchSpaceSchema, usualRouting } from "../../../shared/schema/searchSpace.ts";
import { studySchema } from "../../../shared/schema/study.ts";
import { InputError } from "../../../shared/units/errors.ts";
import { chargeRun } from "../chargebacks.ts";
import { nameTraces, runComparison } from "../comparisons.ts";
import { RunCancelled } from "../runs.ts";
import { hashTraces, runStudy } from "../studies.ts";
import { type StudyHost, type StudyTask, watchPart } from "./studyTask.ts";
import { runUncertaintyStudy } from "./uncertaintyStudy.ts";

type Spec<Kind extends StudySpec["kind"]> = Extract<StudySpec, { kind: Kind }>;

/** The answer as plain data. Throws InputError for a question without an answer, JobCancelled. */
export async function runStudyTask(
  task: StudyTask,
  host: StudyHost,
  loadCatalog: () => Catalog,
): Promise<object> {
  const { spec } = task;
  switch (spec.kind) {
    case "breakeven":
      return breakEven(task, spec, host);
    case "gate":
      return gateOf(await breakEven(task, spec, host));
    case "compare":
      return compare(task, spec, host);
    case "optimize":
      return findOptimum(task, spec, host, loadCatalog());
    case "uncertainty":
      return runUncertaintyStudy(task, spec, host);
    case "project":
      return project(task, spec, host);
    case "chargeback":
      return charge(task, spec, host);
    case "sweep":
      return sweep(task, spec, host);
  }
}

async function breakEven(
  { scenarios: [{ scenario, traces, warnings }] }: StudyTask,
  { kind: _kind, ...options }: Spec<"breakeven"> | Spec<"gate">,
  host: StudyHost,
): Promise<BreakEvenStudy & { readonly sentence: string }> {
  const study = await runBreakEven(host.runnerOver(traces), scenario, options, watchPart(host));
  return {
    sentence: verdictSentence(study),
    ...study,
    warnings: [...warnings, ...study.warnings],
  };
}

function gateOf(study: Awaited<ReturnType<typeof breakEven>>): object {
  const { sentence, gate, verdict, measured, crossings, warnings } = study;
  if (gate !== undefined) return { sentence, gate, verdict, measured, crossings, warnings };
  throw new InputError(
    "The gate sets all on own GPUs against all on an API, and one of the two is not among the strategies. Add it to the strategies, or a pool or provider to the scenario.",
    { field: "study.strategies" },
  );
}

function compare(
  { scenarios }: StudyTask,
  { baseline, replications }: Spec<"compare">,
  host: StudyHost,
): Promise<object> {
  if (scenarios.length < 2 || baseline >= scenarios.length) {
    throw new InputError(
      `A comparison wants two scenarios or more and a baseline among them; found ${scenarios.length} and baseline ${baseline}.`,
      { field: scenarios.length < 2 ? "scenarios" : "study.baseline" },
    );
  }
  const inputs = scenarios.map(({ label, ...input }) => ({ file: label, input }));
  const { traces, names } = nameTraces(inputs);
  const { seed } = scenarios[baseline].scenario;
  const plan = { seed, replications, baseline };
  return runComparison(inputs, names, plan, host.runnerOver(traces), watchPart(host));
}

async function findOptimum(
  { scenarios: [{ scenario, traces, warnings }] }: StudyTask,
  { space, tryRouting, top, replications }: Spec<"optimize">,
  host: StudyHost,
  catalog: Catalog,
): Promise<object> {
  const wanted = searchSpaceSchema.parse({
    ...space,
    format: "crossover-search-space",
    version: 1,
    ...(tryRouting && { routing: { ...usualRouting, ...space.routing } }),
  });
  const found = await optimize({
    ...{ scenario, traces, space: wanted, catalog, top, replications },
    runner: host.runnerOver(traces),
    pause: async () => {
      await host.pause();
      if (host.isCancelled()) throw new JobCancelled();
    },
    watch: (done, open) => {
      const all = Math.max(1, done + open);
      return watchPart(host, [done / all, Math.min(1, (done + 16) / all)]);
    },
  });
  const documents = found.scenarios.map((each, rank) => {
    const { text } = found.result.alternatives[rank];
    const name = `${each.name}: ${text}`.slice(0, 200);
    return JSON.parse(serialiseScenario({ ...each, name })) as object;
  });
  return { ...found.result, scenarios: documents, warnings };
}

async function project(
  { scenarios: [{ scenario, traces, warnings }] }: StudyTask,
  { kind: _kind, plan, ...options }: Spec<"project">,
  host: StudyHost,
): Promise<object> {
  const given = plan === undefined ? undefined : parsePlan(JSON.stringify(plan), "the plan");
  const chosen = given?.plan ?? scenario.projection ?? projectionPlanSchema.parse({});
  const told = (given?.warnings ?? []).map(({ field, message }) => `${field}: ${message}`);
  const runner = host.runnerOver(traces);
  const projection = await runProjection(runner, scenario, chosen, options, watchPart(host));
  return { ...projection, warnings: [...warnings, ...told, ...projection.warnings] };
}

async function charge(
  { scenarios: [{ scenario, traces, warnings }] }: StudyTask,
  { by, idle, fixed, namespaces }: Spec<"chargeback">,
  host: StudyHost,
): Promise<object> {
  const namespaceOf = new Map(Object.entries({ ...scenario.namespaces, ...namespaces }));
  if (by === "namespace" && namespaceOf.size === 0) {
    throw new InputError(
      "Nothing says which namespace a tenant belongs to. Give the namespaces of the tenants, here or in the scenario.",
      { field: "study.namespaces" },
    );
  }
  const watcher = {
    now: () => host.now(),
    isCancelled: () => host.isCancelled(),
    onProgress: (progress: { readonly share: number }) => host.onProgress(progress.share),
  };
  try {
    const input = { scenario, traces };
    const charged = await chargeRun(input, { by, idle, fixed, namespaceOf }, watcher);
    const { engineVersion, hash, scenario: run } = charged.run;
    const told = [...warnings, ...charged.warnings];
    return { engineVersion, hash, scenario: run, ...charged.chargeback, warnings: told };
  } catch (error) {
    throw error instanceof RunCancelled ? new JobCancelled() : error;
  }
}

async function sweep(
  { name, scenarios: [{ scenario, traces, warnings }] }: StudyTask,
  { kind: _kind, ...spec }: Spec<"sweep">,
  host: StudyHost,
): Promise<object> {
  const head = { format: "crossover-study", version: 1, name, scenario: "itself" };
  const study: OpenStudy = { ...studySchema.parse({ ...head, ...spec }), scenario };
  const plan = planStudy(study);
  const outputs = requireFigures(scenario, study.outputs ?? usualFigures(scenario));
  const described = studyHead(plan, outputs, hashTraces(traces));
  const told = [...new Set([...warnings, ...described.warnings])];
  const runner = host.runnerOver(traces);
  const runs = await runStudy(plan, { index: 1, count: 1 }, runner, watchPart(host));
  if (runs.isCancelled) throw new JobCancelled();
  const all = Array.from({ length: countRuns(plan) }, (_, run) => runs.results.get(run));
  return buildStudyResult({ ...described, warnings: told }, plan.points, all);
}
