/** API providers side by side. */
import { findProvider } from "../../../catalog/catalog.ts";
import type { ProvidersExperiment } from "../../../schema/claims.ts";
import type { ClaimInputs } from "../quantities.ts";
import type { ExperimentCase } from "./experimentResult.ts";

/** One case per provider: its list prices as figures; batch and cached prices where it has them. */
export function listProviderPrices(
  experiment: ProvidersExperiment,
  { catalog }: ClaimInputs,
): ExperimentCase[] {
  return experiment.providers.map((id) => {
    const { price } = findProvider(catalog, id);
    const { inputUsdPerMTok, outputUsdPerMTok, batchDiscount, cachedInputUsdPerMTok } = price;
    const figures: Record<string, number> = { inputUsdPerMTok, outputUsdPerMTok };
    if (batchDiscount !== undefined) figures.batchFactor = 1 - batchDiscount;
    if (cachedInputUsdPerMTok !== undefined) figures.cachedInputUsdPerMTok = cachedInputUsdPerMTok;
    return { label: id, figures, notes: [] };
  });
}
