/** An API provider: limits, latency, errors, prompt cache and the tokens that its bill counts. */
import { type TierPrices, tierPrices } from "../../catalog/tierPrices.ts";
import type { Provider as ProviderSpec, Rule } from "../../schema/routing.ts";
import { HashedUniform } from "../../sim/random.ts";
import { TimerHeap } from "../../sim/timerHeap.ts";
import type { Sampler } from "../../sim/variates.ts";
import { normalQuantile } from "../../stats/specialFunctions.ts";
import { secondsToNs, tokensPerMTok } from "../../units/units.ts";
import { createSampler } from "../../workload/sampler.ts";
import { type RequestTable, requestState } from "../requestTable.ts";
import { PromptCache } from "./promptCache.ts";
import { TokenBucket } from "./tokenBucket.ts";

/** What became of one attempt. */
export const attemptOutcome = { sent: 0, limited: 1, failed: 2 } as const;

/** Columns of a bill, per class and context tier, in the provider's tokens before its tokenizer factor. */
export const billField = { requests: 0, input: 1, cached: 2, cacheWrite: 3, output: 4 } as const;
export const billFieldCount = 5;

/** Attempts of one request are told apart in the hashed draws by this many indices. */
const attemptStride = 32;

/** The run-time side of a provider. Draws depend on provider, request, attempt and how many rules send to it before the one that did: other traffic and other rules never shift them. */
export class Provider {
  readonly spec: ProviderSpec;
  /** Answers 429, attempts that failed, and attempts in all. */
  limitedCount = 0;
  /** When each answer 429 came, nanoseconds, in order. */
  readonly limitedNs: number[] = [];
  errorCount = 0;
  attemptCount = 0;
  sentCount = 0;
  /** How often a request was not taken because it is longer than the context. */
  tooLongCount = 0;
  /** What the last request that was sent costs, USD; budget guards add it up. */
  lastCostUsd = 0;
  /** Row (class * tierCount + tier) of billFieldCount sums. */
  readonly bill: Float64Array;
  readonly tierCount: number;
  private readonly table: RequestTable;
  private readonly tierStarts: number[];
  private readonly prices: readonly TierPrices[];
  private readonly usdFactor: number;
  private readonly requestBuckets: TokenBucket[] = [];
  private readonly tokenBuckets: TokenBucket[] = [];
  private readonly inputBuckets: TokenBucket[] = [];
  private readonly outputBuckets: TokenBucket[] = [];
  private readonly inFlight = new TimerHeap();
  private readonly concurrency: number;
  private readonly ttftDraw: HashedUniform;
  private readonly speedDraw: HashedUniform;
  private readonly errorDraw: HashedUniform;
  private readonly jitterDraw: HashedUniform;
  private readonly batchSampler: Sampler | undefined;
  private readonly cache: PromptCache;
  /** Prompt tokens of each request billed as cache writes; made when the first one is. */
  private written: Int32Array | undefined;
  /** By rule: the salt of its draws. */
  private readonly salts: Int32Array;

  /** `rules` are all of the scenario's, in order. */
  constructor(
    spec: ProviderSpec,
    table: RequestTable,
    classCount: number,
    seed: number,
    rules: readonly Rule[],
  ) {
    this.spec = spec;
    this.salts = saltsOf(spec, rules);
    this.table = table;
    this.tierStarts = [0, ...(spec.price.contextTiers ?? []).map((tier) => tier.abovePromptTokens)];
    this.tierCount = this.tierStarts.length;
    this.prices = this.tierStarts.map((_, tier) => tierPrices(spec.price, tier));
    const discount = spec.api === "batch" ? 1 - (spec.price.batchDiscount ?? 0) : 1;
    this.usdFactor = (spec.tokenizerFactor * discount) / tokensPerMTok;
    this.bill = new Float64Array(classCount * this.tierCount * billFieldCount);
    const { limits } = spec;
    const bucket = (limit: number | undefined): TokenBucket[] =>
      limit === undefined ? [] : [new TokenBucket(limit, limits.burstS)];
    this.requestBuckets = bucket(limits.requestsPerMinute);
    this.tokenBuckets = bucket(limits.tokensPerMinute);
    this.inputBuckets = bucket(limits.inputTokensPerMinute);
    this.outputBuckets = bucket(limits.outputTokensPerMinute);
    this.concurrency = limits.concurrency ?? Infinity;
    this.ttftDraw = new HashedUniform(seed, `ttft/${spec.id}`);
    this.speedDraw = new HashedUniform(seed, `speed/${spec.id}`);
    this.errorDraw = new HashedUniform(seed, `error/${spec.id}`);
    this.jitterDraw = new HashedUniform(seed, `jitter/${spec.id}`);
    this.batchSampler = spec.api === "batch" ? createSampler(spec.batch.completionS) : undefined;
    this.cache = new PromptCache(spec.promptCache, table.workload);
  }

  /** Whether the context has room for a request's prompt and output; the output stands for the max_tokens that the request asks for. */
  fits(request: number): boolean {
    const { maxContextTokens, tokenizerFactor } = this.spec;
    if (maxContextTokens === undefined) return true;
    const { promptTokens, outputTokens } = this.table;
    return (promptTokens[request] + outputTokens[request]) * tokenizerFactor <= maxContextTokens;
  }

  /** Whether the provider's limits would let this request pass now. */
  allows(request: number, nowNs: number): boolean {
    const { spec, table } = this;
    while (this.inFlight.nextNs <= nowNs) this.inFlight.removeNext();
    if (this.inFlight.size >= this.concurrency) return false;
    const input = table.promptTokens[request] * spec.tokenizerFactor;
    const output = table.outputTokens[request] * spec.tokenizerFactor;
    for (const each of this.requestBuckets) if (!each.allows(1, nowNs)) return false;
    for (const each of this.tokenBuckets) if (!each.allows(input + output, nowNs)) return false;
    for (const each of this.inputBuckets) if (!each.allows(input, nowNs)) return false;
    for (const each of this.outputBuckets) if (!each.allows(output, nowNs)) return false;
    return true;
  }

  /** Prompt tokens of a request that were billed as cache writes; 0 for one that was not sent here. */
  cacheWriteTokens(request: number): number {
    return this.written?.[request] ?? 0;
  }

  /** The context tier in which a prompt of so many trace tokens is billed; 0 for the base tier. */
  tierOf(promptTokens: number): number {
    const tokens = promptTokens * this.spec.tokenizerFactor;
    let tier = 0;
    for (let i = 1; i < this.tierCount; i++) if (tokens > this.tierStarts[i]) tier = i;
    return tier;
  }

  /** Tries to send a request now. When sent, its first-token and finish times are known and written. */
  attempt(request: number, nowNs: number): number {
    const { table } = this;
    const draw = this.drawOf(request);
    table.attempts[request]++;
    this.attemptCount++;
    if (!this.allows(request, nowNs)) {
      this.limitedCount++;
      this.limitedNs.push(nowNs);
      return attemptOutcome.limited;
    }
    this.takeLimits(request);
    if (this.spec.errorRate > 0 && this.errorDraw.at(draw) < this.spec.errorRate) {
      this.errorCount++;
      return attemptOutcome.failed;
    }
    this.serve(request, draw, nowNs);
    return attemptOutcome.sent;
  }

  /** How long a failed attempt keeps its client, nanoseconds: the time to first token it would have had. */
  failureNs(request: number): number {
    return this.ttftNs(request, this.drawOf(request) - 1);
  }

  /** Back-off before the next attempt: base * 2^(attempts - 1), capped, part of it drawn uniformly; whole nanoseconds. */
  backOffNs(request: number): number {
    const { retry } = this.spec;
    const attempts = this.table.attempts[request];
    let seconds = retry.baseS;
    for (let i = 1; i < attempts && seconds < retry.maxS; i++) seconds *= 2;
    seconds = Math.min(seconds, retry.maxS);
    const u = this.jitterDraw.at(this.drawOf(request));
    return secondsToNs(seconds * (1 - retry.jitter * u));
  }

  /** Index of the draws of a request's next attempt; another rule that sends here draws anew. */
  private drawOf(request: number): number {
    const { attempts, rule } = this.table;
    const own = request * attemptStride + attempts[request];
    return (own + this.salts[rule[request]]) >>> 0;
  }

  private serve(request: number, draw: number, nowNs: number): void {
    const { table } = this;
    this.sentCount++;
    table.admittedNs[request] = nowNs;
    table.state[request] = requestState.inFlight;
    table.generated[request] = table.outputTokens[request];
    if (this.batchSampler !== undefined) {
      const seconds = this.batchSampler.quantile(this.ttftDraw.at(draw));
      table.finishNs[request] =
        nowNs + Math.min(secondsToNs(seconds), secondsToNs(this.spec.batch.windowS));
      table.firstTokenNs[request] = table.finishNs[request];
    } else {
      table.firstTokenNs[request] = nowNs + this.ttftNs(request, draw);
      table.finishNs[request] = table.firstTokenNs[request] + this.decodeNs(request, draw);
    }
    if (this.concurrency < Infinity) this.inFlight.add(table.finishNs[request], 0, 0, request);
    this.book(request, nowNs);
  }

  private ttftNs(request: number, draw: number): number {
    const { latency } = this.spec;
    const z = normalQuantile(this.ttftDraw.at(draw));
    const seconds =
      latency.ttftMedianS * Math.exp(latency.ttftSigma * z) +
      latency.ttftPerPromptTokenS * this.spec.tokenizerFactor * this.table.promptTokens[request];
    return Math.max(1, secondsToNs(seconds));
  }

  private decodeNs(request: number, draw: number): number {
    const { latency } = this.spec;
    const z = normalQuantile(this.speedDraw.at(draw));
    const perSecond = latency.outputTokensPerS * Math.exp(latency.outputSigma * z);
    const tokens = this.table.outputTokens[request] * this.spec.tokenizerFactor;
    return secondsToNs(Math.max(0, tokens - 1) / perSecond);
  }

  private takeLimits(request: number): void {
    const { spec, table } = this;
    const input = table.promptTokens[request] * spec.tokenizerFactor;
    const output = table.outputTokens[request] * spec.tokenizerFactor;
    for (const each of this.requestBuckets) each.take(1);
    for (const each of this.tokenBuckets) each.take(input + output);
    for (const each of this.inputBuckets) each.take(input);
    for (const each of this.outputBuckets) each.take(output);
  }

  private book(request: number, nowNs: number): void {
    const { table, bill } = this;
    const prompt = table.promptTokens[request];
    const cached = this.cache.hitTokens(request, nowNs);
    const written =
      this.spec.price.cacheWriteUsdPerMTok === undefined ? 0 : this.cache.lastWrittenTokens;
    table.cachedTokens[request] = cached;
    if (written > 0) {
      this.written ??= new Int32Array(table.count);
      this.written[request] = written;
    }
    const tier = this.tierOf(prompt);
    const at = (table.classIndex[request] * this.tierCount + tier) * billFieldCount;
    const input = prompt - cached - written;
    const output = table.generated[request];
    bill[at] += 1;
    bill[at + 1] += input;
    bill[at + 2] += cached;
    bill[at + 3] += written;
    bill[at + 4] += output;
    const prices = this.prices[tier];
    const usd =
      input * prices.input +
      cached * prices.cached +
      written * prices.cacheWrite +
      output * prices.output;
    this.lastCostUsd = usd * this.usdFactor;
  }
}

/** Salts by rule: 0 for the first rule that sends to the provider, another for each further one, so that a second try by another rule is drawn anew, and a rule for other places changes nothing. */
function saltsOf({ id }: ProviderSpec, rules: readonly Rule[]): Int32Array {
  let before = 0;
  return Int32Array.from(rules, ({ to }) =>
    Math.imul("provider" in to && to.provider === id ? before++ : 0, 0x9e3779b1),
  );
}
