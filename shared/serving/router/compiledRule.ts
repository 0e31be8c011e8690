/** A routing rule ready for the hot path: names resolved to indices, open conditions left out. */
import type { Rule } from "../../schema/routing.ts";
import type { Scenario } from "../../schema/scenario.ts";
import { HashedUniform } from "../../sim/random.ts";
import { secondsToNs } from "../../units/units.ts";
import { type CompiledHours, compileHours, type LocalClock } from "../../workload/clock.ts";
import type { Workload } from "../../workload/workload.ts";

/** Where a rule sends to. */
export const targetKind = { pool: 0, provider: 1, reject: 2 } as const;

/** When held work may go. */
export interface CompiledHold {
  readonly window: CompiledHours | undefined;
  /** Release while running and waiting requests of some replica are below this share of maxNumSeqs. */
  readonly belowShare: number;
  readonly releaseBeforeDeadlineNs: number;
}

/** What guards look at: a replica, or the door of a pool of which none is up. */
export interface GuardedQueue {
  readonly waitingCount: number;
  readonly runningCount: number;
  estimatedWaitNs(nowNs: number): number;
  kvUsageAt(nowNs: number): number;
}

/** One rule of the policy; `index` is its place in the list. */
export class CompiledRule {
  readonly index: number;
  readonly targetKind: number;
  /** Index of the pool or provider. */
  readonly target: number;
  /** Only pools hold: without a pool there is no capacity to wait for. */
  readonly hold: CompiledHold | undefined;
  readonly spillAfterNs: number;
  private readonly hasGuards: boolean;
  private readonly maxEstimatedWaitNs: number;
  private readonly maxWaiting: number;
  private readonly maxKvUsage: number;
  private readonly maxRunningShare: number;
  readonly monthlyBudgetUsd: number;
  readonly isWithinProviderLimits: boolean;
  /** Conditions beyond the class. */
  private readonly isConditional: boolean;
  private readonly minPrompt: number;
  private readonly maxPrompt: number;
  private readonly tenantMask: Uint8Array | undefined;
  private readonly modelMask: Uint8Array | undefined;
  private readonly hours: CompiledHours | undefined;
  private readonly share: number;
  private readonly shareDraw: HashedUniform;
  private readonly workload: Workload;

  constructor(rule: Rule, index: number, scenario: Scenario, workload: Workload, seed: number) {
    this.index = index;
    this.workload = workload;
    const { to, match, guards } = rule;
    const pool = "pool" in to ? scenario.pools.findIndex((each) => each.id === to.pool) : -1;
    const provider =
      "provider" in to ? scenario.providers.findIndex((each) => each.id === to.provider) : -1;
    this.targetKind =
      pool >= 0 ? targetKind.pool : provider >= 0 ? targetKind.provider : targetKind.reject;
    this.target = pool >= 0 ? pool : provider;
    this.hold = rule.hold === undefined || pool < 0 ? undefined : compileHold(rule.hold);
    this.spillAfterNs = rule.spillAfterS === undefined ? Infinity : secondsToNs(rule.spillAfterS);
    this.hasGuards = Object.keys(guards).length > 0;
    this.maxEstimatedWaitNs = (guards.maxEstimatedWaitS ?? Infinity) * 1e9;
    this.maxWaiting = guards.maxWaiting ?? Infinity;
    this.maxKvUsage = guards.maxKvUsage ?? Infinity;
    this.maxRunningShare = guards.maxRunningShare ?? Infinity;
    this.monthlyBudgetUsd = guards.monthlyBudgetUsd ?? Infinity;
    this.isWithinProviderLimits = guards.withinProviderLimits ?? false;
    this.minPrompt = match.promptTokens?.min ?? 0;
    this.maxPrompt = match.promptTokens?.max ?? Infinity;
    this.tenantMask = maskOf(match.tenants, workload.tenants);
    this.modelMask = maskOf(match.models, workload.models);
    this.hours = match.hours === undefined ? undefined : compileHours(match.hours);
    this.share = rule.share ?? 1;
    this.shareDraw = new HashedUniform(seed, `rule/${rule.id}`);
    this.isConditional =
      match.promptTokens !== undefined ||
      this.tenantMask !== undefined ||
      this.modelMask !== undefined ||
      this.hours !== undefined ||
      this.share < 1;
  }

  /** Whether the rule's conditions other than the class hold for a request at nowNs. */
  matches(request: number, nowNs: number, clock: LocalClock): boolean {
    if (!this.isConditional) return true;
    const { workload } = this;
    const prompt = workload.promptTokens[request];
    if (prompt < this.minPrompt || prompt > this.maxPrompt) return false;
    if (this.tenantMask !== undefined && !isIn(this.tenantMask, workload.tenantIndex, request)) {
      return false;
    }
    if (this.modelMask !== undefined && !isIn(this.modelMask, workload.modelIndex, request)) {
      return false;
    }
    if (this.hours !== undefined && !clock.isWithin(this.hours, nowNs)) return false;
    return this.share >= 1 || this.shareDraw.at(request) < this.share;
  }

  /** Whether the guards on a pool let a request go to this replica, or wait for one, now. */
  guardsHold(replica: GuardedQueue, maxNumSeqs: number, nowNs: number): boolean {
    if (!this.hasGuards) return true;
    return (
      replica.waitingCount <= this.maxWaiting &&
      replica.runningCount <= this.maxRunningShare * maxNumSeqs &&
      replica.estimatedWaitNs(nowNs) <= this.maxEstimatedWaitNs &&
      (this.maxKvUsage === Infinity || replica.kvUsageAt(nowNs) <= this.maxKvUsage)
    );
  }
}

function compileHold(hold: NonNullable<Rule["hold"]>): CompiledHold {
  return {
    window: hold.window === undefined ? undefined : compileHours(hold.window),
    belowShare: hold.whenRunningBelow ?? 1,
    releaseBeforeDeadlineNs: secondsToNs(hold.releaseBeforeDeadlineS),
  };
}

function maskOf(
  wanted: readonly string[] | undefined,
  names: readonly string[],
): Uint8Array | undefined {
  if (wanted === undefined) return undefined;
  return Uint8Array.from(names, (name) => (wanted.includes(name) ? 1 : 0));
}

function isIn(
  mask: Uint8Array,
  column: Uint16Array | Int32Array | undefined,
  request: number,
): boolean {
  return column !== undefined && mask[column[request]] === 1;
}

/** Indices of the rules that a class can take, in order: its tier, id, models and expected output fit the rule. */
export function rulesOfClass(
  scenario: Scenario,
  classIndex: number,
  expectedOutput: number,
): Int32Array {
  const own = scenario.traffic.classes[classIndex];
  const indices: number[] = [];
  scenario.rules.forEach((rule, index) => {
    const { match } = rule;
    const isClass = match.classes === undefined || match.classes.includes(own.id);
    const isTier = match.tiers === undefined || match.tiers.includes(own.tier);
    const range = match.outputTokens;
    const isLength =
      range === undefined ||
      (expectedOutput >= (range.min ?? 0) && expectedOutput <= (range.max ?? Infinity));
    if (isClass && isTier && isLength && servesModel(scenario, rule, own.models)) {
      indices.push(index);
    }
  });
  return Int32Array.from(indices);
}

function servesModel(scenario: Scenario, rule: Rule, acceptable: readonly string[]): boolean {
  if (acceptable.length === 0) return true;
  const { to } = rule;
  const pool = "pool" in to ? scenario.pools.find((each) => each.id === to.pool) : undefined;
  const provider =
    "provider" in to ? scenario.providers.find((each) => each.id === to.provider) : undefined;
  const model = pool?.model ?? provider?.model;
  return model === undefined || acceptable.includes(model);
}
