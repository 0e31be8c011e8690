/** How often each option is the cheapest that keeps the targets, with the interval that so many samples allow. */
import { useCallback } from "react";
import { formatCount, formatPercent } from "../../shared/reports/formatters.ts";
import { figureColumn, type Table, textColumn } from "../../shared/reports/table.ts";
import { barPlot, barRowHeight } from "./bars.ts";
import { ChartFrame } from "./ChartFrame.tsx";
import type { ChartPoint, Size } from "./chartTypes.ts";
import type { Drawing } from "./drawing.ts";
import { Mark } from "./Mark.tsx";
import type { OptionStyle } from "./optionStyles.ts";
import { fitText, linearScale } from "./scales.ts";

/** An option's share of the samples. */
export interface WinShare {
  readonly id: string;
  readonly label: string;
  readonly style: OptionStyle;
  readonly probability: number;
  readonly low95: number;
  readonly high95: number;
  readonly wins: number;
  /** What it costs where it can be had, or why it never can. */
  readonly note: string;
}

interface WinChartProps {
  readonly title: string;
  readonly summary: string;
  readonly empty?: string;
  readonly shares: readonly WinShare[];
  readonly samples: number;
}

const top = 12;

function draw(shares: readonly WinShare[], size: Size): Drawing {
  const plot = barPlot(
    shares.map(({ label }) => `  ${label}`),
    size,
    shares.length,
    74,
    top,
  );
  const x = linearScale(0, 1, plot.left, plot.right);
  const body = (
    <>
      {[0, 0.25, 0.5, 0.75, 1].map((share) => (
        <g key={share} transform={`translate(${x(share)} 0)`}>
          <line className="grid" y1={plot.top} y2={plot.bottom} />
          <text className="tick" y={plot.bottom + 16} textAnchor="middle">
            {share * 100}
          </text>
        </g>
      ))}
      <text className="axis-title" x={plot.right} y={plot.bottom + 32} textAnchor="end">
        % of the samples in which it is cheapest
      </text>
      {shares.map(({ id, label, style, probability, low95, high95 }, i) => (
        <g key={id} transform={`translate(0 ${plot.top + i * barRowHeight})`}>
          <Mark style={style} x={6} y={12} />
          <text className="row-name" x={18} y={16}>
            {fitText(label, plot.nameRoom - 26)}
          </text>
          <rect
            x={plot.left}
            y={6}
            width={Math.max(1, x(probability) - plot.left)}
            height={13}
            fill={style.colour}
          />
          <path
            className="whisker"
            d={`M${x(low95)} 12.5H${x(high95)}M${x(low95)} 8.5v8M${x(high95)} 8.5v8`}
          />
          <text className="row-figure" x={size.width} y={16} textAnchor="end">
            {formatPercent(probability)}
          </text>
        </g>
      ))}
    </>
  );
  const points = shares.map(
    (each, i): ChartPoint => ({
      ...{ x: x(each.probability), y: plot.top + i * barRowHeight + 12, series: 0 },
      ...{ label: each.label, style: each.style, note: each.note },
      value: formatPercent(each.probability),
      at: `95 %: ${formatPercent(each.low95)} to ${formatPercent(each.high95)}`,
    }),
  );
  return { body, points, reach: "row" };
}

function tableOf(shares: readonly WinShare[], samples: number): Table {
  return {
    columns: [
      ...[textColumn("option"), figureColumn(`cheapest in, of ${formatCount(samples)}`)],
      ...[figureColumn("share"), figureColumn("95 % from"), figureColumn("to"), textColumn("note")],
    ],
    rows: shares.map(({ label, wins, probability, low95, high95, note }) => [
      ...[label, formatCount(wins), formatPercent(probability)],
      ...[formatPercent(low95), formatPercent(high95), note],
    ]),
  };
}

export function WinChart({ title, summary, empty, shares, samples }: WinChartProps) {
  const drawAt = useCallback((size: Size) => draw(shares, size), [shares]);
  const table = useCallback(() => tableOf(shares, samples), [shares, samples]);
  const height = top + shares.length * barRowHeight + 40;
  return <ChartFrame {...{ title, summary, empty, table, height }} draw={drawAt} testId="wins" />;
}
