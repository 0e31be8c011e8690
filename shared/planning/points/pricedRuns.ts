/** Runs that differ in prices only are simulated once and priced as often as wanted. */
import type { RateCard } from "../../schema/catalog.ts";
import type { Scenario } from "../../schema/scenario.ts";
import type { TraceColumns } from "../../schema/traceColumns.ts";
import type { JobContext } from "../jobs/job.ts";
import { type BilledFigures, type OutcomeFigures, withPrices } from "./runFigures.ts";
import { runBilled } from "./runPoint.ts";
import { sharedWorkloads } from "./sharedWorkloads.ts";

/**
 * The scenario without its prices: what its simulation depends on. Fields that are there stay there, at 0, since a rate card
 * without a cache-write price counts tokens differently. Where a rule has a monthly budget, prices of providers decide where requests
 * go, and stay.
 */
export function withoutPrices(scenario: Scenario): Scenario {
  const { pools, partitions, licences, providers, fixedCosts, rules } = scenario;
  const hasBudget = rules.some(({ guards }) => guards.monthlyBudgetUsd !== undefined);
  const free = { usdPerGpuHour: 0, provenance: [] };
  return {
    ...scenario,
    pools: pools.map((each) => (each.price === undefined ? each : { ...each, price: free })),
    partitions: partitions.map((each) => ({ ...each, price: free })),
    licences: licences.map((each) => ({ ...each, usdPerGpuYear: 0, usdPerGpuHour: 0 })),
    fixedCosts: fixedCosts.map((each) => ({ ...each, usdPerMonth: 0 })),
    providers: hasBudget
      ? providers
      : providers.map((each) => ({ ...each, price: freeCard(each.price) })),
  };
}

function freeCard(card: RateCard): RateCard {
  const { contextTiers, batchDiscount, provenance, ...prices } = card;
  const zero = <Part extends object>(part: Part): Part =>
    Object.fromEntries(
      Object.entries(part).map(([key, value]) => [key, typeof value === "number" ? 0 : value]),
    ) as Part;
  return {
    ...zero(prices),
    provenance: [],
    contextTiers: contextTiers?.map((tier) => ({
      ...zero(tier),
      abovePromptTokens: tier.abovePromptTokens,
    })),
  };
}

/** Whether two scenarios differ in prices only, so that one simulation serves both. */
export function isSameSimulation(a: Scenario, b: Scenario): boolean {
  return simulationKey(a) === simulationKey(b);
}

function simulationKey(scenario: Scenario): string {
  return JSON.stringify(withoutPrices(scenario));
}

/** Runs that a thread remembers; a few kilobytes each. */
const kept = 400;
const caches = new WeakMap<ReadonlyMap<string, TraceColumns>, Map<string, BilledFigures>>();

/** As runOutcome: with the figures of an earlier run of this thread at the scenario's prices, where only they differ. */
export function runPriced(
  scenario: Scenario,
  replication: number,
  context: JobContext,
): OutcomeFigures {
  const known = caches.get(context.traces) ?? new Map<string, BilledFigures>();
  caches.set(context.traces, known);
  const key = `${replication} ${simulationKey(scenario)}`;
  const found = known.get(key);
  if (found !== undefined) {
    // Used last, thrown out last.
    known.delete(key);
    known.set(key, found);
    return withPrices(found, scenario);
  }
  const workloads = sharedWorkloads(context.traces);
  const billed = runBilled({ scenario, replication }, context, workloads);
  for (const oldest of known.keys()) {
    if (known.size < kept) break;
    known.delete(oldest);
  }
  known.set(key, billed);
  return billed.figures;
}
