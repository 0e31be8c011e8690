/** The three conditions under which own GPUs are said to pay (volume, tolerance of batching, sustained utilization), each from the simulation, and the rule of thumb beside them. */
import type { Scenario } from "../../schema/scenario.ts";
import { formatTokens } from "../../units/figureText.ts";
import { sPerHour, tokensPerMTok } from "../../units/units.ts";
import type { BreakEvenPoint, StrategyPoint } from "./breakEvenPoint.ts";
import type { OwnFleet } from "./breakEvenSetup.ts";
import type { PairCrossings } from "./crossings.ts";
import type { Strategy } from "./strategies.ts";
import type { MeasuredTraffic } from "./trafficVolume.ts";
import { cheapestValid } from "./verdict.ts";

/** One condition: what there is over what is needed. */
export interface GateCondition {
  readonly condition: "volume" | "batching" | "utilization";
  /** undefined where the study cannot say. */
  readonly isMet?: boolean;
  readonly found?: number;
  readonly needed?: number;
  readonly unit: "tokens a month" | "tokens a month and GPU" | "share of capacity";
  /** found / needed; 1 and more is met. */
  readonly margin?: number;
  /** The needed figure lies outside the range studied, which bounds it. */
  readonly bound?: "atMost" | "atLeast";
  /** What was found is the most that was tried: there may be more. */
  readonly isFoundAtLeast?: boolean;
}

/** The published rule: over 300 M tokens a month, and tolerant of batching or sustained, and 60 % utilization or more. */
export interface RuleOfThumb {
  readonly isVolumeMet: boolean;
  /** Half of the tokens at least are of the near-line or batch tier. */
  readonly isBatchTolerant: boolean;
  /** The mean rate is 60 % or more of the busiest 1/24 of the window. */
  readonly isSustained: boolean;
  readonly isUtilizationMet: boolean;
  readonly busyFraction: number | null;
  readonly tolerantTokenShare: number;
  readonly meanOverPeak: number;
  /** Own GPUs win, by the rule. */
  readonly ownWins: boolean;
}

/** The gate. */
export interface Gate {
  /** The own fleet and the API that are set against each other. */
  readonly own: string;
  readonly api: string;
  readonly conditions: readonly GateCondition[];
  /** Every condition is met, in the simulation. */
  readonly isOpen: boolean;
  /** The own fleet keeps the targets at the traffic's own volume, and costs less than every API that does. */
  readonly ownWins: boolean;
  /** The scenario's mix keeps them too, and costs less than either. */
  readonly mixWins: boolean;
  /** USD a month of the own fleet that only keeps up, without latency targets, beside the one that keeps them. */
  readonly relaxedMonthUsd?: number;
  readonly relaxedGpus?: number;
  readonly strictMonthUsd: number;
  readonly strictGpus: number;
  readonly isStrictValid: boolean;
  /** The API keeps the targets at the traffic's own volume. */
  readonly isApiValid: boolean;
  readonly ruleOfThumb: RuleOfThumb;
  readonly agrees: boolean;
  /** Why the two differ, or where they agree for other reasons; one sentence each. */
  readonly reasons: readonly string[];
}

/** The published thresholds, as claimed: not a constant of the model. */
export const ruleThresholds = { monthTokens: 300e6, busyFraction: 0.6, sustained: 0.6 };

/** What the gate is judged from. */
export interface GateInput {
  readonly scenario: Scenario;
  readonly measured: MeasuredTraffic;
  readonly strategies: readonly Strategy[];
  readonly own: readonly OwnFleet[];
  readonly points: readonly BreakEvenPoint[];
  readonly ownPoint: BreakEvenPoint;
  readonly crossings: readonly PairCrossings[];
  /** The own strategy at the own volume without latency targets. */
  readonly relaxed?: StrategyPoint;
}

/** The API and own strategies set against each other: the cheapest valid ones at the own volume; a fleet that misses targets where none keeps them, the mix where all on own GPUs is not among the strategies. */
export function gateRivals(
  ownPoint: BreakEvenPoint,
  strategies: readonly Strategy[],
): { readonly own: StrategyPoint; readonly api: StrategyPoint } | undefined {
  const pick = (kind: Strategy["kind"]): StrategyPoint | undefined => {
    const ofKind = strategies.filter((each) => each.kind === kind);
    const ids = ofKind.map(({ id }) => id);
    const points = ownPoint.strategies.filter(({ strategy }) => ids.includes(strategy));
    const byCost = [...points].sort((a, b) => a.monthUsd.mean - b.monthUsd.mean);
    return cheapestValid(ownPoint, ofKind) ?? byCost[0];
  };
  const own = pick("own") ?? pick("hybrid");
  const api = pick("api");
  return own === undefined || api === undefined ? undefined : { own, api };
}

function condition(
  name: GateCondition["condition"],
  unit: GateCondition["unit"],
  found: number | undefined,
  needed: number | undefined,
  bound?: GateCondition["bound"],
): GateCondition {
  const isKnown = found !== undefined && needed !== undefined && needed > 0;
  const margin = isKnown ? found / needed : undefined;
  const isMet = margin === undefined ? undefined : margin >= 1;
  return { condition: name, isMet, found, needed, unit, margin, bound };
}

/** Volume against the last crossing above which own GPUs are cheaper; the end of the range bounds it where there is none. */
function volumeCondition(input: GateInput, own: string, api: string): GateCondition {
  const { measured, crossings, points } = input;
  const pair = crossings.find(({ first, second }) => first === api && second === own);
  const up = (pair?.crossings ?? []).filter((each) => each.cheaperAbove === own);
  const last = up[up.length - 1]?.monthTokens;
  const found = measured.monthTokens;
  if (last !== undefined) return condition("volume", "tokens a month", found, last);
  const least = points[0].monthTokens;
  const most = points[points.length - 1].monthTokens;
  return pair?.cheaperAtFirst === own
    ? condition("volume", "tokens a month", found, least, "atMost")
    : condition("volume", "tokens a month", found, most, "atLeast");
}

/** Tokens a month that each GPU must serve so that its rent and licence are worth the API's price. */
function neededPerGpu(own: StrategyPoint, api: StrategyPoint): number | undefined {
  const perGpuUsd = (own.monthUsd.mean - own.apiUsd) / Math.max(1, own.gpus);
  const price = api.usdPerMTok?.mean;
  return price === undefined || price === 0 ? undefined : (perGpuUsd / price) * tokensPerMTok;
}

/** The most tokens a month and GPU that the own GPUs serve at any volume with the targets kept, over what pays. Where one and the same fleet does for all volumes there may be room for more. */
function batchingCondition(
  points: readonly BreakEvenPoint[],
  own: string,
  monthS: number,
  needed: number | undefined,
): GateCondition {
  const fleets = points.flatMap(({ strategies }) =>
    strategies.filter(({ strategy }) => strategy === own),
  );
  const served = fleets
    .filter((each) => each.isValid && each.gpus > 0)
    .map((each) => (each.ownTokensPerS * monthS) / each.gpus);
  const found = served.length === 0 ? undefined : Math.max(...served);
  const judged = condition("batching", "tokens a month and GPU", found, needed);
  const hasRoom = fleets.every((each) => each.isValid && each.gpus === fleets[0].gpus);
  if (!hasRoom || found === undefined || found === 0) return judged;
  return { ...judged, isMet: judged.isMet === true ? true : undefined, isFoundAtLeast: true };
}

/** Tokens a month that one GPU serves when it never waits. */
function capacityPerGpu(input: GateInput, own: StrategyPoint): number | undefined {
  const fleet = input.own.find(({ strategy }) => strategy === own.strategy) ?? input.own[0];
  if (fleet === undefined || own.gpus === 0) return undefined;
  const perS = fleet.units.reduce(
    (sum, { unit, tokensPerS }) => sum + tokensPerS * (own.counts[unit.id] ?? 0),
    0,
  );
  return (perS / own.gpus) * input.scenario.monthHours * sPerHour;
}

function utilizationCondition(
  input: GateInput,
  own: StrategyPoint,
  needed: number | undefined,
): GateCondition {
  const capacity = capacityPerGpu(input, own);
  const served = own.ownTokensPerS * input.scenario.monthHours * sPerHour;
  const isKnown = capacity !== undefined && capacity > 0;
  return condition(
    "utilization",
    "share of capacity",
    isKnown ? served / own.gpus / capacity : undefined,
    isKnown && needed !== undefined ? needed / capacity : undefined,
  );
}

function ruleOfThumb({ scenario, measured }: GateInput, own: StrategyPoint): RuleOfThumb {
  const tolerantTokenShare = scenario.traffic.classes.reduce(
    (sum, { tier }, i) => sum + (tier === "realTime" ? 0 : measured.classTokenShares[i]),
    0,
  );
  const isVolumeMet = measured.monthTokens > ruleThresholds.monthTokens;
  const isBatchTolerant = tolerantTokenShare >= 0.5;
  const isSustained = measured.meanOverPeak >= ruleThresholds.sustained;
  const isUtilizationMet = (own.busyFraction ?? 0) >= ruleThresholds.busyFraction;
  return {
    isVolumeMet,
    isBatchTolerant,
    isSustained,
    isUtilizationMet,
    busyFraction: own.busyFraction,
    tolerantTokenShare,
    meanOverPeak: measured.meanOverPeak,
    ownWins: isVolumeMet && (isBatchTolerant || isSustained) && isUtilizationMet,
  };
}

/** Sentences on each condition of which rule and simulation think differently. */
function differences(
  rule: RuleOfThumb,
  conditions: readonly GateCondition[],
  own: StrategyPoint,
): string[] {
  const [volume, batching, utilization] = conditions;
  const reasons: string[] = [];
  if (volume.isMet !== undefined && volume.isMet !== rule.isVolumeMet) {
    reasons.push(
      `The rule asks for ${formatTokens(ruleThresholds.monthTokens)} tokens a month whatever they are; at this traffic's input to output ratio, prices and whole GPUs the crossing is at ${volume.bound === "atMost" ? "most " : volume.bound === "atLeast" ? "least " : ""}${formatTokens(volume.needed!)}.`,
    );
  }
  const isTolerant = rule.isBatchTolerant || rule.isSustained;
  if (batching.isMet !== undefined && batching.isMet !== isTolerant) {
    const tiers = rule.isBatchTolerant
      ? "The tiers tolerate batching"
      : rule.isSustained
        ? "The traffic is sustained"
        : "Neither tiers nor rate are of the kind that the rule wants";
    const most = batching.isFoundAtLeast ? "at least" : "up to";
    reasons.push(
      batching.found === 0
        ? `${tiers}, but own GPUs serve none of these requests.`
        : `${tiers}, but under the latency targets a GPU serves ${most} ${formatTokens(batching.found!)} tokens a month, of ${formatTokens(batching.needed!)} that pay for it.`,
    );
  }
  if (utilization.isMet !== undefined && utilization.isMet !== rule.isUtilizationMet) {
    const busy = Math.round((own.busyFraction ?? 0) * 100);
    reasons.push(
      `The rule asks for 60 % busy GPUs, found ${busy} %; by tokens served they are at ${Math.round(utilization.found! * 100)} % of capacity and pay from ${Math.round(utilization.needed! * 100)} % on. A busy GPU may run small batches: busy is not full.`,
    );
  }
  return reasons;
}

/** Where a rival keeps no target, cost alone decides nothing. */
function missedReasons(own: StrategyPoint, api: StrategyPoint): string[] {
  const isCheaper = own.monthUsd.mean < api.monthUsd.mean;
  return [
    ...(own.isValid ? [] : [`Own GPUs miss a target: ${own.missed[0]}.`]),
    ...(api.isValid
      ? []
      : [
          `No API keeps the targets: ${api.strategy} says ${api.missed[0]}. The conditions weigh costs alone, by which own GPUs would ${isCheaper ? "" : "not "}be cheaper.`,
        ]),
  ];
}

/** Judges the three conditions at the traffic's own volume; undefined without an own strategy or an API to compare. */
export function judgeGate(input: GateInput): Gate | undefined {
  const { ownPoint, strategies, points, relaxed } = input;
  const rivals = gateRivals(ownPoint, strategies);
  if (rivals === undefined) return undefined;
  const { own, api } = rivals;
  const needed = neededPerGpu(own, api);
  const monthS = input.scenario.monthHours * sPerHour;
  const conditions = [
    volumeCondition(input, own.strategy, api.strategy),
    batchingCondition([...points, ownPoint], own.strategy, monthS, needed),
    utilizationCondition(input, own, needed),
  ];
  const rule = ruleOfThumb(input, own);
  const apiUsd = api.monthUsd.mean;
  const mix = cheapestValid(
    ownPoint,
    strategies.filter(({ kind }) => kind === "hybrid"),
  );
  const ownWins = own.isValid && (!api.isValid || own.monthUsd.mean < apiUsd);
  const agrees = rule.ownWins === ownWins;
  const reasons = differences(rule, conditions, own);
  return {
    own: own.strategy,
    api: api.strategy,
    conditions,
    isOpen: own.isValid && conditions.every((each) => each.isMet === true),
    ownWins,
    mixWins: mix !== undefined && mix.monthUsd.mean < Math.min(apiUsd, own.monthUsd.mean),
    relaxedMonthUsd: relaxed?.monthUsd.mean,
    relaxedGpus: relaxed?.gpus,
    strictMonthUsd: own.monthUsd.mean,
    strictGpus: own.gpus,
    isStrictValid: own.isValid,
    isApiValid: api.isValid,
    ruleOfThumb: rule,
    agrees,
    reasons: [...missedReasons(own, api), ...reasons],
  };
}
