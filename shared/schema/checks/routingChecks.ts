/** Checks of a scenario's policy: targets exist, guards have an effect, and no request falls through. */
import type { Findings } from "../findings.ts";
import type { Schedule } from "../fleet.ts";
import type { Provider, Rule } from "../routing.ts";
import type { Scenario } from "../scenario.ts";
import type { TrafficClass } from "../traffic.ts";
import { checkNames, checkRange, checkUnique, findReferenced } from "./references.ts";
import { checkDistribution } from "./trafficChecks.ts";

/** Where a rule sends, as one of three; undefined ids for the others. */
interface Target {
  readonly pool?: string;
  readonly provider?: string;
}

function targetOf(rule: Rule): Target {
  return rule.to as Target;
}

const poolGuards = ["maxEstimatedWaitS", "maxWaiting", "maxKvUsage", "maxRunningShare"] as const;
const providerGuards = ["monthlyBudgetUsd", "withinProviderLimits"] as const;

/** Guards that look at a pool have nothing to see at a provider, and the other way round. */
function checkGuards(findings: Findings, rule: Rule, field: string): void {
  const { pool, provider } = targetOf(rule);
  const idle: readonly (keyof Rule["guards"])[] = [
    ...(pool === undefined ? poolGuards : []),
    ...(provider === undefined ? providerGuards : []),
  ];
  for (const guard of idle) {
    if (rule.guards[guard] === undefined) continue;
    const needed = (poolGuards as readonly unknown[]).includes(guard) ? "a pool" : "a provider";
    findings.warn(
      `${field}.guards.${String(guard)}`,
      `has no effect: this guard needs a rule that sends to ${needed}.`,
    );
  }
  if (rule.spillAfterS !== undefined && pool === undefined) {
    findings.warn(`${field}.spillAfterS`, "has no effect: only a pool lets requests wait.");
  }
  checkHold(findings, rule, field);
}

function checkHold(findings: Findings, rule: Rule, field: string): void {
  if (rule.hold === undefined) return;
  if (targetOf(rule).pool === undefined) {
    findings.warn(`${field}.hold`, "has no effect: only work for a pool can be held.");
    return;
  }
  if (Object.keys(rule.guards).length > 0) {
    findings.warn(
      `${field}.guards`,
      "have no effect on a rule with hold: held work waits instead.",
    );
  }
  if (rule.hold.whenRunningBelow === 0) {
    findings.warn(
      `${field}.hold.whenRunningBelow`,
      "of 0 never releases anything; wanted above 0.",
    );
  }
}

function checkTarget(findings: Findings, rule: Rule, scenario: Scenario, field: string): void {
  const { pool, provider } = targetOf(rule);
  const named = ["pool", "provider", "reject"].filter((kind) => kind in rule.to);
  if (named.length > 1) {
    findings.problem(
      `${field}.to`,
      `found ${named.join(" and ")}, wanted one of pool, provider, reject. Remove what is not meant; a rule after this one can name the other.`,
    );
  }
  if (pool !== undefined) {
    findReferenced(findings, scenario.pools, pool, `${field}.to.pool`, "pools");
  }
  if (provider === undefined) return;
  const { providers } = scenario;
  findReferenced(findings, providers, provider, `${field}.to.provider`, "providers");
}

function checkRule(findings: Findings, rule: Rule, scenario: Scenario, field: string): void {
  const { match } = rule;
  const { classes } = scenario.traffic;
  checkTarget(findings, rule, scenario, field);
  checkNames(findings, match.classes, classes, `${field}.match.classes`, "traffic.classes");
  checkRange(findings, match.promptTokens, `${field}.match.promptTokens`);
  checkRange(findings, match.outputTokens, `${field}.match.outputTokens`);
  checkGuards(findings, rule, field);
  const unserved = (match.classes ?? [])
    .map((id) => classes.find((each) => each.id === id))
    .find((each) => each !== undefined && !isServed(each, rule, scenario));
  if (unserved === undefined) return;
  findings.problem(
    `${field}.to`,
    `sends class "${unserved.id}", which accepts ${unserved.models.join(", ")}, to model "${targetModel(rule, scenario)}". Add that model to the class, or choose another target.`,
  );
}

function targetModel(rule: Rule, scenario: Scenario): string | undefined {
  const { pool, provider } = targetOf(rule);
  if (pool !== undefined) return scenario.pools.find(({ id }) => id === pool)?.model;
  return scenario.providers.find(({ id }) => id === provider)?.model;
}

/** Whether the rule's target serves a model that the class accepts; a rule that rejects serves all. */
function isServed(each: TrafficClass, rule: Rule, scenario: Scenario): boolean {
  const model = targetModel(rule, scenario);
  return model === undefined || each.models.length === 0 || each.models.includes(model);
}

function isAlwaysOn(schedule: Schedule | undefined): boolean {
  if (schedule === undefined || schedule.kind === "always") return true;
  const wholeDay = (from: string, to: string): boolean =>
    from === to || (from === "00:00" && to === "24:00");
  return schedule.hours.some(({ from, to, days }) => days === undefined && wholeDay(from, to));
}

function isTargetAlwaysOn(rule: Rule, scenario: Scenario): boolean {
  const pool = scenario.pools.find(({ id }) => id === targetOf(rule).pool);
  const partition = scenario.partitions.find(({ id }) => id === pool?.partition?.id);
  return isAlwaysOn(pool?.schedule) && isAlwaysOn(partition?.schedule);
}

/** Whether the rule can apply to requests of the class at all. */
function isForClass(rule: Rule, each: TrafficClass, scenario: Scenario): boolean {
  const { classes, tiers } = rule.match;
  if (classes !== undefined && !classes.includes(each.id)) return false;
  if (tiers !== undefined && !tiers.includes(each.tier)) return false;
  return isServed(each, rule, scenario);
}

/** What keeps a rule from taking every request of a class for good; undefined when nothing does. */
function conditionOf(rule: Rule, each: TrafficClass, scenario: Scenario): string | undefined {
  const { models, tenants, promptTokens, outputTokens, hours } = rule.match;
  const takesModels =
    models === undefined ||
    (each.models.length > 0 && each.models.every((model) => models.includes(model)));
  const conditions: [boolean, string][] = [
    [!takesModels, "a match on models"],
    [tenants !== undefined, "a match on tenants"],
    [promptTokens !== undefined, "a match on promptTokens"],
    [outputTokens !== undefined, "a match on outputTokens"],
    [hours !== undefined, "a match on hours"],
    [(rule.share ?? 1) < 1, "a share below 1"],
    [Object.values(rule.guards).some((guard) => guard !== undefined && guard !== false), "a guard"],
    [rule.spillAfterS !== undefined && targetOf(rule).pool !== undefined, "spillAfterS"],
    [!isTargetAlwaysOn(rule, scenario), "a pool that is not always on"],
    [
      rule.hold !== undefined && each.deadline !== undefined && targetOf(rule).pool !== undefined,
      "a hold that ends before a deadline",
    ],
  ];
  return conditions.find(([holds]) => holds)?.[1];
}

/** Every class needs a rule that takes whatever the rules before it left. */
function checkTotality(findings: Findings, scenario: Scenario): void {
  const { rules } = scenario;
  scenario.traffic.classes.forEach((each) => {
    const own = rules.filter((rule) => isForClass(rule, each, scenario));
    if (own.some((rule) => conditionOf(rule, each, scenario) === undefined)) return;
    const last = own[own.length - 1];
    const why =
      last === undefined
        ? "no rule is for it"
        : `its last rule "${last.id}" has ${conditionOf(last, each, scenario)}`;
    findings.problem(
      "rules",
      `the policy is not total: a request of class "${each.id}" can fall through, because ${why}; wanted a last rule without conditions, share, guards or spillAfterS, to a target that is always on. Add one, e.g. to a provider or {"reject": true}.`,
    );
  });
}

/** Whether requests that the rule has taken may still go on to the next one. */
function mayGoOn(rule: Rule, scenario: Scenario): boolean {
  const provider = scenario.providers.find(({ id }) => id === targetOf(rule).provider);
  return (
    provider !== undefined && (provider.retry.thenFailover || provider.retry.onLimit === "failover")
  );
}

function checkReach(findings: Findings, scenario: Scenario): void {
  const { rules } = scenario;
  const { classes } = scenario.traffic;
  rules.forEach((rule, i) => {
    const reached = classes.some((each) => {
      if (!isForClass(rule, each, scenario)) return false;
      const before = rules.slice(0, i).filter((other) => isForClass(other, each, scenario));
      return before.every(
        (other) => conditionOf(other, each, scenario) !== undefined || mayGoOn(other, scenario),
      );
    });
    if (!reached) findings.warn(`rules[${i}]`, `rule "${rule.id}" is never reached.`);
  });
  scenario.pools.forEach((pool, i) => {
    if (rules.some((rule) => targetOf(rule).pool === pool.id)) return;
    findings.warn(
      `pools[${i}]`,
      `no rule sends to pool "${pool.id}"; it costs and serves nothing.`,
    );
  });
}

function checkProvider(findings: Findings, provider: Provider, field: string): void {
  checkDistribution(findings, provider.batch.completionS, `${field}.batch.completionS`);
  const { baseS, maxS } = provider.retry;
  if (baseS > maxS) {
    findings.problem(
      `${field}.retry`,
      `found baseS ${baseS} above maxS ${maxS}, wanted at most it.`,
    );
  }
}

/** A prompt is billed in the last tier that it is above: thresholds must rise. */
function checkTiers(findings: Findings, { price }: Provider, field: string): void {
  const tiers = price.contextTiers ?? [];
  tiers.forEach(({ abovePromptTokens }, i) => {
    const before = tiers[i - 1]?.abovePromptTokens;
    if (before === undefined || abovePromptTokens > before) return;
    findings.problem(
      `${field}.price.contextTiers[${i}].abovePromptTokens`,
      `found ${abovePromptTokens} after ${before}, wanted thresholds that rise. Put the tiers in order.`,
    );
  });
}

/** Reports what is wrong between the fields of providers and rules, a policy that is not total above all. */
export function checkRouting(findings: Findings, scenario: Scenario): void {
  checkUnique(findings, scenario.providers, "providers");
  checkUnique(findings, scenario.rules, "rules");
  scenario.providers.forEach((provider, i) => {
    checkProvider(findings, provider, `providers[${i}]`);
    checkTiers(findings, provider, `providers[${i}]`);
  });
  scenario.rules.forEach((rule, i) => {
    checkRule(findings, rule, scenario, `rules[${i}]`);
  });
  checkTotality(findings, scenario);
  checkReach(findings, scenario);
}
