/** A routing rule as a sentence that a colleague could read aloud. */
import { formatGiven } from "../../../shared/reports/formatters.ts";
import { givenPercent, givenSeconds, listText } from "../../../shared/reports/ruleSentence.ts";
import type { Draft } from "../../components/editing.tsx";

export type RuleInput = Draft["rules"][number];
type Match = NonNullable<RuleInput["match"]>;
type Guards = NonNullable<RuleInput["guards"]>;
type HoursInput = NonNullable<Match["hours"]>;

const tierNames: Readonly<Record<string, string>> = {
  realTime: "real-time",
  nearLine: "near-line",
  batch: "batch",
};

function tokens(count: number): string {
  return `${formatGiven(count)} tokens`;
}

function rangeWords(what: string, range: Match["promptTokens"]): string[] {
  const { min, max } = range ?? {};
  if (min !== undefined && max !== undefined) {
    return [`${what} of ${formatGiven(min)} to ${tokens(max)}`];
  }
  if (min !== undefined) return [`${what} of at least ${tokens(min)}`];
  return max === undefined ? [] : [`${what} of at most ${tokens(max)}`];
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** "Monday to Friday", "Saturday and Sunday". */
function dayWords(days: readonly string[]): string {
  const week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
  const sorted = week.filter((day) => days.includes(day));
  const first = week.indexOf(sorted[0]);
  const isRun = sorted.length > 2 && sorted.every((day, i) => day === week[first + i]);
  if (isRun) return `${capital(sorted[0])} to ${capital(sorted[sorted.length - 1])}`;
  return listText(sorted.map(capital));
}

/** "from 22:00 to 06:00, Monday to Friday". */
export function hoursWords({ from, to, days }: HoursInput): string {
  return `from ${from} to ${to}${days === undefined ? "" : `, ${dayWords(days)}`}`;
}

/** Which requests: "Near-line requests of at least 2,000 tokens". */
function subject({ match, share }: RuleInput): string {
  const { classes, tiers, models, tenants, promptTokens, outputTokens, hours } = match ?? {};
  const tierWords =
    tiers === undefined
      ? ""
      : `${listText(
          tiers.map((each) => tierNames[each]),
          "or",
        )} `;
  const kind = classes === undefined ? "requests" : `requests of ${listText(classes, "or")}`;
  const with_ = [
    ...rangeWords("a prompt", promptTokens),
    ...rangeWords("an expected output", outputTokens),
  ];
  const words = [
    `${tierWords}${kind}`,
    ...(models === undefined ? [] : [`for ${listText(models, "or")}`]),
    ...(tenants === undefined ? [] : [`of tenant ${listText(tenants, "or")}`]),
    ...(with_.length === 0 ? [] : [`with ${listText(with_)}`]),
    ...(hours === undefined ? [] : [hoursWords(hours)]),
  ].join(" ");
  if (share !== undefined && share < 1) return `${givenPercent(share)} of ${words}`;
  const isAll = Object.keys(match ?? {}).length === 0;
  return isAll ? "everything that is left" : words;
}

function guardWords(guards: Guards): string[] {
  const { maxEstimatedWaitS, maxWaiting, maxKvUsage, maxRunningShare } = guards;
  const { monthlyBudgetUsd, withinProviderLimits } = guards;
  return [
    ...(maxWaiting === undefined
      ? []
      : [maxWaiting === 0 ? "none waits there" : `at most ${maxWaiting} wait per replica`]),
    ...(maxEstimatedWaitS === undefined
      ? []
      : [`the wait is estimated at ${givenSeconds(maxEstimatedWaitS)} or less`]),
    ...(maxKvUsage === undefined
      ? []
      : [`the KV cache is at most ${givenPercent(maxKvUsage)} full`]),
    ...(maxRunningShare === undefined
      ? []
      : [`at most ${givenPercent(maxRunningShare)} of the running places are taken`]),
    ...(monthlyBudgetUsd === undefined
      ? []
      : [`the month's bill there is below $${formatGiven(monthlyBudgetUsd)}`]),
    ...(withinProviderLimits ? ["the provider's limits have room"] : []),
  ];
}

function holdWords(hold: RuleInput["hold"]): string {
  if (hold === undefined) return "";
  const until = [
    ...(hold.window === undefined ? [] : [hoursWords(hold.window)]),
    ...(hold.whenRunningBelow === undefined
      ? []
      : [
          `while fewer than ${givenPercent(hold.whenRunningBelow)} of the running places are taken`,
        ]),
  ];
  const deadline = givenSeconds(hold.releaseBeforeDeadlineS ?? 1800);
  const release = until.length === 0 ? "" : `, to run ${listText(until, "or")}`;
  return `, held${release}, and released ${deadline} before a deadline at the latest`;
}

/** Where a rule sends; undefined where it names nothing. */
export function targetId({ to }: RuleInput): string | undefined {
  const { pool, provider } = to as { pool?: string; provider?: string };
  return pool ?? provider;
}

/** Kind of destination: decides colour and mark. */
export function targetKind({ to }: RuleInput): "own" | "api" | "reject" {
  if ("pool" in to) return "own";
  return "provider" in to ? "api" : "reject";
}

/** The rule in one sentence, without its number. */
export function ruleSentence(rule: RuleInput): string {
  const who = capital(subject(rule));
  const isOne = who === "Everything that is left";
  const target = targetId(rule);
  const verb =
    target === undefined ? (isOne ? "is rejected" : "are rejected") : isOne ? "goes to" : "go to";
  const guards = guardWords(rule.guards ?? {});
  const while_ = guards.length === 0 ? "" : ` while ${listText(guards)}`;
  const spill =
    rule.spillAfterS === undefined
      ? ""
      : `; after ${givenSeconds(rule.spillAfterS)} of waiting they go on to the next rule`;
  const destination = target === undefined ? "" : ` ${target}`;
  return `${who} ${verb}${destination}${while_}${holdWords(rule.hold)}${isOne ? spill.replace("they go", "it goes") : spill}.`;
}

/** The sentence with its units kept beside their figures when a line ends. */
export function keepUnits(sentence: string): string {
  return sentence.replace(/(\d) (%|ms|s|min|h|days|tokens)(?![\w])/g, "$1\u00a0$2");
}

/** Why the last rule may leave requests without a place; undefined where it takes whatever is left. */
export function whyNotTotal(rules: readonly RuleInput[]): string | undefined {
  const last = rules[rules.length - 1];
  if (last === undefined) return "There is no rule: no request would have a place.";
  const conditions = [
    ...(Object.keys(last.match ?? {}).length > 0 ? ["conditions"] : []),
    ...((last.share ?? 1) < 1 ? ["a share below 100 %"] : []),
    ...(guardWords(last.guards ?? {}).length > 0 ? ["a guard"] : []),
    ...(last.spillAfterS !== undefined && targetKind(last) === "own" ? ["a longest wait"] : []),
  ];
  if (conditions.length === 0) return undefined;
  return `The last rule has ${listText(conditions)}: a request that it does not take may have no place. Add a rule for everything that is left.`;
}

/** A list with one entry moved; the same list where it stays. */
export function moved<Entry>(list: readonly Entry[], from: number, to: number): readonly Entry[] {
  if (from === to || to < 0 || to >= list.length) return list;
  const rest = list.filter((_, i) => i !== from);
  return [...rest.slice(0, to), list[from], ...rest.slice(to)];
}
