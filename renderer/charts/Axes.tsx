/** Axes of charts: hairlines, labels, and what is measured in which unit. */
import type { Plot } from "./chartTypes.ts";
import type { Tick } from "./ticks.ts";

interface AxisProps {
  readonly plot: Plot;
  readonly ticks: readonly Tick[];
  /** Pixels of a value. */
  readonly scale: (value: number) => number;
  /** What the axis measures, with its unit and window. */
  readonly title: string;
}

/** A vertical axis: labels to the left, a hairline across at each label, the title above, or at titleY. */
export function YAxis({
  plot,
  ticks,
  scale,
  title,
  titleY,
}: AxisProps & { readonly titleY?: number }) {
  return (
    <g className="axis">
      {ticks
        .filter(({ label }) => label !== "")
        .map(({ value, label }) => (
          <g key={value} transform={`translate(0 ${scale(value)})`}>
            <line className="grid" x1={plot.left} x2={plot.right} />
            <text className="tick" x={plot.left - 8} dy="0.32em" textAnchor="end">
              {label}
            </text>
          </g>
        ))}
      <text className="axis-title" x={0} y={titleY ?? plot.top - 12}>
        {title}
      </text>
    </g>
  );
}

/** A horizontal axis: ticks and labels below the plot, the title under them to the right. */
export function XAxis({ plot, ticks, scale, title }: AxisProps) {
  return (
    <g className="axis">
      <line
        className="axis-line"
        x1={plot.left}
        x2={plot.right}
        y1={plot.bottom}
        y2={plot.bottom}
      />
      {ticks.map(({ value, label }) => (
        <g key={value} transform={`translate(${scale(value)} ${plot.bottom})`}>
          <line className="axis-line" y2={label === "" ? 3 : 5} />
          <text className="tick" y={18} textAnchor="middle">
            {label}
          </text>
        </g>
      ))}
      <text className="axis-title" x={plot.right} y={plot.bottom + 34} textAnchor="end">
        {title}
      </text>
    </g>
  );
}

/** Room that axes need: 34 pixels under the plot, `left` for labels; `right` for labels at the ends of lines. */
export function axisMargin(left: number, right = 12) {
  return { left, right, top: 26, bottom: 40 };
}
