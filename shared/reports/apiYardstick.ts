/** A run held against the API: what the tokens that it served would cost at a provider's list price, and which of the two is cheaper. */
import type { CostReport } from "../cost/costReport.ts";
import type { RunReport } from "../planning/runReport.ts";
import { formatPercent, formatUsd, plainText } from "./formatters.ts";

/** A provider of a scenario, as far as its list price goes. */
export interface ListPrice {
  readonly id: string;
  readonly name: string;
  readonly inputUsdPerMTok: number;
  readonly outputUsdPerMTok: number;
}

/** The cheapest provider for the tokens of a run. */
export interface ApiYardstick {
  readonly provider: ListPrice;
  /** USD a month for all tokens served, every prompt token at the uncached input price: the list price, without batch, cache or context tiers. */
  readonly monthUsd: number;
}

/** Providers of a scenario document that have one price for all lengths; others say nothing without knowing each request. */
export function listPrices(document: Readonly<Record<string, unknown>>): ListPrice[] {
  const providers = Array.isArray(document.providers) ? (document.providers as unknown[]) : [];
  return providers.flatMap((each) => {
    const { id, name, price } = (each ?? {}) as Record<string, unknown>;
    const { inputUsdPerMTok, outputUsdPerMTok, contextTiers } = (price ?? {}) as Record<
      string,
      unknown
    >;
    if (typeof inputUsdPerMTok !== "number" || typeof outputUsdPerMTok !== "number") return [];
    if (Array.isArray(contextTiers) && contextTiers.length > 0) return [];
    const named = typeof name === "string" && name !== "" ? name : String(id);
    return [{ id: String(id), name: named, inputUsdPerMTok, outputUsdPerMTok }];
  });
}

/** The least that the tokens of a bill cost at one of the prices; undefined without prices or tokens. */
export function apiYardstick(
  { tokens, monthFactor }: Pick<CostReport, "tokens" | "monthFactor">,
  prices: readonly ListPrice[],
): ApiYardstick | undefined {
  if (tokens.prompt + tokens.output === 0) return undefined;
  const costs = prices.map((provider) => {
    const { inputUsdPerMTok, outputUsdPerMTok } = provider;
    const usd = (tokens.prompt * inputUsdPerMTok + tokens.output * outputUsdPerMTok) / 1e6;
    return { provider, monthUsd: usd * monthFactor };
  });
  return costs.sort((a, b) => a.monthUsd - b.monthUsd)[0];
}

/** What serves: own GPUs, APIs, or both. */
function wayOf({ lines }: CostReport): "own" | "api" | "mix" {
  const isOwn = lines.some(({ kind }) => kind === "gpuUsed" || kind === "gpuIdle");
  const isApi = lines.some(({ kind, quantity }) => kind.startsWith("api") && quantity > 0);
  return isOwn ? (isApi ? "mix" : "own") : "api";
}

const ways = {
  own: { name: "own GPUs", beats: "Own GPUs beat" },
  mix: { name: "this mix", beats: "This mix beats" },
};

/** Why a lower cost is no win; undefined where nothing stands against it. */
function reservation({ targets, requests }: RunReport): string | undefined {
  const unserved = requests.rejected + requests.aborted + requests.unfinished;
  if (unserved > requests.arrived / 100) {
    return `${formatPercent(unserved / requests.arrived)} of its requests are not answered`;
  }
  return targets.some(({ isMet }) => isMet === false) ? "it misses targets" : undefined;
}

/**
 * Which is cheaper, the run or the API, and by how much, in a sentence; undefined where there is nothing to hold the run against: no provider with one price,
 * no tokens, or a run that is all of that one price.
 */
export function yardstickSentence(
  report: RunReport,
  prices: readonly ListPrice[],
): string | undefined {
  const { cost } = report;
  const yardstick = apiYardstick(cost, prices);
  if (yardstick === undefined || !(cost.monthUsd > 0) || !(yardstick.monthUsd > 0))
    return undefined;
  const way = wayOf(cost);
  const { provider, monthUsd } = yardstick;
  const saved = monthUsd - cost.monthUsd;
  const isSame = Math.abs(saved) < monthUsd / 1000;
  if (isSame && way === "api") return undefined;
  const at = `the same tokens at ${provider.name}'s list price`;
  const tokensCost = `${at} cost ${formatUsd(monthUsd)} a month`;
  const by = `${formatUsd(Math.abs(saved))} a month`;
  const share = formatPercent(Math.abs(saved) / Math.max(monthUsd, cost.monthUsd));
  if (way === "api") {
    const side = saved < 0 ? "less" : "more";
    return plainText(`${upperFirst(tokensCost)}, ${by} (${share}) ${side}.`);
  }
  const { name, beats } = ways[way];
  if (isSame) return plainText(`${upperFirst(name)} and ${tokensCost}: the same.`);
  if (saved < 0) return plainText(`The API beats ${name} by ${by}, ${share}: ${tokensCost}.`);
  const but = reservation(report);
  return plainText(
    but === undefined
      ? `${beats} the API by ${by}, ${share}: ${tokensCost}.`
      : `It is ${by} (${share}) cheaper than ${at}, but ${but}.`,
  );
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
