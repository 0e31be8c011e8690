/** A week at a glance: how full a pool is, a row for each day and a cell for each hour. */
import { useCallback } from "react";
import { formatPercent, noValue } from "../../shared/reports/formatters.ts";
import { figureColumn, type Table, textColumn } from "../../shared/reports/table.ts";
import { ChartFrame } from "./ChartFrame.tsx";
import { type ChartPoint, plotOf, type Size } from "./chartTypes.ts";
import type { Drawing } from "./drawing.ts";
import { foldOf, type HeatCell, type HeatFold, heatCells } from "./heat.ts";
import { timeNumber, timeText, timeTicks, timeUnitOf } from "./ticks.ts";
import type { TimeColumn } from "./timeline.ts";

interface HeatChartProps {
  readonly title: string;
  readonly summary: string;
  readonly empty?: string;
  /** Shares, 0..1. */
  readonly column: TimeColumn;
  readonly windowS: number;
  readonly spanS: number;
  /** A CSS colour: full at a share of 1. */
  readonly colour: string;
  readonly label: string;
}

const rowHeight = 18;
const margin = { left: 52, right: 92, top: 8, bottom: 38 };

function rowLabel({ rowName }: HeatFold, row: number): string {
  return rowName === "run" ? "" : `${rowName} ${row + 1}`;
}

function cellText({ fromS, toS }: HeatCell, spanS: number): string {
  const unit = timeUnitOf(Math.min(spanS, 2 * 86_400));
  return `${timeNumber(fromS, unit)} to ${timeText(toS, unit)}`;
}

function Cells({
  cells,
  at,
  size,
  colour,
}: {
  readonly cells: readonly HeatCell[];
  readonly at: (cell: HeatCell) => { x: number; y: number };
  readonly size: Size;
  readonly colour: string;
}) {
  return cells.map((cell) => {
    const { x, y } = at(cell);
    return (
      <rect
        key={cell.fromS}
        {...{ x, y }}
        width={Math.max(1, size.width - 1)}
        height={size.height}
        fill={cell.mean === undefined ? "var(--line)" : colour}
        fillOpacity={cell.mean === undefined ? 0.3 : 0.06 + 0.94 * Math.min(1, cell.mean)}
      />
    );
  });
}

/** What the depth of the colour means. */
function Key({
  x,
  y,
  colour,
}: {
  readonly x: number;
  readonly y: number;
  readonly colour: string;
}) {
  return (
    <g transform={`translate(${x} ${y})`}>
      {[0, 0.25, 0.5, 0.75, 1].map((share, i) => (
        <rect
          key={share}
          x={i * 13}
          width={12}
          height={10}
          fill={colour}
          fillOpacity={0.06 + 0.94 * share}
        />
      ))}
      <text className="tick" y={23}>
        0
      </text>
      <text className="tick" x={64} y={23} textAnchor="end">
        100 %
      </text>
    </g>
  );
}

type ShownProps = Omit<HeatChartProps, "title" | "summary" | "empty">;

function draw({ column, windowS, spanS, colour, label }: ShownProps, size: Size): Drawing {
  const fold = foldOf(spanS, windowS);
  const cells = heatCells(column, windowS, spanS, fold);
  const plot = plotOf(size, margin);
  const width = (plot.right - plot.left) / fold.cellsPerRow;
  const at = (cell: HeatCell) => ({
    x: plot.left + cell.column * width,
    y: plot.top + cell.row * rowHeight,
  });
  const bottom = plot.top + fold.rows * rowHeight;
  const unit = timeUnitOf(fold.rowS);
  const ticks = timeTicks(0, fold.rowS, Math.max(2, Math.floor((plot.right - plot.left) / 60)));
  const body = (
    <>
      {Array.from({ length: fold.rows }, (_, row) => (
        <text
          key={row}
          className="tick"
          x={plot.left - 8}
          y={plot.top + row * rowHeight + 12}
          textAnchor="end"
        >
          {rowLabel(fold, row)}
        </text>
      ))}
      <Cells {...{ cells, at, colour }} size={{ width, height: rowHeight - 2 }} />
      {ticks.map(({ value, label: text }) => (
        <text
          key={value}
          className="tick"
          x={plot.left + (value / fold.rowS) * (plot.right - plot.left)}
          y={bottom + 14}
          textAnchor="middle"
        >
          {text}
        </text>
      ))}
      <text className="axis-title" x={plot.right} y={bottom + 30} textAnchor="end">
        {unit.name} of the {fold.rowName}
      </text>
      <Key x={plot.right + 14} y={plot.top + 2} colour={colour} />
    </>
  );
  const points = cells.map((cell): ChartPoint => {
    const { x, y } = at(cell);
    return {
      ...{ x: x + width / 2, y: y + rowHeight / 2, series: cell.row, label },
      value: cell.mean === undefined ? noValue : formatPercent(cell.mean),
      at: cellText(cell, spanS),
    };
  });
  return { body, points, reach: "both" };
}

function tableOf({ column, windowS, spanS, label }: Omit<ShownProps, "colour">): Table {
  const cells = heatCells(column, windowS, spanS, foldOf(spanS, windowS));
  return {
    columns: [textColumn("time"), figureColumn(label)],
    rows: cells.map((cell) => [
      cellText(cell, spanS),
      cell.mean === undefined ? noValue : formatPercent(cell.mean),
    ]),
  };
}

export function HeatChart({
  title,
  summary,
  empty,
  column,
  windowS,
  spanS,
  colour,
  label,
}: HeatChartProps) {
  const { rows } = foldOf(spanS, windowS);
  const height = margin.top + rows * rowHeight + margin.bottom;
  const drawAt = useCallback(
    (size: Size) => draw({ column, windowS, spanS, colour, label }, size),
    [column, windowS, spanS, colour, label],
  );
  const table = useCallback(
    () => tableOf({ column, windowS, spanS, label }),
    [column, windowS, spanS, label],
  );
  return <ChartFrame {...{ title, summary, empty, table, height }} draw={drawAt} />;
}
