/** How long requests wait: the empirical distribution of a latency, with its targets as rules and the missed share named. */
import { useCallback } from "react";
import {
  formatCount,
  formatGiven,
  formatMs,
  formatPercent,
  noValue,
} from "../../shared/reports/formatters.ts";
import { fewSamplesNote } from "../../shared/reports/percentiles.ts";
import { figureColumn, type Table, textColumn } from "../../shared/reports/table.ts";
import { axisMargin, XAxis, YAxis } from "./Axes.tsx";
import { ChartFrame } from "./ChartFrame.tsx";
import { type ChartPoint, type Plot, plotOf, type Size } from "./chartTypes.ts";
import type { Drawing } from "./drawing.ts";
import { type Distribution, ecdfPath, latencyDomain, percentileOf } from "./ecdf.ts";
import { Mark } from "./Mark.tsx";
import type { OptionStyle } from "./optionStyles.ts";
import { fitText, linearScale, logScale, type Scale } from "./scales.ts";
import { spreadLabels } from "./spreadLabels.ts";
import { axisMs, axisPercent, durationTicks, labelsIn, linearTicks } from "./ticks.ts";

/** Requests of one class, or of one scenario. */
export interface LatencySeries {
  readonly label: string;
  readonly style: OptionStyle;
  readonly distribution: Distribution;
  /** `later` requests took longer than `ms`. */
  readonly target?: { readonly percentile: number; readonly ms: number; readonly later: number };
}

interface LatencyChartProps {
  readonly title: string;
  readonly summary: string;
  readonly empty?: string;
  /** What was measured, e.g. "time to first token". */
  readonly metric: string;
  readonly series: readonly LatencySeries[];
  readonly height?: number;
}

const shownPercentiles = [0.5, 0.9, 0.95, 0.99, 0.999] as const;

/** Share of requests later than the target; 0 without one. */
export function missedShare({ distribution, target }: LatencySeries): number {
  return target === undefined || distribution.n === 0 ? 0 : target.later / distribution.n;
}

function TargetRule({
  each,
  x,
  plot,
  row,
}: {
  readonly each: LatencySeries;
  readonly x: Scale;
  readonly plot: Plot;
  readonly row: number;
}) {
  const { target, style, label } = each;
  if (target === undefined) return null;
  const at = x(target.ms);
  const missed = missedShare(each);
  const allowed = formatGiven(Number((100 - target.percentile * 100).toPrecision(6)));
  const words =
    missed === 0
      ? `all within ${formatMs(target.ms)}`
      : `${formatPercent(missed)} later than ${formatMs(target.ms)}`;
  const isLeft = at > (plot.left + plot.right) / 2;
  const y = plot.bottom - 12 - row * 17;
  return (
    <g>
      <line
        x1={at}
        x2={at}
        y1={plot.top}
        y2={plot.bottom}
        stroke={style.colour}
        strokeDasharray="3 3"
      />
      <path
        className="target-tick"
        d={`M${at - 5} ${plot.bottom - (plot.bottom - plot.top) * target.percentile}h10`}
        stroke={style.colour}
      />
      <text
        className="rule-label halo"
        x={isLeft ? at - 6 : at + 6}
        y={y}
        textAnchor={isLeft ? "end" : "start"}
      >
        {label}: {words}, {allowed} % allowed
      </text>
    </g>
  );
}

function SeriesShape({
  each,
  x,
  y,
  plot,
}: {
  readonly each: LatencySeries;
  readonly x: Scale;
  readonly y: Scale;
  readonly plot: Plot;
}) {
  const { style, distribution } = each;
  return (
    <g>
      <path
        className="line moves"
        d={ecdfPath(distribution, x, y, plot)}
        stroke={style.colour}
        strokeDasharray={style.dash}
      />
      {shownPercentiles.map((p) => {
        const ms = percentileOf(distribution, p);
        const isShaky = fewSamplesNote(distribution.n, p) !== undefined;
        return ms === undefined ? null : (
          <g key={p} opacity={isShaky ? 0.45 : 1}>
            <Mark style={style} x={x(ms)} y={y(p)} size={3} isHollow={isShaky} />
          </g>
        );
      })}
    </g>
  );
}

function pointsOf(series: readonly LatencySeries[], x: Scale, y: Scale): ChartPoint[] {
  return series.flatMap(({ label, style, distribution }, index) =>
    shownPercentiles.flatMap((p) => {
      const ms = percentileOf(distribution, p);
      if (ms === undefined) return [];
      const note = fewSamplesNote(distribution.n, p);
      return [
        {
          ...{ x: x(ms), y: y(p), series: index, label, style },
          value: formatMs(ms),
          at: `p${formatGiven(p * 100)}`,
          ...(note !== undefined && { note }),
        },
      ];
    }),
  );
}

function draw(
  { metric, series }: Pick<LatencyChartProps, "metric" | "series">,
  size: Size,
): Drawing {
  const room = Math.min(size.width / 4, 92);
  const plot = plotOf(size, axisMargin(52, room));
  const [least, most] = latencyDomain(
    series.map(({ distribution }) => distribution),
    series.flatMap(({ target }) => (target === undefined ? [] : [target.ms])),
  );
  const x = logScale(least, most, plot.left, plot.right);
  const y = linearScale(0, 1, plot.bottom, plot.top);
  const ticks = durationTicks(least, most, labelsIn(plot.right - plot.left, 48), axisMs);
  const ends = spreadLabels(
    series.map((_, i) => plot.top + 4 + i * 15),
    15,
    plot.top,
    plot.bottom,
  );
  const body = (
    <>
      <YAxis
        plot={plot}
        ticks={linearTicks(0, 1, 4, axisPercent)}
        scale={y}
        title="% of requests within"
      />
      <XAxis plot={plot} ticks={ticks} scale={x} title={`${metric}, logarithmic`} />
      {series.map((each) => (
        <SeriesShape key={each.label} {...{ each, x, y, plot }} />
      ))}
      {series.map((each, row) => (
        <TargetRule key={each.label} {...{ each, x, plot, row }} />
      ))}
      {series.map(({ label, style }, i) => (
        <text
          key={label}
          className="direct-label"
          x={plot.right + 8}
          y={ends[i]}
          dy="0.32em"
          fill={style.colour}
        >
          {fitText(label, room - 8)}
        </text>
      ))}
    </>
  );
  return { body, points: pointsOf(series, x, y), reach: "both" };
}

function tableOf(series: readonly LatencySeries[]): Table {
  return {
    columns: [
      textColumn("class"),
      figureColumn("requests"),
      ...shownPercentiles.map((p) => figureColumn(`p${formatGiven(p * 100)}`)),
      figureColumn("target"),
      figureColumn("later than it"),
    ],
    rows: series.map((each) => {
      const { label, distribution, target } = each;
      const cell = (p: number): string => {
        const ms = percentileOf(distribution, p);
        if (ms === undefined) return noValue;
        return fewSamplesNote(distribution.n, p) === undefined ? formatMs(ms) : `(${formatMs(ms)})`;
      };
      const wanted = target && `p${formatGiven(target.percentile * 100)} ${formatMs(target.ms)}`;
      return [
        ...[label, formatCount(distribution.n), ...shownPercentiles.map(cell), wanted ?? noValue],
        target === undefined ? noValue : formatPercent(missedShare(each)),
      ];
    }),
  };
}

export function LatencyChart({
  title,
  summary,
  empty,
  metric,
  series,
  height = 240,
}: LatencyChartProps) {
  const drawAt = useCallback((size: Size) => draw({ metric, series }, size), [metric, series]);
  const table = useCallback(() => tableOf(series), [series]);
  return <ChartFrame {...{ title, summary, empty, table, height }} draw={drawAt} />;
}
