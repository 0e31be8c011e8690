/** The published baseline of break-even volumes: one GPU, one input token to two output tokens, costs only. */
import {
  blendedPrice,
  breakEvenTokens,
  gpuMonthUsd,
  type TokenRatio,
} from "../../cost/closedForms.ts";
import type { GpuOffer, Licence } from "../../schema/catalog.ts";
import type { Provider } from "../../schema/routing.ts";
import { sPerHour } from "../../units/units.ts";

/** The catalog entries that the baseline names. */
export const articleIds = {
  providers: ["claude-sonnet-4.6", "gpt-4.1", "mistral-large-2"],
  offer: "h100-sxm-gpu-cloud",
  licence: "nvaie-subscription",
};

/** The baseline's assumptions. */
export const articleAssumptions = {
  ratio: { input: 1, output: 2 } satisfies TokenRatio,
  monthHours: 730,
  /** Share of the month in which the GPU is said to be busy. */
  utilization: 0.6,
};

/** What the baseline is computed from. */
export interface ArticleInput {
  readonly providers: readonly Provider[];
  readonly offer: GpuOffer;
  readonly licence: Licence;
  /** The ratio of a scenario's own traffic, to set beside 1:2. */
  readonly ownRatio?: TokenRatio;
}

/** One API. */
export interface ArticleRow {
  readonly provider: string;
  readonly name: string;
  readonly blendedUsdPerMTok: number;
  /** Tokens a month from which the API costs more than the GPU; null for a free API. */
  readonly breakEvenMonthTokens: number | null;
  /** Tokens a second that the GPU must serve while it is busy (60 % of the month) to reach that volume. */
  readonly neededTokensPerS: number | null;
  /** The same at the ratio of the scenario's own traffic. */
  readonly ownRatio?: {
    readonly blendedUsdPerMTok: number;
    readonly breakEvenMonthTokens: number | null;
    /** Times the volume at 1:2. */
    readonly factor: number | null;
  };
}

/** The baseline. */
export interface ArticleBaseline {
  readonly assumptions: typeof articleAssumptions;
  readonly usdPerGpuHour: number;
  readonly licenceUsdPerGpuYear: number;
  /** USD a month of one GPU held all the time, with its licence. */
  readonly gpuMonthUsd: number;
  readonly ownRatio?: TokenRatio;
  readonly rows: readonly ArticleRow[];
}

/** Break-even volumes of each provider against one GPU in closed form: costs only, whether the GPU can serve them is for a study to say. */
export function articleBaseline(input: ArticleInput): ArticleBaseline {
  const { providers, offer, licence, ownRatio } = input;
  const { ratio, monthHours, utilization } = articleAssumptions;
  const monthUsd = gpuMonthUsd(offer.usdPerGpuHour, monthHours, licence);
  const busyS = monthHours * sPerHour * utilization;
  const rows = providers.map(({ id, name, price, tokenizerFactor }): ArticleRow => {
    const priceAt = (at: TokenRatio): number => blendedPrice(price, at) * tokenizerFactor;
    const tokens = breakEvenTokens(monthUsd, priceAt(ratio)) ?? null;
    const own = ownRatio && {
      blendedUsdPerMTok: priceAt(ownRatio),
      breakEvenMonthTokens: breakEvenTokens(monthUsd, priceAt(ownRatio)) ?? null,
      factor: tokens === null ? null : priceAt(ratio) / priceAt(ownRatio),
    };
    return {
      provider: id,
      name,
      blendedUsdPerMTok: priceAt(ratio),
      breakEvenMonthTokens: tokens,
      neededTokensPerS: tokens === null ? null : tokens / busyS,
      ownRatio: own,
    };
  });
  return {
    assumptions: articleAssumptions,
    usdPerGpuHour: offer.usdPerGpuHour,
    licenceUsdPerGpuYear: licence.usdPerGpuYear,
    gpuMonthUsd: monthUsd,
    ownRatio,
    rows,
  };
}
