/** Routing rules as sentences that can be read aloud. */
import type { Hours, Range } from "../schema/common.ts";
import type { Rule } from "../schema/routing.ts";
import { formatCount, formatGiven, plainText } from "./formatters.ts";

const tierNames = { realTime: "real-time", nearLine: "near-line", batch: "batch" } as const;

/** A duration as it was given, in the largest unit in which it is short: "250 ms", "4 s", "2 h", "7 days". */
export function givenSeconds(seconds: number): string {
  const units = [
    { name: "days", size: 86_400, from: 2 * 86_400 },
    { name: "h", size: 3600, from: 3600 },
    { name: "min", size: 60, from: 60 },
    { name: "s", size: 1, from: 1 },
  ];
  const isShort = (value: number): boolean => Number.isInteger(Math.round(value * 1e6) / 1e4);
  const unit = units.find(({ size, from }) => seconds >= from && isShort(seconds / size));
  if (unit !== undefined) return `${formatGiven(seconds / unit.size)} ${unit.name}`;
  return seconds >= 1 || seconds === 0
    ? `${formatGiven(seconds)} s`
    : `${formatGiven(seconds * 1000)} ms`;
}

/** A share of 1 as it was given: "95 %", "99.9 %". */
export function givenPercent(share: number): string {
  return `${formatGiven(share * 100)} %`;
}

/** "A, B and C". */
export function listText(items: readonly string[], last = "and"): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} ${last} ${items[items.length - 1]}`;
}

/** "22:00 to 06:00", with its days where it has some: "22:00 to 06:00 on Friday and Saturday". */
export function hoursText({ from, to, days }: Hours): string {
  const named = (days ?? []).map((day) => `${day[0].toUpperCase()}${day.slice(1)}`);
  return `${from} to ${to}${named.length === 0 ? "" : ` on ${listText(named)}`}`;
}

/** What is done with which requests, under what conditions: "Near-line requests go to own-h100 while at most 8 wait per replica." `isFirst`: no rule stands before it. */
export function ruleSentence(rule: Rule, isFirst = false): string {
  const parts = [
    `${sharePart(rule)}${subject(rule.match, isFirst)}`,
    destinationText(rule.to),
    ...guardTexts(rule.guards),
    ...holdTexts(rule.hold),
    ...(rule.spillAfterS === undefined
      ? []
      : [`and go on to the next rule when they have waited ${givenSeconds(rule.spillAfterS)}`]),
  ];
  const text = plainText(parts.join(" "));
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}

function sharePart({ share }: Rule): string {
  return share === undefined ? "" : `${givenPercent(share)} of `;
}

function subject(match: Rule["match"], isFirst: boolean): string {
  const { classes, tiers, models, tenants, promptTokens, outputTokens, hours } = match;
  const which = [
    ...(tiers === undefined ? [] : [listText(tiers.map((tier) => tierNames[tier]))]),
    ...(classes === undefined ? [] : [listText(classes)]),
  ];
  const conditions = [
    ...(models === undefined ? [] : [`for ${listText(models, "or")}`]),
    ...(tenants === undefined ? [] : [`of ${listText(tenants, "or")}`]),
    ...(promptTokens === undefined ? [] : [`with ${rangeText(promptTokens)} prompt tokens`]),
    ...(outputTokens === undefined
      ? []
      : [`with ${rangeText(outputTokens)} expected output tokens`]),
    ...(hours === undefined ? [] : [`from ${hoursText(hours)}`]),
  ];
  if (which.length + conditions.length === 0) {
    return isFirst ? "all requests" : "all requests that are left";
  }
  return [...which, "requests", ...conditions].join(" ");
}

function rangeText({ min, max }: Range): string {
  if (min === undefined) return max === undefined ? "any number of" : `up to ${formatCount(max)}`;
  return max === undefined
    ? `${formatCount(min)} or more`
    : `${formatCount(min)} to ${formatCount(max)}`;
}

function destinationText(to: Rule["to"]): string {
  if ("pool" in to) return `go to ${String(to.pool)}`;
  return "provider" in to ? `go to ${String(to.provider)}` : "are turned away";
}

function guardTexts(guards: Rule["guards"]): string[] {
  const { maxEstimatedWaitS, maxWaiting, maxKvUsage, maxRunningShare } = guards;
  const { monthlyBudgetUsd, withinProviderLimits } = guards;
  const conditions = [
    ...(maxEstimatedWaitS === undefined
      ? []
      : [`the wait is estimated at ${givenSeconds(maxEstimatedWaitS)} at most`]),
    ...(maxWaiting === undefined ? [] : [`at most ${formatCount(maxWaiting)} wait per replica`]),
    ...(maxKvUsage === undefined
      ? []
      : [`at most ${givenPercent(maxKvUsage)} of the KV cache is in use`]),
    ...(maxRunningShare === undefined
      ? []
      : [`at most ${givenPercent(maxRunningShare)} of the places in the batch are taken`]),
    ...(monthlyBudgetUsd === undefined
      ? []
      : [`the month's $${formatGiven(monthlyBudgetUsd)} are not spent`]),
    ...(withinProviderLimits === true ? ["the provider's limits leave room"] : []),
  ];
  return conditions.length === 0 ? [] : [`while ${listText(conditions)}`];
}

function holdTexts(hold: Rule["hold"]): string[] {
  if (hold === undefined) return [];
  const until = [
    ...(hold.window === undefined ? [] : [`for ${hoursText(hold.window)}`]),
    ...(hold.whenRunningBelow === undefined
      ? []
      : [`until less than ${givenPercent(hold.whenRunningBelow)} of its places are taken`]),
  ];
  const release = `released ${givenSeconds(hold.releaseBeforeDeadlineS)} before their deadline at the latest`;
  return [`and are held ${until.length === 0 ? "" : `${listText(until, "or")}, `}${release}`];
}
