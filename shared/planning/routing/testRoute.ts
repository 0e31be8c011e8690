/** What would happen to one request now: rule by rule, condition by condition, guard by guard. Says the same as the fleet's own router; a test holds it to that. */
import { type Hours, type Weekday, weekdays } from "../../schema/common.ts";
import type { Rule } from "../../schema/routing.ts";
import type { Scenario } from "../../schema/scenario.ts";
import type { TrafficClass } from "../../schema/traffic.ts";
import { nsPerS, sPerDay } from "../../units/units.ts";
import { compileHours, LocalClock, secondOfDay } from "../../workload/clock.ts";
import { type ClassedRequest, classOfRequest, isWithin } from "./classOfRequest.ts";

/** A request as it comes to the gateway. */
export interface TestedRequest extends ClassedRequest {
  /** Mean output of its class, which is what a gateway goes by; default its own output. */
  readonly expectedOutputTokens?: number;
  readonly weekday: Weekday;
  /** "HH:MM", local time. */
  readonly time: string;
}

/** How busy a pool is now, at the replica that its balancer would pick. */
export interface PoolLoad {
  readonly waitingPerReplica: number;
  /** Running requests over maxNumSeqs, 0..1. */
  readonly runningShare: number;
  readonly kvUsage: number;
  readonly estimatedWaitS: number;
}

/** What routing hangs on beside the request. */
export interface FleetState {
  /** By pool id; a pool that is not named is idle. */
  readonly pools: Readonly<Record<string, PoolLoad>>;
  /** What each rule has spent this month, USD; rules that are not named nothing. */
  readonly spentUsd: Readonly<Record<string, number>>;
  /** Providers whose limits leave no room now. */
  readonly limitedProviders: readonly string[];
}

/** One condition or guard: what it wants, what was found. */
export interface CheckedCondition {
  readonly name: string;
  readonly wanted: string;
  readonly found: string;
  readonly holds: boolean;
}

/** A rule and what it did. */
export interface TestedRule {
  readonly rule: string;
  /** taken: goes there; held: waits for its time; skipped: does not match; refused: matches and cannot take it now; unread: an earlier rule took it. */
  readonly outcome: "taken" | "held" | "skipped" | "refused" | "unread";
  readonly conditions: readonly CheckedCondition[];
  readonly guards: readonly CheckedCondition[];
  /** Share of the matching requests that the rule takes, 0..1; the test goes on as if this one were among them. */
  readonly share: number;
}

/** The answer. */
export interface RouteTest {
  readonly class: string;
  /** Why that class; the share that it takes where it takes not all. */
  readonly classNote: string;
  readonly rules: readonly TestedRule[];
  /** Id of the pool or provider; null for a request that is turned away. */
  readonly destination: string | null;
  readonly kind: "pool" | "provider" | "reject" | "unroutable";
  /** Sent on to a paid API because an earlier rule that matched could not take it. */
  readonly isSpilled: boolean;
  readonly isHeld: boolean;
}

/** Asks every rule in order. Throws InputError for a class that is not there, or where no class takes the request. */
export function testRoute(
  scenario: Scenario,
  request: TestedRequest,
  state: FleetState,
): RouteTest {
  const { found, note } = classOfRequest(scenario, request);
  const rules: TestedRule[] = [];
  let taken: { rule: Rule; tested: TestedRule } | undefined;
  let isRefused = false;
  for (const rule of scenario.rules) {
    const tested =
      taken === undefined ? testRule(scenario, rule, found, request, state) : unread(rule);
    rules.push(tested);
    if (tested.outcome === "refused") isRefused = true;
    if (tested.outcome === "taken" || tested.outcome === "held") taken = { rule, tested };
  }
  const to = taken?.rule.to;
  const kind =
    to === undefined
      ? "unroutable"
      : "pool" in to
        ? "pool"
        : "provider" in to
          ? "provider"
          : "reject";
  const destination = to === undefined || kind === "reject" ? null : String(to.pool ?? to.provider);
  return {
    ...{ class: found.id, classNote: note, rules, destination, kind },
    isSpilled: kind === "provider" && isRefused,
    isHeld: taken?.tested.outcome === "held",
  };
}

function unread(rule: Rule): TestedRule {
  return { rule: rule.id, outcome: "unread", conditions: [], guards: [], share: rule.share ?? 1 };
}

function testRule(
  scenario: Scenario,
  rule: Rule,
  own: TrafficClass,
  request: TestedRequest,
  state: FleetState,
): TestedRule {
  const conditions = conditionsOf(scenario, rule, own, request);
  const share = rule.share ?? 1;
  if (share <= 0 || conditions.some(({ holds }) => !holds)) {
    return { rule: rule.id, outcome: "skipped", conditions, guards: [], share };
  }
  const guards = guardsOf(scenario, rule, own, request, state);
  const isRefused = guards.some(({ holds }) => !holds);
  const isHeld = rule.hold !== undefined && "pool" in rule.to;
  const outcome = isRefused ? "refused" : isHeld ? "held" : "taken";
  return { rule: rule.id, outcome, conditions, guards, share };
}

function check(name: string, wanted: string, found: string, holds: boolean): CheckedCondition {
  return { name, wanted, found, holds };
}

function rangeText({ min, max }: { min?: number; max?: number }): string {
  if (min === undefined) return max === undefined ? "any" : `at most ${max}`;
  return max === undefined ? `at least ${min}` : `${min} to ${max}`;
}

function listed(name: string, wanted: readonly string[] | undefined, found: string | undefined) {
  if (wanted === undefined) return [];
  const holds = found !== undefined && wanted.includes(found);
  return [check(name, wanted.join(", "), found ?? "none", holds)];
}

/** Conditions of the rule's match, and that its destination serves a model that the class accepts. */
function conditionsOf(
  scenario: Scenario,
  rule: Rule,
  own: TrafficClass,
  request: TestedRequest,
): CheckedCondition[] {
  const { classes, tiers, models, tenants, promptTokens, outputTokens, hours } = rule.match;
  const expected = request.expectedOutputTokens ?? request.outputTokens;
  const served = modelOf(scenario, rule);
  return [
    ...listed("class", classes, own.id),
    ...listed("tier", tiers, own.tier),
    ...(own.models.length > 0 && served !== undefined
      ? listed("acceptable model", own.models, served)
      : []),
    ...listed("model", models, request.model),
    ...listed("tenant", tenants, request.tenant),
    ...(promptTokens === undefined
      ? []
      : [
          check(
            "prompt tokens",
            rangeText(promptTokens),
            String(request.promptTokens),
            isWithin(promptTokens, request.promptTokens),
          ),
        ]),
    ...(outputTokens === undefined
      ? []
      : [
          check(
            "expected output tokens",
            rangeText(outputTokens),
            String(Math.round(expected)),
            isWithin(outputTokens, expected),
          ),
        ]),
    ...(hours === undefined
      ? []
      : [check("hours", hoursOf(hours), momentText(request), isOpen(hours, request))]),
  ];
}

function modelOf(scenario: Scenario, { to }: Rule): string | undefined {
  if ("pool" in to) return scenario.pools.find(({ id }) => id === to.pool)?.model;
  return "provider" in to
    ? scenario.providers.find(({ id }) => id === to.provider)?.model
    : undefined;
}

function hoursOf({ from, to, days }: Hours): string {
  return `${from} to ${to}${days === undefined ? "" : `, ${days.join(", ")}`}`;
}

function momentText({ weekday, time }: TestedRequest): string {
  return `${weekday} ${time}`;
}

/** Whether a moment of the week lies within hours. */
function isOpen(hours: Hours | readonly Hours[], { weekday, time }: TestedRequest): boolean {
  const clock = new LocalClock({
    ...{ startWeekday: "monday", startTime: "00:00", utcOffsetMinutes: 0 },
  });
  const nowNs = (weekdays.indexOf(weekday) * sPerDay + secondOfDay(time)) * nsPerS;
  return clock.isWithin(compileHours(hours), nowNs);
}

/** What must hold for the destination to take it: open hours, length, limits, budget, and the rule's guards. */
function guardsOf(
  scenario: Scenario,
  rule: Rule,
  own: TrafficClass,
  request: TestedRequest,
  state: FleetState,
): CheckedCondition[] {
  const { to } = rule;
  if ("pool" in to) return poolGuards(scenario, rule, String(to.pool), own, request, state);
  return "provider" in to
    ? [
        ...contextGuard(scenario, String(to.provider), request),
        ...providerGuards(rule, String(to.provider), state),
      ]
    : [];
}

function percentText(share: number): string {
  return `${Number((share * 100).toPrecision(12))} %`;
}

const idle: PoolLoad = { waitingPerReplica: 0, runningShare: 0, kvUsage: 0, estimatedWaitS: 0 };

function poolGuards(
  scenario: Scenario,
  rule: Rule,
  id: string,
  own: TrafficClass,
  request: TestedRequest,
  state: FleetState,
): CheckedCondition[] {
  const pool = scenario.pools.find((each) => each.id === id)!;
  const model = scenario.models.find((each) => each.id === pool.model);
  const longest = pool.engine.maxModelLen ?? model?.maxContextTokens;
  const fixed = [
    ...(longest === undefined
      ? []
      : [
          check(
            "prompt fits the model",
            `less than ${longest}`,
            String(request.promptTokens),
            request.promptTokens < longest,
          ),
        ]),
    ...(model?.kind === "embedding"
      ? [check("no output wanted", "0", String(request.outputTokens), request.outputTokens === 0)]
      : []),
  ];
  if (rule.hold !== undefined) return [...fixed, ...deadlineGuard(rule, own, request)];
  const schedule =
    pool.partition === undefined
      ? pool.schedule
      : (scenario.partitions.find((each) => each.id === pool.partition?.id)?.schedule ??
        pool.schedule);
  const { maxEstimatedWaitS, maxWaiting, maxKvUsage, maxRunningShare } = rule.guards;
  const load = state.pools[id] ?? idle;
  const most = (
    name: string,
    limit: number | undefined,
    found: number,
    text: (value: number) => string = String,
  ): CheckedCondition[] =>
    limit === undefined ? [] : [check(name, `at most ${text(limit)}`, text(found), found <= limit)];
  return [
    ...fixed,
    ...(schedule.kind === "always"
      ? []
      : [
          check(
            "pool is on",
            schedule.hours.map(hoursOf).join("; "),
            momentText(request),
            isOpen(schedule.hours, request),
          ),
        ]),
    ...most("estimated wait, s", maxEstimatedWaitS, load.estimatedWaitS),
    ...most("waiting per replica", maxWaiting, load.waitingPerReplica),
    ...most("KV cache in use", maxKvUsage, load.kvUsage, percentText),
    ...most("places in the batch taken", maxRunningShare, load.runningShare, percentText),
  ];
}

/** Held work goes on when its deadline is too near to wait. */
function deadlineGuard(
  rule: Rule,
  { deadline }: TrafficClass,
  request: TestedRequest,
): CheckedCondition[] {
  if (deadline === undefined) return [];
  const { releaseBeforeDeadlineS } = rule.hold!;
  const leftS =
    "withinS" in deadline ? Number(deadline.withinS) : secondsUntil(String(deadline.by), request);
  return [
    check(
      "time to the deadline, s",
      `more than ${releaseBeforeDeadlineS}`,
      String(leftS),
      leftS > releaseBeforeDeadlineS,
    ),
  ];
}

function secondsUntil(time: string, request: TestedRequest): number {
  const left = secondOfDay(time) - secondOfDay(request.time);
  return left > 0 ? left : left + sPerDay;
}

/** Prompt and output must fit the provider's context, in its tokens. */
function contextGuard(scenario: Scenario, id: string, request: TestedRequest): CheckedCondition[] {
  const provider = scenario.providers.find((each) => each.id === id);
  if (provider?.maxContextTokens === undefined) return [];
  const { maxContextTokens, tokenizerFactor } = provider;
  const tokens = (request.promptTokens + request.outputTokens) * tokenizerFactor;
  return [
    check(
      "prompt and output fit the context",
      `at most ${maxContextTokens}`,
      String(tokens),
      tokens <= maxContextTokens,
    ),
  ];
}

function providerGuards(rule: Rule, id: string, state: FleetState): CheckedCondition[] {
  const { monthlyBudgetUsd, withinProviderLimits } = rule.guards;
  const spent = state.spentUsd[rule.id] ?? 0;
  const isLimited = state.limitedProviders.includes(id);
  return [
    ...(monthlyBudgetUsd === undefined
      ? []
      : [
          check(
            "spent this month, USD",
            `less than ${monthlyBudgetUsd}`,
            String(spent),
            spent < monthlyBudgetUsd,
          ),
        ]),
    ...(withinProviderLimits === true
      ? [check("provider's limits", "room left", isLimited ? "none left" : "room left", !isLimited)]
      : []),
  ];
}
