/** One figure of several scenarios on one axis: a dot each, the interval of the difference to the baseline, the baseline as a rule. */
import { useCallback } from "react";
import { figureColumn, type Table, textColumn } from "../../shared/reports/table.ts";
import { barPlot } from "./bars.ts";
import { ChartFrame } from "./ChartFrame.tsx";
import type { Size } from "./chartTypes.ts";
import { type DotAxis, type DotRow, dotRowHeight, dotScale } from "./dotRows.ts";
import type { Drawing } from "./drawing.ts";
import { Mark } from "./Mark.tsx";
import type { OptionStyle } from "./optionStyles.ts";
import { fitText } from "./scales.ts";
import { labelsIn, linearTicks, logTicks, type Tick } from "./ticks.ts";

/** A row with its look. */
export interface StyledRow extends DotRow {
  readonly id: string;
  readonly style: OptionStyle;
  /** e.g. "+$1,240, +18 %"; empty for the baseline. */
  readonly difference: string;
}

interface DotChartProps {
  readonly title: string;
  readonly summary: string;
  readonly rows: readonly StyledRow[];
  /** Index of the baseline among the rows. */
  readonly baseline: number;
  readonly axis: (value: number) => string;
  /** Round values at which a logarithmic axis is marked; 1, 2, 5 of each decade without. */
  readonly marks?: readonly number[];
  readonly format: (value: number) => string;
}

const top = 22;

function RowShape({
  row,
  y,
  x,
  least,
  nameRoom,
}: {
  readonly row: StyledRow;
  readonly y: number;
  readonly x: (value: number) => number;
  /** Where the axis begins. */
  readonly least: number;
  readonly nameRoom: number;
}) {
  const { style, value, low, high } = row;
  return (
    <g>
      <text className="row-name" x={0} y={y} dy="0.32em">
        {fitText(row.name, nameRoom - 8)}
      </text>
      {low !== undefined && high !== undefined && (
        <line
          className="whisker"
          x1={x(Math.max(low, least))}
          x2={x(high)}
          y1={y}
          y2={y}
          stroke={style.colour}
          strokeWidth={2}
        />
      )}
      {value !== null && <Mark style={style} x={x(value)} y={y} size={5} />}
    </g>
  );
}

/** Marks of the axis with room for their labels. */
function ticksOf(
  { least, most, isLog }: DotAxis,
  room: number,
  { axis, marks }: Pick<DotChartProps, "axis" | "marks">,
): Tick[] {
  if (!isLog) return linearTicks(0, most, room, axis);
  if (marks === undefined) {
    return logTicks(least, most, room, axis).filter(({ label }) => label !== "");
  }
  const within = marks.filter((value) => value >= least && value <= most);
  const step = Math.ceil(within.length / room);
  return within.filter((_, i) => i % step === 0).map((value) => ({ value, label: axis(value) }));
}

function draw(props: DotChartProps, size: Size): Drawing {
  const { rows, baseline, format } = props;
  const plot = barPlot(
    rows.map(({ name }) => name),
    size,
    rows.length,
    84,
    top,
  );
  const axisOf = dotScale(rows, plot.left, plot.right);
  const { scale, isLog } = axisOf;
  const bottom = top + rows.length * dotRowHeight;
  const middle = (i: number): number => top + (i + 0.5) * dotRowHeight;
  const base = rows[baseline]?.value ?? null;
  const body = (
    <>
      {isLog && (
        <text className="tick" y={top - 8}>
          logarithmic
        </text>
      )}
      {ticksOf(axisOf, labelsIn(plot.right - plot.left, 60), props).map(({ value, label }) => (
        <g key={value} transform={`translate(${scale(value)} 0)`}>
          <line className="grid" y1={top} y2={bottom} />
          <text className="tick" y={top - 8} textAnchor="middle">
            {label}
          </text>
        </g>
      ))}
      {base !== null && (
        <line
          className="cursor"
          x1={scale(base)}
          x2={scale(base)}
          y1={top}
          y2={bottom}
          strokeDasharray="3 3"
        />
      )}
      {rows.map((row, i) => (
        <g key={row.id}>
          <RowShape
            row={row}
            y={middle(i)}
            x={scale}
            least={axisOf.least}
            nameRoom={plot.nameRoom}
          />
          <text className="row-figure" x={size.width} y={middle(i)} dy="0.32em" textAnchor="end">
            {row.value === null ? "-" : format(row.value)}
          </text>
        </g>
      ))}
    </>
  );
  const points = rows.flatMap((row, i) =>
    row.value === null
      ? []
      : [
          {
            ...{ x: scale(row.value), y: middle(i), series: i, label: row.name, style: row.style },
            value: format(row.value),
            at: row.difference === "" ? "the baseline" : row.difference,
          },
        ],
  );
  return { body, points, reach: "row" };
}

export function DotChart(props: DotChartProps) {
  const { title, summary, rows, baseline, axis, format, marks } = props;
  const drawing = useCallback(
    (size: Size) =>
      draw({ title, summary, rows, baseline, axis, format, ...(marks && { marks }) }, size),
    [title, summary, rows, baseline, axis, format, marks],
  );
  const table = useCallback(
    (): Table => ({
      columns: [textColumn("Scenario"), figureColumn(title), figureColumn("Against the baseline")],
      rows: rows.map(({ name, value, difference }) => [
        name,
        value === null ? "-" : format(value),
        difference,
      ]),
    }),
    [title, rows, format],
  );
  const hasValue = rows.some(({ value }) => value !== null);
  return (
    <ChartFrame
      title={title}
      summary={summary}
      {...(!hasValue && { empty: "None of the scenarios has this figure." })}
      table={table}
      draw={drawing}
      height={top + rows.length * dotRowHeight + 8}
    />
  );
}
