/** Costs that need no run: blended API prices, what tokens cost at them, a GPU month, the break-even volume. */
import type { Licence, RateCard } from "../schema/catalog.ts";
import { InputError } from "../units/errors.ts";
import { hoursPerYear, tokensPerMTok } from "../units/units.ts";

/** Parts of input to parts of output, e.g. 5.5 to 1; prompt and output tokens of a trace will do. */
export interface TokenRatio {
  readonly input: number;
  readonly output: number;
}

/** One price for input and output together at a ratio, USD per million tokens: (i * input + o * output) / (i + o). Throws InputError for a ratio that has no tokens. */
export function blendedPrice(
  card: Pick<RateCard, "inputUsdPerMTok" | "outputUsdPerMTok">,
  ratio: TokenRatio,
): number {
  const { input, output } = ratio;
  const total = input + output;
  if (!(input >= 0 && output >= 0 && total > 0 && total < Infinity)) {
    throw new InputError(
      `An input to output ratio of ${input}:${output}. Wanted two numbers of 0 or more, not both 0, e.g. 1:2. Take the prompt and output tokens of the trace.`,
      { field: "ratio" },
    );
  }
  return (input * card.inputUsdPerMTok + output * card.outputUsdPerMTok) / total;
}

/** USD for `tokens` at a price per million. */
export function costOfTokens(tokens: number, usdPerMTok: number): number {
  return (tokens / tokensPerMTok) * usdPerMTok;
}

/** USD a month for one GPU held all the time: its hours, and its licence for the same hours (a year has 8,760). */
export function gpuMonthUsd(
  usdPerGpuHour: number,
  monthHours: number,
  licence: Pick<Licence, "usdPerGpuYear" | "usdPerGpuHour"> = {
    usdPerGpuYear: 0,
    usdPerGpuHour: 0,
  },
): number {
  const yearly = (licence.usdPerGpuYear * monthHours) / hoursPerYear;
  return (usdPerGpuHour + licence.usdPerGpuHour) * monthHours + yearly;
}

/** Tokens a month from which an API at that price costs more than `monthlyUsd`; undefined for a free API. Costs only: whether the GPUs can serve them is for a run to say. */
export function breakEvenTokens(monthlyUsd: number, blendedUsdPerMTok: number): number | undefined {
  return blendedUsdPerMTok > 0 ? (monthlyUsd / blendedUsdPerMTok) * tokensPerMTok : undefined;
}
