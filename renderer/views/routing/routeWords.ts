/** The answer of the test box in words. */
import type { RouteTestReply } from "../../../shared/contract/insightMethods.ts";
import { listText } from "../../../shared/reports/ruleSentence.ts";

type RuleTest = RouteTestReply["rules"][number];

const outcomeNames: Readonly<Record<RuleTest["outcome"], string>> = {
  taken: "takes it",
  held: "takes it and holds it",
  skipped: "is for other requests",
  refused: "cannot take it now",
  unread: "is not asked",
};

/** What a rule does with the request, and which condition decides it. */
export function outcomeWords({ outcome, conditions, guards, share }: RuleTest): string {
  const failed = [...conditions, ...guards].filter(({ holds }) => !holds);
  const why = failed.map(({ name, wanted, found }) => `${name} is ${found}, wanted ${wanted}`);
  const reason = why.length === 0 ? "" : `: ${listText(why)}`;
  const part =
    share < 1 && outcome !== "skipped" && outcome !== "unread"
      ? `, as it does ${Number((share * 100).toPrecision(6))} % of such requests`
      : "";
  return `${outcomeNames[outcome]}${part}${reason}`;
}

/** Where the request would go, in a sentence. */
export function routeSentence(reply: RouteTestReply): string {
  const { destination, kind, isSpilled, isHeld, class: ofClass } = reply;
  const who = `A request of class ${ofClass}`;
  if (kind === "reject") return `${who} would be rejected.`;
  if (kind === "unroutable" || destination === null) return `${who} would find no place.`;
  const refused = reply.rules.filter(({ outcome }) => outcome === "refused");
  const spilled = isSpilled
    ? `, because ${listText(refused.map(({ rule }) => rule))} could not take it`
    : "";
  const held = isHeld ? ", held for its hours" : "";
  return `${who} would go to ${destination}${spilled}${held}.`;
}
