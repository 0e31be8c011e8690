/** Token lengths of a trace as cumulative curves on a logarithmic axis: prompts and outputs. */
import { scaleLinear, scaleLog } from "d3-scale";
import { line } from "d3-shape";
import { useCallback, useMemo } from "react";
import type { LengthHistogram } from "../../shared/contract/traceMethods.ts";
import { formatPercent, formatTokens } from "../../shared/reports/formatters.ts";
import { figureColumn, type Table } from "../../shared/reports/table.ts";
import { axisMargin, XAxis, YAxis } from "./Axes.tsx";
import { ChartFrame } from "./ChartFrame.tsx";
import { type ChartPoint, plotOf, type Size } from "./chartTypes.ts";
import type { Drawing } from "./drawing.ts";
import { type CurvePoint, cumulativeCurve, quantileAt, tokensAtShare } from "./lengthCurve.ts";
import { memberStyle, type OptionStyle, scenarioStyle } from "./optionStyles.ts";
import { axisPercent, axisTokens, labelsIn, linearTicks, logTicks } from "./ticks.ts";

interface LengthSeries {
  readonly label: string;
  readonly curve: readonly CurvePoint[];
  /** Exact ones, as the summary lists them. */
  readonly quantiles: readonly number[];
  readonly style: OptionStyle;
}

const readShares = [0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];

/** A logarithmic axis has no place for 0: requests without tokens stand at 1. */
const placed = (tokens: number): number => Math.max(1, tokens);

function pointsOf(
  series: readonly LengthSeries[],
  x: (tokens: number) => number,
  y: (share: number) => number,
): ChartPoint[] {
  return series.flatMap(({ label, curve, quantiles, style }, i) =>
    readShares.map((share) => {
      const tokens = quantileAt(quantiles, curve, share);
      return {
        ...{ series: i, label, style },
        ...{ x: x(placed(tokens)), y: y(share) },
        value: `${formatTokens(tokens)} tokens`,
        at: `${formatPercent(share)} of the requests have at most so many`,
      };
    }),
  );
}

function drawCurves(series: readonly LengthSeries[], size: Size): Drawing {
  const plot = plotOf(size, axisMargin(44, 64));
  const ends = series.flatMap(({ curve }) => curve.map(({ tokens }) => placed(tokens)));
  const [least, most] = [Math.min(...ends), Math.max(2, ...ends)];
  const x = scaleLog([least, most], [plot.left, plot.right]);
  const y = scaleLinear([0, 1], [plot.bottom, plot.top]);
  const path = line<CurvePoint>(
    ({ tokens }) => x(placed(tokens)),
    ({ share }) => y(share),
  );
  const body = (
    <>
      <YAxis
        {...{ plot, scale: y }}
        ticks={linearTicks(0, 1, 4, axisPercent)}
        title="% of the requests with at most so many tokens"
      />
      <XAxis
        {...{ plot, scale: x }}
        ticks={logTicks(least, most, labelsIn(plot.right - plot.left, 40), axisTokens)}
        title="tokens of a request, logarithmic"
      />
      {series.map(({ label, curve, style }) => {
        const middle = tokensAtShare(curve, 0.5) ?? 1;
        return (
          <g key={label}>
            <path
              className="curve"
              d={path([...curve]) ?? ""}
              fill="none"
              stroke={style.colour}
              strokeWidth={1.75}
              strokeDasharray={style.dash}
            />
            <text
              className="direct-label"
              x={x(placed(middle)) + 8}
              y={y(0.5)}
              dy="0.9em"
              fill={style.colour}
            >
              {label}
            </text>
          </g>
        );
      })}
    </>
  );
  return { body, points: pointsOf(series, x, y), reach: "both" };
}

interface LengthChartProps {
  readonly prompt: LengthHistogram;
  readonly output: LengthHistogram;
  /** Quantiles of a trace's summary. */
  readonly promptQuantiles: readonly number[];
  readonly outputQuantiles: readonly number[];
}

function sentenceOf([prompt, output]: readonly LengthSeries[]): string {
  const at = (series: LengthSeries, share: number): string =>
    formatTokens(quantileAt(series.quantiles, series.curve, share));
  return `Half of the prompts have at most ${at(prompt, 0.5)} tokens, 95 % at most ${at(prompt, 0.95)}; half of the outputs at most ${at(output, 0.5)}, 95 % at most ${at(output, 0.95)}.`;
}

export function LengthChart(props: LengthChartProps) {
  const { prompt, output, promptQuantiles, outputQuantiles } = props;
  const series = useMemo(
    (): LengthSeries[] => [
      {
        ...{ label: "prompt", curve: cumulativeCurve(prompt), style: scenarioStyle(0) },
        quantiles: promptQuantiles,
      },
      {
        ...{ label: "output", curve: cumulativeCurve(output), style: memberStyle("api", 0) },
        quantiles: outputQuantiles,
      },
    ],
    [prompt, output, promptQuantiles, outputQuantiles],
  );
  const draw = useCallback((size: Size) => drawCurves(series, size), [series]);
  const table = useCallback(
    (): Table => ({
      columns: ["Share of requests", "Prompt tokens, at most", "Output tokens, at most"].map(
        figureColumn,
      ),
      rows: readShares.map((share) => [
        formatPercent(share),
        ...series.map(({ curve, quantiles }) => formatTokens(quantileAt(quantiles, curve, share))),
      ]),
    }),
    [series],
  );
  return (
    <ChartFrame
      title="Tokens of a request"
      summary={sentenceOf(series)}
      {...{ table, draw }}
      height={250}
    />
  );
}
