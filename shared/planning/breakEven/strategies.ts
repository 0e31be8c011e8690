/** Ways to serve one traffic, each as a pure change of the scenario: everything on one API, everything on own GPUs, the scenario's own mix. */
import type { RateCard } from "../../schema/catalog.ts";
import type { Pool } from "../../schema/fleet.ts";
import type { Provider, Rule } from "../../schema/routing.ts";
import type { Scenario } from "../../schema/scenario.ts";
import type { TrafficClass } from "../../schema/traffic.ts";
import { InputError } from "../../units/errors.ts";
import { nearestNames } from "../../units/nearestNames.ts";

/** At which prices a provider is paid. list: no discount; cached: cached prompt tokens at their own price; batch: classes that tolerate it over the batch API, the rest at list price. */
export type ApiPrices = "list" | "cached" | "batch";

/** One way to serve a scenario's traffic. */
export interface Strategy {
  /** "api:PROVIDER", "api:PROVIDER:cached", "api:PROVIDER:batch", "own", "own:POOL" or "hybrid". */
  readonly id: string;
  readonly kind: "api" | "own" | "hybrid";
  /** For people, e.g. "all on OpenAI GPT-4.1, list price". */
  readonly label: string;
  /** Of an API strategy. */
  readonly provider?: string;
  readonly prices?: ApiPrices;
  /** Pools of an own strategy. */
  readonly pools?: readonly string[];
}

/** Strategies that a scenario allows, and why others are not among them, one sentence each. */
export interface StrategyList {
  readonly strategies: readonly Strategy[];
  readonly notes: readonly string[];
}

/** What the traffic is known to have beside times and lengths. */
export interface TrafficTraits {
  /** Whether a provider could bill cached prompt tokens: the trace states them or has prefix chains. */
  readonly hasCachedPrompts: boolean;
}

function accepts(each: TrafficClass, model: string): boolean {
  return each.models.length === 0 || each.models.includes(model);
}

/** Whether a class may wait for a batch API: it is of the batch tier, or promises a deadline and neither a first token nor a pace. */
export function toleratesBatch({ tier, deadline, targets }: TrafficClass): boolean {
  if (targets.ttft !== undefined || targets.tpot !== undefined) return false;
  return tier === "batch" || deadline !== undefined;
}

function canBillCached({ price, promptCache }: Provider, traits: TrafficTraits): boolean {
  const hasPrice =
    price.cachedInputUsdPerMTok !== undefined || price.cacheWriteUsdPerMTok !== undefined;
  const hasShare = "share" in promptCache && Number(promptCache.share) > 0;
  return hasPrice && (hasShare || traits.hasCachedPrompts);
}

const priceTexts: Readonly<Record<ApiPrices, string>> = {
  list: "list price",
  cached: "with cached prices",
  batch: "batch price where a class tolerates it",
};

function apiStrategy({ id, name, api }: Provider, prices: ApiPrices): Strategy {
  const suffix = prices === "list" ? "" : `:${prices}`;
  const isSaid = /batch/i.test(name);
  const priced = api === "batch" ? (isSaid ? "" : ", batch API") : `, ${priceTexts[prices]}`;
  const label = `all on ${name}${priced}`;
  return { id: `api:${id}${suffix}`, kind: "api", label, provider: id, prices };
}

/** The strategies of one provider, or the reasons why it has none or fewer. */
function apiStrategies(
  scenario: Scenario,
  provider: Provider,
  traits: TrafficTraits,
): StrategyList {
  const { classes } = scenario.traffic;
  const refusing = classes.filter((each) => !accepts(each, provider.model));
  if (refusing.length > 0) {
    const names = refusing.map((each) => `"${each.id}"`).join(", ");
    const why = `All on ${provider.name} is left out: class ${names} accepts ${refusing[0].models.join(", ")}, not its model ${provider.model}.`;
    return { strategies: [], notes: [why] };
  }
  const strategies = [apiStrategy(provider, "list")];
  const notes: string[] = [];
  if (canBillCached(provider, traits)) strategies.push(apiStrategy(provider, "cached"));
  else {
    notes.push(
      `Cached prices of ${provider.name} are left out: ${cachedReason(provider)}, so that they would equal the list price.`,
    );
  }
  if (provider.api === "batch") return { strategies, notes };
  const isBatchPossible = provider.price.batchDiscount !== undefined;
  if (isBatchPossible && classes.some(toleratesBatch)) {
    strategies.push(apiStrategy(provider, "batch"));
  } else {
    const why = isBatchPossible
      ? "no class tolerates it (tier batch, or a deadline and no TTFT or TPOT target)"
      : "its rate card has no batch discount";
    notes.push(`The batch price of ${provider.name} is left out: ${why}.`);
  }
  return { strategies, notes };
}

function cachedReason({ price }: Provider): string {
  return price.cachedInputUsdPerMTok === undefined && price.cacheWriteUsdPerMTok === undefined
    ? "its rate card has none"
    : "neither the traffic nor promptCache says what is cached";
}

function ownStrategies({ pools, traffic }: Scenario): StrategyList {
  const notes: string[] = [];
  const able = pools.filter((pool) => {
    const refusing = traffic.classes.filter((each) => !accepts(each, pool.model));
    if (refusing.length > 0 && pools.length > 1) {
      notes.push(
        `All on pool "${pool.id}" is left out: class "${refusing[0].id}" does not accept its model ${pool.model}.`,
      );
    }
    return refusing.length === 0;
  });
  if (pools.length === 0) return { strategies: [], notes };
  const homeless = traffic.classes.find((each) => !pools.some(({ model }) => accepts(each, model)));
  if (homeless !== undefined) {
    const why = `All on own GPUs is left out: no pool has a model that class "${homeless.id}" accepts (${homeless.models.join(", ")}).`;
    return { strategies: [], notes: [why] };
  }
  const all: Strategy = {
    id: "own",
    kind: "own",
    label: pools.length === 1 ? "all on own GPUs" : "all on own GPUs, every pool",
    pools: pools.map((each) => each.id),
  };
  if (pools.length === 1) return { strategies: [all], notes };
  const single = able.map(
    ({ id }): Strategy => ({
      id: `own:${id}`,
      kind: "own",
      label: `all on pool ${id}`,
      pools: [id],
    }),
  );
  return { strategies: [all, ...single], notes };
}

function hybridStrategies({ rules, pools }: Scenario): StrategyList {
  const hasPool = rules.some(({ to }) => "pool" in to);
  const hasProvider = rules.some(({ to }) => "provider" in to);
  if (hasPool && hasProvider) {
    const label = "the scenario's own mix (hybrid)";
    return { strategies: [{ id: "hybrid", kind: "hybrid", label }], notes: [] };
  }
  const lacks = hasPool ? "no rule sends to a provider" : "no rule sends to a pool";
  return {
    strategies: [],
    notes: pools.length === 0 ? [] : [`The hybrid is left out: ${lacks}.`],
  };
}

/** Every strategy of a scenario, APIs first, then own GPUs, then its own policy. */
export function listStrategies(scenario: Scenario, traits: TrafficTraits): StrategyList {
  const lists = [
    ...scenario.providers.map((each) => apiStrategies(scenario, each, traits)),
    ownStrategies(scenario),
    hybridStrategies(scenario),
  ];
  return {
    strategies: lists.flatMap((each) => each.strategies),
    notes: lists.flatMap((each) => each.notes),
  };
}

/** Those of `all` that are named: by id, or "api", "own", "hybrid" for all of a kind. Throws InputError for a name that none has. */
export function chooseStrategies(all: StrategyList, names: readonly string[]): Strategy[] {
  const chosen = new Set<Strategy>();
  for (const name of names) {
    const found = all.strategies.filter(({ id, kind }) => id === name || kind === name);
    if (found.length === 0) throw unknownStrategy(all, name);
    for (const each of found) chosen.add(each);
  }
  return all.strategies.filter((each) => chosen.has(each));
}

function unknownStrategy({ strategies, notes }: StrategyList, name: string): InputError {
  const known = ["api", "own", "hybrid", ...strategies.map(({ id }) => id)];
  const near = nearestNames(name, known);
  const hint = near.length > 0 ? `Did you mean ${near.join(" or ")}? ` : "";
  const there = strategies.map(({ id }) => id).join(", ") || "none";
  return new InputError(
    `There is no strategy "${name}" in this scenario. ${hint}There are: ${there} (api, own and hybrid name all of a kind).${notes.length > 0 ? ` ${notes.join(" ")}` : ""}`,
    { field: "strategies" },
  );
}

/** A rate card without cached and cache-write prices: what everything costs at list price. */
function listPrices(price: RateCard): RateCard {
  const { cachedInputUsdPerMTok, cacheWriteUsdPerMTok, ...rest } = price;
  return {
    ...rest,
    contextTiers: price.contextTiers?.map(({ cachedInputUsdPerMTok: _, ...tier }) => tier),
  };
}

function ruleTo(id: string, to: Rule["to"], classes?: readonly string[]): Rule {
  const match = classes === undefined ? {} : { classes: [...classes] };
  return { id, match, to, guards: {} };
}

function onApi(scenario: Scenario, strategy: Strategy): Scenario {
  const provider = scenario.providers.find(({ id }) => id === strategy.provider)!;
  const price = strategy.prices === "cached" ? provider.price : listPrices(provider.price);
  const listed: Provider = { ...provider, price };
  const bare = { ...scenario, pools: [], partitions: [], fixedCosts: [] };
  if (strategy.prices !== "batch") {
    return {
      ...bare,
      providers: [listed],
      rules: [ruleTo("all", { provider: provider.id })],
    };
  }
  const batched: Provider = { ...listed, id: `${provider.id}.batch`, api: "batch" };
  const tolerant = scenario.traffic.classes.filter(toleratesBatch).map((each) => each.id);
  return {
    ...bare,
    providers: [listed, batched],
    rules: [
      ruleTo("batch", { provider: batched.id }, tolerant),
      ruleTo("all", { provider: provider.id }),
    ],
  };
}

/** A rule to a pool without its ways out: no guard, no spill. Its match, share and hold stay. */
function withoutWaysOut(rule: Rule): Rule {
  const { spillAfterS, ...rest } = rule;
  return { ...rest, guards: {} };
}

/** A name that no rule of the scenario has. */
function freeId(rules: readonly Rule[], wanted: string): string {
  return rules.some(({ id }) => id === wanted) ? freeId(rules, `${wanted}+`) : wanted;
}

function onOwn(scenario: Scenario, strategy: Strategy): Scenario {
  const names = strategy.pools ?? [];
  const pools = scenario.pools.filter(({ id }) => names.includes(id));
  const isUsed = (id: string): boolean => pools.some((pool) => pool.partition?.id === id);
  const kept = scenario.rules.filter(
    ({ to, hold }) => "pool" in to && names.includes(String(to.pool)) && (pools.length > 1 || hold),
  );
  const last = pools.map((pool) =>
    ruleTo(freeId(scenario.rules, `all-${pool.id}`.slice(0, 80)), { pool: pool.id }),
  );
  return {
    ...scenario,
    pools,
    partitions: scenario.partitions.filter(({ id }) => isUsed(id)),
    providers: [],
    rules: [...kept.map(withoutWaysOut), ...last],
  };
}

/**
 * The scenario under a strategy; traffic and prices stay as they are.
 * api: one provider takes every request, there are no pools and none of their fixed costs. own: the pools take every request, each as the
 * scenario's rules send it (without guards and spills, windows of held work kept), the rest the first pool whose model the
 * class accepts. hybrid: the scenario itself.
 */
export function applyStrategy(scenario: Scenario, strategy: Strategy): Scenario {
  if (strategy.kind === "api") return onApi(scenario, strategy);
  return strategy.kind === "own" ? onOwn(scenario, strategy) : scenario;
}

/** Pools of the scenario that a strategy may use. */
export function poolsOfStrategy(scenario: Scenario, strategy: Strategy): Pool[] {
  return applyStrategy(scenario, strategy).pools;
}
