/** Figures of a run by name: what studies show and what is chosen with outputs. */
import type { Scenario } from "../../schema/scenario.ts";
import { InputError } from "../../units/errors.ts";
import { fieldUnit } from "../../units/fieldUnits.ts";
import { nearestNames } from "../../units/nearestNames.ts";
import { missedTargets, type RunFigures } from "../points/runFigures.ts";

/** Figures of one run, by name; null where the run has no sample. */
export type NamedFigures = Readonly<Record<string, number | null>>;

const latencies = ["ttftMs", "tpotMs", "e2eMs", "queueMs"] as const;
const latencyParts = ["mean", "p50", "p90", "p95", "p99"] as const;
const poolParts = [
  "busyFraction",
  "computeFraction",
  "bandwidthFraction",
  "kvUsageMean",
  "kvUsageMax",
  "preemptions",
  "finished",
  "promptTokens",
  "outputTokens",
  "lateShare",
  "extrapolatedShare",
] as const;
const providerParts = [
  "requests",
  "limited429",
  "errors",
  "inputTokens",
  "cachedTokens",
  "outputTokens",
] as const;
const costParts = [
  "monthUsd",
  "gpuUsedUsd",
  "gpuIdleUsd",
  "licenceUsd",
  "apiUsd",
  "fixedUsd",
  "usdPerMTokReservation",
  "usdPerMTokUsage",
] as const;
const counts = ["arrived", "finished", "rejected", "aborted", "unfinished", "spilled"] as const;

/** A row of targets is named by class and metric; a class has each metric once. */
function targetName(row: { readonly class: string; readonly metric: string }): string {
  return `targets.${row.class}.${row.metric}`;
}

/** Every figure of a run by name. `meetsTargets` is 1 where every target is met, every request was answered and every pool kept up, else 0. */
export function nameFigures(run: RunFigures): NamedFigures {
  const named: Record<string, number | null> = {};
  for (const part of costParts) named[part] = run.cost[part];
  for (const each of latencies) {
    for (const part of latencyParts) named[`${each}.${part}`] = run.latency[each][part];
    named[`${each}.samples`] = run.latency[each].n;
  }
  named.sloAttainment = run.sloAttainment;
  named.goodputRps = run.goodputRps;
  named.meetsTargets = missedTargets(run).length === 0 ? 1 : 0;
  named.spilledShare = run.spilled / Math.max(1, run.arrived);
  for (const part of counts) named[part] = run[part];
  named.monthTokens = run.monthTokens;
  named["tokens.prompt"] = run.tokens.prompt;
  named["tokens.cached"] = run.tokens.cached;
  named["tokens.output"] = run.tokens.output;
  named.horizonS = run.horizonS;
  for (const pool of run.pools) {
    for (const part of poolParts) named[`pools.${pool.id}.${part}`] = pool[part];
  }
  for (const provider of run.providers) {
    for (const part of providerParts) named[`providers.${provider.id}.${part}`] = provider[part];
  }
  for (const row of run.targets) {
    named[`${targetName(row)}.actualMs`] = row.actualMs;
    named[`${targetName(row)}.isMet`] = row.isMet === null ? null : Number(row.isMet);
  }
  return named;
}

/** Names of all figures that runs of a scenario have. */
export function figureNames(scenario: Scenario): string[] {
  const { pools, providers, traffic } = scenario;
  const targets = traffic.classes.flatMap(({ id, targets: wanted, deadline }) => {
    const metrics = (["ttft", "tpot", "e2e"] as const).filter((metric) => wanted[metric]);
    return [...metrics, ...(deadline === undefined ? [] : ["deadline"])].map((metric) =>
      targetName({ class: id, metric }),
    );
  });
  return [
    ...costParts,
    ...latencies.flatMap((each) => [...latencyParts, "samples"].map((part) => `${each}.${part}`)),
    ...["sloAttainment", "goodputRps", "meetsTargets", "spilledShare", ...counts],
    ...["monthTokens", "tokens.prompt", "tokens.cached", "tokens.output", "horizonS"],
    ...pools.flatMap(({ id }) => poolParts.map((part) => `pools.${id}.${part}`)),
    ...providers.flatMap(({ id }) => providerParts.map((part) => `providers.${id}.${part}`)),
    ...targets.flatMap((name) => [`${name}.actualMs`, `${name}.isMet`]),
  ];
}

/** What a study shows unless it says otherwise: cost, the waits that users notice, whether targets are met, how busy own GPUs are. */
export function usualFigures(scenario: Scenario): string[] {
  return [
    "monthUsd",
    "usdPerMTokReservation",
    "ttftMs.p95",
    "tpotMs.p95",
    "sloAttainment",
    "meetsTargets",
    "spilledShare",
    ...scenario.pools.map(({ id }) => `pools.${id}.busyFraction`),
  ];
}

/** The names themselves; a name without its first parts ("busyFraction") is completed where one figure ends so. Throws InputError for a figure that there is not. */
export function requireFigures(scenario: Scenario, names: readonly string[]): string[] {
  const all = figureNames(scenario);
  const found = names.map((name) => {
    if (all.includes(name)) return name;
    const ending = all.filter((each) => each.endsWith(`.${name}`));
    if (ending.length === 1) return ending[0];
    const near = ending.length > 1 ? ending.slice(0, 5) : nearestNames(name, all);
    const which = ending.length > 1 ? "stands for several figures" : "is no figure of a run";
    const nearest = near.length > 0 ? near : all.slice(0, 20);
    throw new InputError(`"${name}" ${which}. There are: ${nearest.join(", ")}.`, {
      field: "outputs",
    });
  });
  return [...new Set(found)];
}

/** The unit of a figure by its name; undefined for counts. */
export function figureUnit(name: string): string | undefined {
  const parts = name.split(".");
  const last = parts[parts.length - 1];
  if (/(Fraction|Share|Attainment|Usage(Mean|Max)|Targets|isMet)$/.test(last)) return "share";
  if (latencies.some((each) => each === parts[0]) && last !== "samples") return "ms";
  return fieldUnit(last);
}

/** The percentile that a figure is ("ttftMs.p95": 0.95) and the figure with its samples; undefined for others. */
export function percentileOf(name: string): { share: number; samples: string } | undefined {
  const match = /^(\w+Ms)\.p(\d\d)$/.exec(name);
  if (match === null) return undefined;
  return { share: Number(match[2]) / 100, samples: `${match[1]}.samples` };
}
