/** The bill of a run: plain arithmetic on what it used and what the scenario says things cost. */
import { billField, billFieldCount } from "../serving/api/provider.ts";
import { InvariantError } from "../units/errors.ts";
import { nsPerS, sPerHour, tokensPerMTok } from "../units/units.ts";
import { apiCostByClass, apiItems } from "./apiItems.ts";
import { type CostFacts, factsOf } from "./costFacts.ts";
import type { CostItem, CostLine, CostReport } from "./costReport.ts";
import { gpuItems } from "./gpuItems.ts";
import { licenceItems } from "./licences.ts";

/**
 * Costs over the horizon and, scaled in proportion, over a month of scenario.monthHours. A month is as good as the
 * horizon is typical: an hour of peak traffic makes a month of peaks.
 * Throws InvariantError for a horizon of 0, a figure that is negative or not finite, or facts that are missing.
 */
export function computeCost(facts: CostFacts): CostReport {
  checkFacts(facts);
  const { scenario, horizonNs } = facts;
  const horizonS = horizonNs / nsPerS;
  const { monthHours } = scenario;
  const monthFactor = (monthHours * sPerHour) / horizonS;
  const items = [
    ...gpuItems(facts),
    ...licenceItems(facts),
    ...apiItems(facts),
    ...fixedItems(facts, 1 / monthFactor),
  ];
  const lines = items.map((item) => priced(item, monthFactor));
  const tokens = servedTokens(facts);
  const horizonUsd = sumUsd(lines, "horizonUsd");
  const usageUsd = sumUsd(
    lines.filter((line) => !isIdle(line)),
    "horizonUsd",
  );
  return {
    ...{ horizonS, monthHours, monthFactor, horizonUsd },
    monthUsd: sumUsd(lines, "monthUsd"),
    lines,
    tokens,
    usdPerMTokReservation: perMTok(horizonUsd, tokens.prompt + tokens.output),
    usdPerMTokUsage: perMTok(usageUsd, tokens.prompt + tokens.output),
    idleUsd: sumUsd(lines.filter(isIdle), "horizonUsd"),
    idleMonthUsd: sumUsd(lines.filter(isIdle), "monthUsd"),
    byClass: apiCostByClass(facts, monthFactor),
  };
}

function isIdle({ kind }: CostLine): boolean {
  return kind === "gpuIdle";
}

function priced(item: CostItem, monthFactor: number): CostLine {
  const horizonUsd = item.quantity * item.priceUsd;
  return { ...item, horizonUsd, monthUsd: horizonUsd * monthFactor };
}

/** Sums in the order of the lines, so that whoever adds them up gets the same bits. */
function sumUsd(lines: readonly CostLine[], field: "horizonUsd" | "monthUsd"): number {
  let sum = 0;
  for (const line of lines) sum += line[field];
  return sum;
}

function perMTok(usd: number, tokens: number): number | null {
  return tokens > 0 ? (usd * tokensPerMTok) / tokens : null;
}

function fixedItems({ scenario }: CostFacts, horizonMonths: number): CostItem[] {
  return scenario.fixedCosts.map(({ id, label, usdPerMonth, provenance }) => ({
    id: `fixed:fixed:${id}`,
    kind: "fixed",
    label,
    subjectKind: "fixed",
    subject: id,
    quantity: horizonMonths,
    unit: "month",
    priceUsd: usdPerMonth,
    provenance,
  }));
}

function servedTokens({ scenario, pools, providers }: CostFacts): CostReport["tokens"] {
  let prompt = 0;
  let output = 0;
  for (const { id } of scenario.pools) {
    const served = factsOf(pools, id);
    prompt += served.promptTokens;
    output += served.outputTokens;
  }
  for (const { id } of scenario.providers) {
    const { bill } = factsOf(providers, id);
    for (let at = 0; at < bill.length; at += billFieldCount) {
      const cached = bill[at + billField.cached] + bill[at + billField.cacheWrite];
      prompt += bill[at + billField.input] + cached;
      output += bill[at + billField.output];
    }
  }
  return { prompt, output };
}

function checkFacts({ horizonNs, pools, partitions, providers }: CostFacts): void {
  if (!(horizonNs > 0 && horizonNs < Infinity)) {
    throw new InvariantError(`a billed horizon of ${horizonNs} ns; wanted more than 0`);
  }
  for (const pool of pools) {
    checkAmounts(pool.id, [pool.provisionedReplicaNs, pool.busyReplicaNs]);
    checkAmounts(pool.id, [pool.promptTokens, pool.outputTokens]);
  }
  for (const { id, provisionedGpuNs } of partitions) checkAmounts(id, [provisionedGpuNs]);
  for (const { id, bill } of providers) checkAmounts(id, bill);
}

function checkAmounts(id: string, amounts: Iterable<number>): void {
  for (const amount of amounts) {
    if (amount >= 0 && amount < Infinity) continue;
    throw new InvariantError(`cost facts of "${id}" hold ${amount}; wanted 0 or more`);
  }
}
