/** Cost against latency of several options: the front that none beats, targets, and what each one is; a point opens its scenario. */
import { useCallback } from "react";
import { formatMs, formatUsd } from "../../shared/reports/formatters.ts";
import { figureColumn, type Table, textColumn } from "../../shared/reports/table.ts";
import { axisMargin, XAxis, YAxis } from "./Axes.tsx";
import { ChartFrame } from "./ChartFrame.tsx";
import { type ChartPoint, type Plot, plotOf, type Size } from "./chartTypes.ts";
import type { Drawing } from "./drawing.ts";
import { Mark } from "./Mark.tsx";
import type { OptionStyle } from "./optionStyles.ts";
import { frontCorners, type ParetoOption, paretoFront } from "./pareto.ts";
import { logDomain, logScale, px, type Scale } from "./scales.ts";
import { axisMs, axisUsd, durationTicks, labelsIn, logTicks } from "./ticks.ts";

/** An option as it is drawn. */
export interface DrawnOption extends ParetoOption {
  readonly label: string;
  /** Short, over its mark, e.g. "1". */
  readonly name: string;
  readonly style: OptionStyle;
  /** Why it is hollow, e.g. which target it misses. */
  readonly missed?: string;
  readonly open?: () => void;
}

interface ParetoChartProps {
  readonly title: string;
  readonly summary: string;
  readonly empty?: string;
  readonly options: readonly DrawnOption[];
  /** What the horizontal axis measures, e.g. "TTFT p95". */
  readonly metric: string;
  readonly targetMs?: number;
  /** What no option can cost less than, USD a month. */
  readonly leastUsd?: number;
}

type ShownProps = Pick<ParetoChartProps, "options" | "metric" | "targetMs" | "leastUsd">;

/** Names over the marks of the front, the cheapest first: one that would cover another is left to the readout. */
function placeNames(named: readonly DrawnOption[], x: Scale, y: Scale) {
  const placed: { id: string; name: string; at: number; over: number; half: number }[] = [];
  for (const { id, name, latencyMs, usd } of [...named].sort((a, b) => a.usd - b.usd)) {
    const at = x(latencyMs);
    const half = name.length * 3.4 + 4;
    if (placed.some((each) => Math.abs(each.at - at) < each.half + half)) continue;
    placed.push({ id, name, at, half, over: y(usd) - 11 });
  }
  return placed;
}

/** The target, and what no option can cost less than. */
function Rules({
  plot,
  x,
  y,
  targetMs,
  leastUsd,
}: Pick<ShownProps, "targetMs" | "leastUsd"> & {
  readonly plot: Plot;
  readonly x: Scale;
  readonly y: Scale;
}) {
  const { left, right, top, bottom } = plot;
  return (
    <>
      {targetMs !== undefined && (
        <g>
          <line className="rule soft" x1={x(targetMs)} x2={x(targetMs)} y1={top} y2={bottom} />
          <text className="rule-label halo" x={x(targetMs) - 6} y={top + 10} textAnchor="end">
            target {formatMs(targetMs)}
          </text>
        </g>
      )}
      {leastUsd !== undefined && (
        <g>
          <line className="rule soft" x1={left} x2={right} y1={y(leastUsd)} y2={y(leastUsd)} />
          <text className="rule-label halo" x={right} y={y(leastUsd) - 6} textAnchor="end">
            a perfect system: {formatUsd(leastUsd)}
          </text>
        </g>
      )}
    </>
  );
}

function draw({ options, metric, targetMs, leastUsd }: ShownProps, size: Size): Drawing {
  const plot = plotOf(size, axisMargin(58, 24));
  const latencies = options.map(({ latencyMs }) => latencyMs);
  const ms = logDomain(targetMs === undefined ? latencies : [...latencies, targetMs], 0.08);
  const costs = options.map((each) => each.usd);
  const usd = logDomain(leastUsd === undefined ? costs : [...costs, leastUsd], 0.1);
  const x = logScale(ms[0], ms[1], plot.left, plot.right);
  const y = logScale(usd[0], usd[1], plot.bottom, plot.top);
  const front = paretoFront(options);
  const corners = frontCorners(options).map(([at, cost]) => `${px(x(at))} ${px(y(cost))}`);
  const named = [...options]
    .filter(({ id }) => front.has(id) || id === "now")
    .sort((a, b) => x(a.latencyMs) - x(b.latencyMs));
  const body = (
    <>
      <YAxis
        plot={plot}
        ticks={logTicks(usd[0], usd[1], 5, axisUsd)}
        scale={y}
        title="USD a month, logarithmic"
      />
      <XAxis
        plot={plot}
        ticks={durationTicks(ms[0], ms[1], labelsIn(plot.right - plot.left, 52), axisMs)}
        scale={x}
        title={`${metric}, logarithmic`}
      />
      <Rules {...{ plot, x, y, targetMs, leastUsd }} />
      {corners.length > 1 && <path className="line front" d={`M${corners.join("L")}`} />}
      {options.map(({ id, style, latencyMs, usd: cost, missed }) => (
        <Mark
          key={id}
          style={style}
          x={x(latencyMs)}
          y={y(cost)}
          size={5}
          isHollow={missed !== undefined}
        />
      ))}
      {placeNames(named, x, y).map(({ id, name, at, over }) => (
        <text key={id} className="direct-note halo" x={at} y={over} textAnchor="middle">
          {name}
        </text>
      ))}
    </>
  );
  const points = options.map(
    ({ label, style, latencyMs, usd: cost, missed, open, id }): ChartPoint => ({
      ...{ x: x(latencyMs), y: y(cost), series: 0, label, style, open },
      value: `${formatUsd(cost)} a month`,
      at: `${metric} ${formatMs(latencyMs)}`,
      note: missed ?? (front.has(id) ? "No other is better in both." : undefined),
    }),
  );
  return { body, points, reach: "both" };
}

function tableOf({ options, metric }: ShownProps): Table {
  const front = paretoFront(options);
  return {
    columns: [
      ...[textColumn("option"), figureColumn("USD a month"), figureColumn(metric)],
      textColumn("beaten by another"),
    ],
    rows: options.map(({ id, label, usd, latencyMs, missed }) => [
      ...[label, formatUsd(usd), formatMs(latencyMs)],
      missed ?? (front.has(id) ? "no" : "yes"),
    ]),
  };
}

export function ParetoChart({
  title,
  summary,
  empty,
  options,
  metric,
  targetMs,
  leastUsd,
}: ParetoChartProps) {
  const drawAt = useCallback(
    (size: Size) => draw({ options, metric, targetMs, leastUsd }, size),
    [options, metric, targetMs, leastUsd],
  );
  const table = useCallback(() => tableOf({ options, metric }), [options, metric]);
  return (
    <ChartFrame {...{ title, summary, empty, table }} height={300} draw={drawAt} testId="pareto" />
  );
}
