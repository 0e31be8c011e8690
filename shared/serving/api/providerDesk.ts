/** Requests at API providers: budgets, limits, attempts, back-off, failover. */
import { timer } from "../fleetTimers.ts";
import { type RequestTable, requestState } from "../requestTable.ts";
import type { RuleBudgets } from "../router/budget.ts";
import type { CompiledRule } from "../router/compiledRule.ts";
import { attemptOutcome, type Provider } from "./provider.ts";

/** What the desk asks of the fleet. */
export interface ProviderDeskPorts {
  setTimer(timeNs: number, kind: number, payload: number): void;
  /** Offers a request to the rules from index `from` on. */
  route(request: number, from: number, nowNs: number, hasRefusal: boolean): void;
  /** A request ends in that state. */
  end(request: number, state: number, endNs: number): void;
  /** Nothing more is to be done for a request but what is planned. */
  leave(request: number, endNs: number): void;
}

/** What the desk works on. */
export interface ProviderDeskParts {
  readonly providers: readonly Provider[];
  readonly rules: readonly CompiledRule[];
  readonly budgets: RuleBudgets;
  readonly table: RequestTable;
}

/** Sends requests to providers and decides what a refusal or an error leads to. */
export class ProviderDesk {
  /** Requests that left a provider for the next rule after a 429 or an error. */
  failoverCount = 0;
  private readonly providers: readonly Provider[];
  private readonly rules: readonly CompiledRule[];
  private readonly budgets: RuleBudgets;
  private readonly table: RequestTable;
  private readonly poolCount: number;
  /** By class. */
  private readonly abandonAfterNs: Float64Array;
  private readonly ports: ProviderDeskPorts;

  constructor(
    parts: ProviderDeskParts,
    facts: { poolCount: number; abandonAfterNs: Float64Array },
    ports: ProviderDeskPorts,
  ) {
    this.providers = parts.providers;
    this.rules = parts.rules;
    this.budgets = parts.budgets;
    this.table = parts.table;
    this.poolCount = facts.poolCount;
    this.abandonAfterNs = facts.abandonAfterNs;
    this.ports = ports;
  }

  /** Takes a request for the rule's provider; false when its context, the budget or its limits do not allow it. */
  take(rule: CompiledRule, request: number, nowNs: number, isRefused: boolean): boolean {
    const provider = this.providers[rule.target];
    if (!provider.fits(request)) {
      provider.tooLongCount++;
      return false;
    }
    if (!this.budgets.isWithin(rule.index, rule.monthlyBudgetUsd, nowNs)) return false;
    if (rule.isWithinProviderLimits && !provider.allows(request, nowNs)) return false;
    const { table } = this;
    if (isRefused) table.spilled[request] = 1;
    table.destination[request] = this.poolCount + rule.target;
    table.rule[request] = rule.index;
    table.attempts[request] = 0;
    this.attempt(rule, provider, request, nowNs);
    return true;
  }

  /** Tries again, or gives the provider up once the client knows that its last attempt failed. */
  retry(request: number, nowNs: number): void {
    if (this.table.state[request] !== requestState.backingOff) return;
    const rule = this.rules[this.table.rule[request]];
    const provider = this.providers[rule.target];
    const { maxAttempts, thenFailover } = provider.spec.retry;
    if (this.table.attempts[request] < maxAttempts) this.attempt(rule, provider, request, nowNs);
    else this.giveUp(rule, request, nowNs, thenFailover);
  }

  private attempt(rule: CompiledRule, provider: Provider, request: number, nowNs: number): void {
    const { table, ports } = this;
    const outcome = provider.attempt(request, nowNs);
    if (outcome === attemptOutcome.sent) {
      this.budgets.spend(rule.index, provider.lastCostUsd);
      if (!this.willAbandon(request, nowNs)) ports.leave(request, table.finishNs[request]);
      return;
    }
    const { retry } = provider.spec;
    const isLimited = outcome === attemptOutcome.limited;
    const isLast = table.attempts[request] >= retry.maxAttempts;
    if (isLimited && (isLast || retry.onLimit === "failover")) {
      this.giveUp(rule, request, nowNs, retry.thenFailover || retry.onLimit === "failover");
      return;
    }
    table.state[request] = requestState.backingOff;
    const knownNs = isLimited ? nowNs : nowNs + provider.failureNs(request);
    const timeNs = isLast ? knownNs : knownNs + provider.backOffNs(request);
    ports.setTimer(timeNs, timer.retry, request);
  }

  private giveUp(rule: CompiledRule, request: number, nowNs: number, isFailover: boolean): void {
    if (!isFailover) {
      this.ports.end(request, requestState.rejected, nowNs);
      return;
    }
    this.failoverCount++;
    this.ports.route(request, rule.index + 1, nowNs, this.table.spilled[request] === 1);
  }

  /** Whether the client of a request in flight is still to leave before its first token; one who had a token of an answer that was lost stays. */
  private willAbandon(request: number, nowNs: number): boolean {
    const { arrivalNs, classIndex, firstTokenNs } = this.table;
    const leavesNs = arrivalNs[request] + this.abandonAfterNs[classIndex[request]];
    return leavesNs >= nowNs && firstTokenNs[request] > leavesNs;
  }
}
