/** Copies what a scenario names and does not carry from the catalog into it, so that the file stands alone. */

import type { Catalog } from "../catalog/catalog.ts";
import { engineOf } from "../catalog/memoryRules.ts";
import type { Scenario } from "../schema/scenario.ts";

/** A scenario with its copies, and what was copied: "gpus h200-sxm". */
export interface FilledScenario {
  readonly scenario: Scenario;
  readonly added: readonly string[];
}

interface Named {
  readonly id: string;
}

/** Entries of the catalog whose id is wanted and not there yet. */
function missing<Entry extends Named>(
  present: readonly Named[],
  wanted: readonly (string | undefined)[],
  catalog: readonly Entry[],
): Entry[] {
  const known = new Set(present.map((each) => each.id));
  const ids = new Set(wanted.filter((id) => id !== undefined && !known.has(id)));
  return catalog.filter((each) => ids.has(each.id));
}

/** Fills gpus, models, licences, providers and the coefficient sets of the pools' backends. What the catalog does not have stays missing, for the checks to name. Prices of GPUs are never filled in: which offer is paid is the planner's choice. */
export function fillScenario(scenario: Scenario, catalog: Catalog): FilledScenario {
  const { pools, partitions, rules } = scenario;
  const providers = rules.map(({ to }) => ("provider" in to ? String(to.provider) : undefined));
  const chosen = pools.map(({ executionTime }) =>
    executionTime.kind === "fitted" ? executionTime.set : undefined,
  );
  const backends = new Set(
    pools
      .filter((each) => each.executionTime.kind === "fitted")
      .map((each) => engineOf(each.backend, each.partition?.profile)),
  );
  const ofBackends = catalog.coefficients
    .filter((each) => [...backends].some((backend) => backend === each.backend))
    .map((each) => each.id);
  const gpuIds = [...pools, ...partitions].map((each) => each.gpu);
  const licenceIds = [...pools, ...partitions].map((each) => each.licence);
  const copies = {
    gpus: missing(scenario.gpus, gpuIds, catalog.gpus),
    models: missing(
      scenario.models,
      pools.map((each) => each.model),
      catalog.models,
    ),
    coefficients: missing(scenario.coefficients, [...chosen, ...ofBackends], catalog.coefficients),
    licences: missing(scenario.licences, licenceIds, catalog.licences),
    providers: missing(scenario.providers, providers, catalog.providers),
  };
  const added = Object.entries(copies).flatMap(([kind, entries]) =>
    entries.map((entry) => `${kind} ${entry.id}`),
  );
  return {
    scenario: {
      ...scenario,
      gpus: [...scenario.gpus, ...copies.gpus],
      models: [...scenario.models, ...copies.models],
      coefficients: [...scenario.coefficients, ...copies.coefficients],
      licences: [...scenario.licences, ...copies.licences],
      providers: [...scenario.providers, ...copies.providers],
    },
    added,
  };
}
