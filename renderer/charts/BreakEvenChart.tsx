/** What each option costs over the monthly volume, where they cross, and where one's own traffic stands. */
import { useCallback } from "react";
import { formatTokens, formatUsd } from "../../shared/reports/formatters.ts";
import type { Table } from "../../shared/reports/table.ts";
import { axisMargin, XAxis, YAxis } from "./Axes.tsx";
import {
  bandPath,
  breakEvenScales,
  type Curve,
  type CurveCrossing,
  curvePath,
  type PlacedCrossing,
  placeCrossings,
  treads,
} from "./breakEven.ts";
import { ChartFrame } from "./ChartFrame.tsx";
import { type ChartPoint, type Plot, plotOf, type Size } from "./chartTypes.ts";
import type { Drawing } from "./drawing.ts";
import { Mark } from "./Mark.tsx";
import { fitText, type Scale } from "./scales.ts";
import { spreadLabels } from "./spreadLabels.ts";
import { axisTokens, axisUsd, labelsIn, logTicks } from "./ticks.ts";

interface BreakEvenChartProps {
  readonly title: string;
  readonly summary: string;
  readonly empty?: string;
  readonly table: () => Table;
  readonly curves: readonly Curve[];
  readonly crossings: readonly CurveCrossing[];
  /** Tokens a month of the traffic itself. */
  readonly ownTokens: number;
  /** What the vertical axis measures, with unit and window. */
  readonly unit: string;
  readonly height?: number;
}

function CurveShape({
  curve,
  x,
  y,
  right,
}: {
  readonly curve: Curve;
  readonly x: Scale;
  readonly y: Scale;
  /** Right end of the plot. */
  readonly right: number;
}) {
  const { style, points } = curve;
  return (
    <g>
      <path className="band moves" d={bandPath(curve, x, y)} fill={style.colour} />
      <path
        className="line moves"
        d={curvePath(curve, x, y)}
        stroke={style.colour}
        strokeDasharray={style.dash}
      />
      {points.map((point) => (
        <Mark
          key={point.monthTokens}
          style={style}
          x={x(point.monthTokens)}
          y={y(point.usd)}
          size={3.2}
          isHollow={point.reasons.length > 0}
        />
      ))}
      {treads(curve, x, y, right).map(({ x: at, y: over, text, isBefore }) => (
        <text
          key={at}
          className="direct-note halo"
          x={at}
          y={style.mark === "diamond" ? over - 9 : over + 17}
          textAnchor={isBefore ? "end" : "start"}
        >
          {text}
        </text>
      ))}
    </g>
  );
}

/** Height of a row of words above the plot, pixels. */
const crossingRow = 16;

function CrossingRule({
  crossing,
  plot,
  y,
}: {
  readonly crossing: PlacedCrossing;
  readonly plot: Plot;
  readonly y: Scale;
}) {
  const { x, row, isLeft, words, usd, isTrusted, isMain } = crossing;
  const top = plot.top - 14 - row * crossingRow;
  return (
    <g>
      <line
        className={isTrusted && isMain ? "rule" : "rule soft"}
        x1={x}
        x2={x}
        y1={top - 6}
        y2={plot.bottom}
      />
      <circle className="crossing-dot" cx={x} cy={y(usd)} r={4.5} />
      <text
        className="rule-label halo"
        x={isLeft ? x - 6 : x + 6}
        y={top + 4}
        textAnchor={isLeft ? "end" : "start"}
      >
        {words}
      </text>
    </g>
  );
}

function OwnVolume({
  x,
  plot,
  tokens,
}: {
  readonly x: number;
  readonly plot: Plot;
  readonly tokens: number;
}) {
  const isLeft = x > (plot.left + plot.right) / 2;
  return (
    <g>
      <line className="own-volume" x1={x} x2={x} y1={plot.top} y2={plot.bottom} />
      <text
        className="rule-label halo"
        x={isLeft ? x - 6 : x + 6}
        y={plot.bottom - 8}
        textAnchor={isLeft ? "end" : "start"}
      >
        your traffic: {formatTokens(tokens)}
      </text>
    </g>
  );
}

function EndNames({
  curves,
  plot,
  y,
  room,
}: {
  readonly curves: readonly Curve[];
  readonly plot: Plot;
  readonly y: Scale;
  readonly room: number;
}) {
  const drawn = curves.filter(({ points }) => points.length > 0);
  const wanted = drawn.map(({ points }) => y(points[points.length - 1].usd));
  const places = spreadLabels(wanted, 15, plot.top, plot.bottom - 4);
  return drawn.map(({ id, label, style }, i) => (
    <text
      key={id}
      className="direct-label"
      x={plot.right + 8}
      y={places[i]}
      dy="0.32em"
      fill={style.colour}
    >
      {fitText(label, room - 10)}
    </text>
  ));
}

function pointsOf(curves: readonly Curve[], x: Scale, y: Scale): ChartPoint[] {
  return curves.flatMap(({ label, style, points }, series) =>
    points.map(({ monthTokens, usd, halfWidth95, gpus, reasons }) => ({
      ...{ x: x(monthTokens), y: y(usd), series, label, style },
      value: `${formatUsd(usd)}${halfWidth95 ? ` ± ${formatUsd(halfWidth95)}` : ""}${gpus > 0 ? `, ${gpus} GPUs` : ""}`,
      at: `${formatTokens(monthTokens)} tokens a month`,
      ...(reasons.length > 0 && { note: reasons.join(" ") }),
    })),
  );
}

function draw({ curves, crossings, ownTokens, unit }: BreakEvenChartProps, size: Size): Drawing {
  const room = Math.min(size.width / 4, 150);
  const margin = axisMargin(58, room);
  const bare = plotOf(size, margin);
  const rows = placeCrossings(crossings, breakEvenScales(curves, ownTokens, bare).x, bare);
  const words = rows.reduce((most, { row }) => Math.max(most, (row + 1) * crossingRow), 0);
  const plot = plotOf(size, { ...margin, top: margin.top + words });
  const { x, y, tokens, usd } = breakEvenScales(curves, ownTokens, plot);
  const placed = placeCrossings(crossings, x, plot);
  const body = (
    <>
      <YAxis
        plot={plot}
        ticks={logTicks(usd[0], usd[1], 6, axisUsd)}
        scale={y}
        title={unit}
        titleY={12}
      />
      <XAxis
        plot={plot}
        ticks={logTicks(tokens[0], tokens[1], labelsIn(plot.right - plot.left, 44), axisTokens)}
        scale={x}
        title="prompt and output tokens a month, logarithmic"
      />
      {placed.map(({ low, high, monthTokens }) =>
        low === null || high === null ? null : (
          <rect
            key={monthTokens}
            className="crossing-span"
            x={x(low)}
            width={Math.max(1, x(high) - x(low))}
            y={plot.top}
            height={plot.bottom - plot.top}
          />
        ),
      )}
      <OwnVolume x={x(ownTokens)} plot={plot} tokens={ownTokens} />
      {curves.map((curve) => (
        <CurveShape key={curve.id} {...{ curve, x, y }} right={plot.right} />
      ))}
      {placed.map((crossing) => (
        <CrossingRule key={crossing.monthTokens} {...{ crossing, plot, y }} />
      ))}
      <EndNames {...{ curves, plot, y, room }} />
    </>
  );
  return { body, points: pointsOf(curves, x, y), reach: "column" };
}

export function BreakEvenChart(props: BreakEvenChartProps) {
  const { title, summary, empty, table, curves, crossings, ownTokens, unit, height = 380 } = props;
  const drawAt = useCallback(
    (size: Size) => draw({ title, summary, table, curves, crossings, ownTokens, unit }, size),
    [title, summary, table, curves, crossings, ownTokens, unit],
  );
  return (
    <ChartFrame {...{ title, summary, empty, table, height }} draw={drawAt} testId="break-even" />
  );
}
