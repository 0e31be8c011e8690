/** Traffic classes as editors carve them. */
import { formatCount, formatGiven } from "../../../shared/reports/formatters.ts";
import type { Draft } from "../../components/editing.tsx";
import { freeId } from "../../components/ids.ts";

export type ClassInput = Draft["traffic"]["classes"][number];
type Targets = NonNullable<ClassInput["targets"]>;
export type Tier = NonNullable<ClassInput["tier"]>;

export const tiers = [
  { id: "realTime", name: "real-time", note: "a person waits for each token" },
  { id: "nearLine", name: "near-line", note: "may wait some seconds" },
  { id: "batch", name: "batch", note: "may wait for its deadline; has the batch price of an API" },
] as const;

/** What a class can be carved by. */
export const carvings = [
  { id: "share", name: "a share of the requests" },
  { id: "size", name: "size" },
  { id: "model", name: "model" },
  { id: "tenant", name: "tenant" },
  { id: "tag", name: "tag" },
  { id: "source", name: "source" },
] as const;
export type Carving = (typeof carvings)[number]["id"];

/** Targets that a new class of a tier begins with. */
export function usualTargets(tier: Tier): Targets {
  if (tier === "realTime") return { ttft: { ms: 2000 }, tpot: { ms: 50 } };
  return tier === "nearLine" ? { ttft: { ms: 10_000 } } : {};
}

/** Names that can be matched, the most frequent first. */
export interface KnownNames {
  readonly models: readonly string[];
  readonly tenants: readonly string[];
  readonly tags: readonly string[];
}

/** A new class that takes what the carving says, ready to be changed. */
export function carved(by: Carving, draft: Draft, names: KnownNames): ClassInput {
  const { classes, sources } = draft.traffic;
  const make = (
    wished: string,
    rest: Partial<ClassInput>,
    tier: Tier = "nearLine",
  ): ClassInput => ({
    ...{ id: freeId(wished, classes), tier, targets: usualTargets(tier) },
    ...rest,
  });
  switch (by) {
    case "share":
      return make("share", { share: 0.3 });
    case "size":
      return make("long-prompts", { match: { promptTokens: { min: 4000 } } });
    case "model":
      return make("by-model", { match: { models: names.models.slice(0, 1) } }, "realTime");
    case "tenant":
      return make("by-tenant", { match: { tenants: names.tenants.slice(0, 1) } }, "realTime");
    case "tag":
      return make("by-tag", { match: { tags: names.tags.slice(0, 1) } }, "realTime");
    case "source":
      return make("by-source", { match: { sources: [sources[0].id] } }, "realTime");
  }
}

/** Whether every request that reaches the class is its own: no match, no share. */
export function isCatchAll({ match = {}, share }: ClassInput): boolean {
  return (
    (share === undefined || share === 1) && Object.values(match).every((each) => each === undefined)
  );
}

/** Where a carved class goes: before the first that takes everything, for behind it nothing is left. */
export function placeFor(classes: readonly ClassInput[]): number {
  const at = classes.findIndex(isCatchAll);
  return at < 0 ? classes.length : at;
}

/** Classes that no request can reach, because an earlier one takes everything: their positions. */
export function unreachable(classes: readonly ClassInput[]): number[] {
  const at = classes.findIndex(isCatchAll);
  return at < 0 ? [] : classes.map((_, i) => i).filter((i) => i > at);
}

function rangeText(
  name: string,
  range: { readonly min?: number; readonly max?: number } | undefined,
): string[] {
  if (range === undefined || (range.min === undefined && range.max === undefined)) return [];
  const { min, max } = range;
  if (max === undefined) return [`${formatCount(min!)} or more ${name} tokens`];
  if (min === undefined) return [`at most ${formatCount(max)} ${name} tokens`];
  return [`${formatCount(min)} to ${formatCount(max)} ${name} tokens`];
}

/** What a class takes, in words. */
export function takesText({ match = {}, share }: ClassInput, isFirst: boolean): string {
  const list = (names: readonly string[] | undefined, word: string): string[] =>
    names === undefined ? [] : [`${word} ${names.length === 0 ? "nobody" : names.join(" or ")}`];
  const ranges = [
    ...rangeText("prompt", match.promptTokens),
    ...rangeText("output", match.outputTokens),
  ];
  const parts = [
    ...list(match.sources, "from"),
    ...list(match.models, "for"),
    ...list(match.tenants, "of"),
    ...list(match.tags, "tagged"),
    ...(ranges.length > 0 ? [`with ${ranges.join(" and ")}`] : []),
  ];
  const left = isFirst ? "" : " that earlier classes left";
  const of = parts.length === 0 ? `requests${left}` : `requests ${parts.join(", ")}`;
  return share === undefined || share === 1
    ? `takes all ${of}`
    : `takes ${formatGiven(Number((share * 100).toPrecision(6)))} % of the ${of}`;
}

/** Gives a class another id, also where rules name it. */
export function renameClass(draft: Draft, index: number, id: string): void {
  const own = draft.traffic.classes[index];
  const before = own.id;
  own.id = id;
  for (const { match } of draft.rules ?? []) {
    if (match?.classes) match.classes = match.classes.map((each) => (each === before ? id : each));
  }
}
