/** The published baseline of break-even volumes as people read it. */
import type { ArticleBaseline } from "../planning/breakEven/articleBaseline.ts";
import {
  formatGiven,
  formatNumber,
  formatPercent,
  formatTokens,
  formatUsd,
  formatUsdCents,
  noValue,
} from "./formatters.ts";
import { figureColumn, formatTextTable, textColumn } from "./table.ts";
import { wrapText } from "./wrapText.ts";

function cell(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? noValue : format(value);
}

/** One sentence: the volumes of the baseline. */
export function articleSentence({ rows, gpuMonthUsd }: ArticleBaseline): string {
  const parts = rows.map(
    ({ name, breakEvenMonthTokens }) =>
      `${cell(breakEvenMonthTokens, formatTokens)} tokens a month for ${name}`,
  );
  return `At 1 input token to 2 output tokens one H100 at $${formatUsdCents(gpuMonthUsd)} a month breaks even at ${parts.join(", ")}: costs only.`;
}

/** The baseline as text. */
export function formatArticle(baseline: ArticleBaseline): string {
  const { assumptions, rows, ownRatio } = baseline;
  const { monthHours, utilization } = assumptions;
  const own = ownRatio === undefined ? "" : `${formatNumber(ownRatio.input / ownRatio.output)}:1`;
  const columns = [
    textColumn("API"),
    figureColumn("$/M tokens at 1:2"),
    figureColumn("break-even tokens/month"),
    figureColumn(`tokens/s needed, ${formatPercent(utilization)} busy`),
    ...(ownRatio === undefined
      ? []
      : [
          figureColumn(`$/M tokens at own ${own}`),
          figureColumn("break-even tokens/month"),
          figureColumn("times that at 1:2"),
        ]),
  ];
  const cells = rows.map((row) => [
    row.name,
    formatUsd(row.blendedUsdPerMTok),
    cell(row.breakEvenMonthTokens, formatTokens),
    cell(row.neededTokensPerS, formatNumber),
    ...(row.ownRatio === undefined
      ? []
      : [
          formatUsd(row.ownRatio.blendedUsdPerMTok),
          cell(row.ownRatio.breakEvenMonthTokens, formatTokens),
          cell(row.ownRatio.factor, formatNumber),
        ]),
  ]);
  const monthly = `$${formatGiven(baseline.usdPerGpuHour, 2)} x ${formatGiven(monthHours)} h + $${formatGiven(baseline.licenceUsdPerGpuYear)} a year x ${formatGiven(monthHours)} / 8,760 h`;
  const lines = [
    ...wrapText(articleSentence(baseline), 100),
    "",
    ...formatTextTable({ columns, rows: cells }),
    "",
    ...wrapText(
      `A GPU month is ${monthly} = $${formatUsdCents(baseline.gpuMonthUsd)}. The closed form says nothing of whether one GPU can serve the volume, nor within which latency: the column of tokens a second is what it would have to serve while it is busy ${formatPercent(utilization)} of the month. crossover breakeven SCENARIO simulates it.`,
      100,
    ),
  ];
  return `${lines.join("\n")}\n`;
}
