/** Which assumption moves the verdict: the difference of two options from one end of each input to the other, and where it flips. */
import { useCallback } from "react";
import { formatUsd } from "../../shared/reports/formatters.ts";
import { figureColumn, type Table, textColumn } from "../../shared/reports/table.ts";
import { barPlot, barRowHeight } from "./bars.ts";
import { ChartFrame } from "./ChartFrame.tsx";
import type { ChartPoint, Size } from "./chartTypes.ts";
import type { Drawing } from "./drawing.ts";
import { fitText, linearScale, type Scale } from "./scales.ts";
import { axisUsd, linearTicks, type Tick } from "./ticks.ts";

/** One input from end to end. */
export interface TornadoBar {
  readonly input: string;
  /** Difference of the two options at its ends, USD a month; below 0 the first is cheaper. */
  readonly lowUsd: number;
  readonly highUsd: number;
  /** The values at those ends, with unit. */
  readonly lowText: string;
  readonly highText: string;
  /** "flips at $4.20", or "never flips". */
  readonly flipText: string;
  readonly flips: boolean;
}

interface TornadoChartProps {
  readonly title: string;
  readonly summary: string;
  readonly empty?: string;
  /** Widest first. */
  readonly bars: readonly TornadoBar[];
  /** At the scenario's own inputs; null where one of the two cannot be had. */
  readonly baseUsd: number | null;
  /** Names of the two options: left of 0 the first is cheaper. */
  readonly first: string;
  readonly second: string;
}

type ShownProps = Pick<TornadoChartProps, "bars" | "baseUsd" | "first" | "second">;

const top = 40;
const axisHeight = 40;

interface LayerProps extends ShownProps {
  readonly plot: ReturnType<typeof barPlot>;
  readonly x: Scale;
}

/** The axis, the line at which both cost the same, and the difference as the scenario has it. */
function Ground({
  plot,
  x,
  ticks,
  baseUsd,
  first,
  second,
}: LayerProps & { readonly ticks: readonly Tick[] }) {
  return (
    <>
      {ticks.map(({ value, label }) => (
        <g key={value} transform={`translate(${x(value)} 0)`}>
          <line className="grid" y1={plot.top - 4} y2={plot.bottom + 4} />
          <text className="tick" y={plot.bottom + 18} textAnchor="middle">
            {label}
          </text>
        </g>
      ))}
      <text className="axis-title" x={plot.right} y={plot.bottom + 34} textAnchor="end">
        difference, USD a month
      </text>
      <line className="rule" x1={x(0)} x2={x(0)} y1={plot.top - 8} y2={plot.bottom + 4} />
      <text className="direct-note halo" x={x(0) - 6} y={plot.top - 12} textAnchor="end">
        {x(0) - plot.left > 90 ? `${first} cheaper` : ""}
      </text>
      <text className="direct-note halo" x={x(0) + 6} y={plot.top - 12}>
        {plot.right - x(0) > 90 ? `${second} cheaper` : ""}
      </text>
      {baseUsd !== null && (
        <line
          className="rule soft"
          x1={x(baseUsd)}
          x2={x(baseUsd)}
          y1={plot.top - 4}
          y2={plot.bottom + 4}
        />
      )}
    </>
  );
}

function Bars({ bars, plot, x, width }: LayerProps & { readonly width: number }) {
  return bars.map((bar, i) => (
    <g key={bar.input} transform={`translate(0 ${plot.top + i * barRowHeight})`}>
      <text className="row-name" y={16}>
        {fitText(bar.input, plot.nameRoom - 8)}
      </text>
      <rect
        x={Math.min(x(bar.lowUsd), x(bar.highUsd))}
        y={6}
        width={Math.max(2, Math.abs(x(bar.highUsd) - x(bar.lowUsd)))}
        height={13}
        fill={bar.flips ? "var(--warn)" : "var(--other)"}
      />
      <text className="row-share" x={width} y={16} textAnchor="end">
        {fitText(bar.flipText, 146, 6.1)}
      </text>
    </g>
  ));
}

function pointsOf({ bars, plot, x }: LayerProps): ChartPoint[] {
  return bars.flatMap((bar, i): ChartPoint[] => {
    const y = plot.top + i * barRowHeight + 12;
    const common = { y, series: i, label: bar.input, note: bar.flipText };
    return [
      { ...common, x: x(bar.lowUsd), value: formatUsd(bar.lowUsd), at: bar.lowText },
      { ...common, x: x(bar.highUsd), value: formatUsd(bar.highUsd), at: bar.highText },
    ];
  });
}

function draw(shown: ShownProps, size: Size): Drawing {
  const { bars, baseUsd } = shown;
  const plot = barPlot(
    bars.map(({ input }) => input),
    size,
    bars.length,
    150,
    top,
  );
  const ends = bars.flatMap((each) => [each.lowUsd, each.highUsd]);
  const values = [0, ...(baseUsd === null ? [] : [baseUsd]), ...ends];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = (most - least) * 0.06 || 1;
  const x = linearScale(least - room, most + room, plot.left, plot.right);
  const across = Math.max(2, (plot.right - plot.left) / 90);
  const ticks = linearTicks(least - room, most + room, across, axisUsd);
  const layer = { ...shown, plot, x };
  const body = (
    <>
      <Ground {...layer} ticks={ticks} />
      <Bars {...layer} width={size.width} />
    </>
  );
  return { body, points: pointsOf(layer), reach: "both" };
}

function tableOf(bars: readonly TornadoBar[]): Table {
  return {
    columns: [
      ...[textColumn("input"), textColumn("from"), figureColumn("difference (USD a month)")],
      ...[textColumn("to"), figureColumn("difference at that end"), textColumn("verdict")],
    ],
    rows: bars.map((bar) => [
      ...[bar.input, bar.lowText, formatUsd(bar.lowUsd), bar.highText, formatUsd(bar.highUsd)],
      bar.flipText,
    ]),
  };
}

export function TornadoChart(props: TornadoChartProps) {
  const { title, summary, empty, bars, baseUsd, first, second } = props;
  const drawAt = useCallback(
    (size: Size) => draw({ bars, baseUsd, first, second }, size),
    [bars, baseUsd, first, second],
  );
  const table = useCallback(() => tableOf(bars), [bars]);
  const height = top + bars.length * barRowHeight + axisHeight;
  return (
    <ChartFrame {...{ title, summary, empty, table, height }} draw={drawAt} testId="tornado" />
  );
}
