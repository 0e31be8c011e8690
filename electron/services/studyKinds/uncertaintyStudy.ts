/** Which option wins how often: strategies of one scenario, or several scenarios as they are. */
import type { StudySpec } from "../../../shared/contract/studyMethods.ts";
import { breakEvenDefaults } from "../../../shared/planning/breakEven/breakEvenStudy.ts";
import {
  chooseStrategies,
  listStrategies,
  type StrategyList,
} from "../../../shared/planning/breakEven/strategies.ts";
import {
  planUncertainty,
  type UncertainOption,
} from "../../../shared/planning/uncertainty/planUncertainty.ts";
import { runUncertainty } from "../../../shared/planning/uncertainty/runUncertainty.ts";
import type { UncertaintyResult } from "../../../shared/planning/uncertainty/uncertaintyResult.ts";
import type { Scenario } from "../../../shared/schema/scenario.ts";
import type { TraceColumns } from "../../../shared/schema/traceColumns.ts";
import { InputError } from "../../../shared/units/errors.ts";
import { digestTrace } from "../jobKeys.ts";
import { type StudyHost, type StudyScenario, type StudyTask, watchPart } from "./studyTask.ts";

type Spec = Extract<StudySpec, { kind: "uncertainty" }>;
type Traces = ReadonlyMap<string, TraceColumns>;

/** Throws InputError where there are not two options or the scenarios do not face the same traffic. */
export function runUncertaintyStudy(
  { scenarios, name }: StudyTask,
  spec: Spec,
  host: StudyHost,
): Promise<UncertaintyResult> {
  const [{ scenario }] = scenarios;
  const options = optionsOf(scenarios, spec);
  const plan = planUncertainty(options, spec.uncertain, spec.samples, scenario.seed);
  const { replications, maxGpus = breakEvenDefaults.maxGpus, difference: pair } = spec;
  const settings = { name, seed: scenario.seed, replications, maxGpus, pair };
  const runner = host.runnerOver(joinTraces(scenarios));
  return runUncertainty(plan, settings, runner, (part) => watchPart(host, part));
}

function optionsOf(scenarios: readonly StudyScenario[], spec: Spec): UncertainOption[] {
  const [first] = scenarios;
  if (scenarios.length === 1) return strategyOptions(first, spec);
  if (spec.strategies !== undefined) {
    throw new InputError(
      "Strategies are options of one scenario, and several scenarios are given. Leave one of the two out.",
      { field: "study.strategies" },
    );
  }
  return scenarios.map(({ label, scenario }, index) => ({
    id: `${index + 1}`,
    label,
    scenario: { ...scenario, seed: first.scenario.seed },
    fleet: "given" as const,
  }));
}

function strategyOptions({ scenario, traces }: StudyScenario, spec: Spec): UncertainOption[] {
  const all = listStrategies(scenario, { hasCachedPrompts: hasCachedPrompts(scenario, traces) });
  const chosen =
    spec.strategies === undefined ? all.strategies : chooseStrategies(all, spec.strategies);
  if (chosen.length < 2) throw tooFew(all);
  return chosen.map((strategy) => {
    const { id, label } = strategy;
    return { id, label, scenario, strategy, fleet: spec.fleet };
  });
}

function tooFew({ strategies, notes }: StrategyList): InputError {
  const there = strategies.map(({ id }) => id).join(", ") || "none";
  return new InputError(
    `There are not two options to choose from; the scenario allows: ${there}. ${notes.join(" ")} Add a provider or a pool, or compare several scenarios.`,
    { field: "study.strategies" },
  );
}

/** Whether a provider could bill cached prompt tokens of this traffic. */
export function hasCachedPrompts({ traffic }: Scenario, traces: Traces): boolean {
  const isCached = ({ cachedTokens, prefix }: TraceColumns): boolean =>
    cachedTokens !== undefined || prefix !== undefined;
  return [...traces.values()].some(isCached) || traffic.classes.some((each) => each.sharedPrefix);
}

/** The traces of all scenarios by source id. Throws InputError where two have different ones under one id. */
function joinTraces(scenarios: readonly StudyScenario[]): Traces {
  const all = new Map<string, TraceColumns>();
  for (const { label, traces } of scenarios) {
    for (const [id, trace] of traces) {
      const known = all.get(id);
      if (known !== undefined && known !== trace && digestTrace(known) !== digestTrace(trace)) {
        throw new InputError(
          `${label} has another trace for source "${id}" than a scenario before it. Options face the same traffic: use one trace, or give the source another id.`,
          { field: "scenarios" },
        );
      }
      all.set(id, trace);
    }
  }
  return all;
}
