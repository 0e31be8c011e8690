/** Which requests a policy may send to own GPUs, must send there, or cannot; and the least that an API would take for each. */
import { type TierPrices, tierPrices } from "../../catalog/tierPrices.ts";
import type { Provider, Rule } from "../../schema/routing.ts";
import type { Scenario } from "../../schema/scenario.ts";
import { CompiledRule, rulesOfClass } from "../../serving/router/compiledRule.ts";
import { tokensPerMTok } from "../../units/units.ts";
import { LocalClock } from "../../workload/clock.ts";
import type { Workload } from "../../workload/workload.ts";

/** What may become of a request: whatever the state of the fleet, nothing else can. */
export const fate = {
  /** Never on the varied pool. */
  elsewhere: 0,
  /** On the pool or at the API price. */
  mayOwn: 1,
  /** On the pool, or it goes unanswered. */
  mustOwn: 2,
  /** No rule answers it. */
  unserved: 3,
} as const;

/** Columns over the requests of a workload. */
export interface Demand {
  readonly fate: Uint8Array;
  /** USD at the cheapest provider that a rule may send it to, at its cheapest; Infinity without one, 0 on another pool, whose cost is fixed. */
  readonly apiUsd: Float64Array;
}

/** A rule as it bears on what is possible. */
interface Step {
  readonly rule: CompiledRule;
  readonly kind: "own" | "otherPool" | "provider" | "reject";
  /** Takes whatever it matches: nothing after it is reached. */
  readonly isFinal: boolean;
  readonly prices: ProviderPrices | undefined;
  /** Prompts of so many tokens are not taken. */
  readonly maxPrompt: number;
  /** Requests that want output tokens are not taken. */
  readonly isPrefillOnly: boolean;
  /** Hours of the rule itself: it may match at one time and not at another. */
  readonly isSometimes: boolean;
}

/** What of the demand depends on a candidate: its scenario's rules, the ids of its own pools and the longest context that each holds. */
export interface DemandInput {
  readonly scenario: Scenario;
  readonly workload: Workload;
  readonly expectedOutput: Float64Array;
  readonly maxModelLen: ReadonlyMap<string, number>;
  /** Whether the pool's model is an embedding model. */
  readonly isPrefillOnly: boolean;
}

/** The demand under a policy. Guards, waits, hours and limits may send a request either way and count as either. */
export function measureDemand(input: DemandInput): Demand {
  const { scenario, workload } = input;
  const { count, classIndex, promptTokens, outputTokens } = workload;
  const clock = new LocalClock(scenario.clock);
  const steps = scenario.rules.map((rule, index) => stepOf(rule, index, input));
  const byClass = scenario.traffic.classes.map((_, index) =>
    [...rulesOfClass(scenario, index, input.expectedOutput[index])].map((at) => steps[at]),
  );
  const demand = { fate: new Uint8Array(count), apiUsd: new Float64Array(count) };
  for (let i = 0; i < count; i++) {
    let usd = Infinity;
    let isPossible = false;
    let isFirst = true;
    let isSure = false;
    for (const step of byClass[classIndex[i]]) {
      if (promptTokens[i] >= step.maxPrompt || !step.rule.matches(i, 0, clock)) continue;
      if (step.isPrefillOnly && outputTokens[i] > 0) continue;
      if (step.kind === "own") {
        isPossible = true;
        isSure = isSure || (isFirst && step.isFinal);
      } else if (step.kind === "otherPool") usd = 0;
      else if (step.prices !== undefined) usd = Math.min(usd, step.prices.leastUsd(i));
      isFirst = isFirst && step.kind === "own";
      if (step.isFinal) break;
    }
    demand.apiUsd[i] = usd;
    demand.fate[i] = isPossible
      ? isSure || usd === Infinity
        ? fate.mustOwn
        : fate.mayOwn
      : usd === Infinity
        ? fate.unserved
        : fate.elsewhere;
  }
  return demand;
}

function stepOf(rule: Rule, index: number, input: DemandInput): Step {
  const { scenario, workload, maxModelLen } = input;
  const { hours, ...match } = rule.match;
  const compiled = new CompiledRule({ ...rule, match }, index, scenario, workload, scenario.seed);
  const isSometimes = hours !== undefined;
  const base = {
    ...{ rule: compiled, prices: undefined, maxPrompt: Infinity, isSometimes },
    isPrefillOnly: false,
  };
  const { to } = rule;
  if ("pool" in to) {
    const id = String(to.pool);
    const pool = scenario.pools.find((each) => each.id === id);
    const isOwn = maxModelLen.has(id);
    const hasGuards = Object.values(rule.guards).some((guard) => guard !== undefined);
    const mayPass =
      hasGuards || isSometimes || rule.spillAfterS !== undefined || rule.hold !== undefined;
    const isFinal = isOwn && !mayPass && pool?.schedule.kind === "always";
    const maxPrompt = isOwn ? maxModelLen.get(id)! : Infinity;
    const isPrefillOnly = isOwn && input.isPrefillOnly;
    return { ...base, kind: isOwn ? "own" : "otherPool", isFinal, maxPrompt, isPrefillOnly };
  }
  if ("provider" in to) {
    const provider = scenario.providers.find((each) => each.id === String(to.provider))!;
    const isFinal = !isSometimes && isNeverLeft(rule, provider);
    return { ...base, kind: "provider", isFinal, prices: new ProviderPrices(provider, workload) };
  }
  return { ...base, kind: "reject", isFinal: !isSometimes };
}

/** Whether a provider keeps every request that a rule sends to it, answered or not. */
function isNeverLeft({ guards }: Rule, provider: Provider): boolean {
  const { retry, limits, errorRate } = provider;
  if (guards.monthlyBudgetUsd !== undefined || guards.withinProviderLimits) return false;
  const { requestsPerMinute, tokensPerMinute, inputTokensPerMinute, outputTokensPerMinute } =
    limits;
  const hasLimit =
    requestsPerMinute !== undefined ||
    tokensPerMinute !== undefined ||
    inputTokensPerMinute !== undefined ||
    outputTokensPerMinute !== undefined ||
    limits.concurrency !== undefined;
  if (errorRate === 0 && !hasLimit) return true;
  return !retry.thenFailover && retry.onLimit === "retry";
}

/** The least that a provider's bill has for a request: exact where the cached tokens are known, else as if all were at their cheapest. */
class ProviderPrices {
  private readonly provider: Provider;
  private readonly workload: Workload;
  private readonly tiers: readonly { readonly above: number; readonly prices: TierPrices }[];
  private readonly usdFactor: number;

  constructor(provider: Provider, workload: Workload) {
    this.provider = provider;
    this.workload = workload;
    const { price, api, tokenizerFactor } = provider;
    const above = [0, ...(price.contextTiers ?? []).map((tier) => tier.abovePromptTokens)];
    this.tiers = above.map((tokens, tier) => ({ above: tokens, prices: tierPrices(price, tier) }));
    const discount = api === "batch" ? 1 - (price.batchDiscount ?? 0) : 1;
    this.usdFactor = (tokenizerFactor * discount) / tokensPerMTok;
  }

  leastUsd(request: number): number {
    const prompt = this.workload.promptTokens[request];
    const output = this.workload.outputTokens[request];
    const tokens = prompt * this.provider.tokenizerFactor;
    let { prices } = this.tiers[0];
    for (const tier of this.tiers) if (tokens > tier.above) prices = tier.prices;
    return this.usdFactor * (this.promptUsd(request, prompt, prices) + output * prices.output);
  }

  private promptUsd(request: number, prompt: number, prices: TierPrices): number {
    const { promptCache } = this.provider;
    const stated = "share" in promptCache ? Number(promptCache.share) : 0;
    const { cachedTokens, prefix } = this.workload;
    const known =
      stated > 0
        ? Math.round(stated * prompt)
        : cachedTokens !== undefined
          ? Math.min(prompt, cachedTokens[request])
          : 0;
    if (known > 0 || prefix === undefined || stated > 0) {
      return (prompt - known) * prices.input + known * prices.cached;
    }
    return prompt * Math.min(prices.input, prices.cached, prices.cacheWrite);
  }
}
