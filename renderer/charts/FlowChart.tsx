/** Where tokens or dollars went: from traffic classes to pools and providers, widths to scale. */
import { useCallback } from "react";
import { formatPercent } from "../../shared/reports/formatters.ts";
import { figureColumn, type Table, textColumn } from "../../shared/reports/table.ts";
import { ChartFrame } from "./ChartFrame.tsx";
import { type ChartPoint, plotOf, type Size } from "./chartTypes.ts";
import type { Drawing } from "./drawing.ts";
import { type FlowLink, type FlowNode, layFlow } from "./flow.ts";
import type { OptionStyle } from "./optionStyles.ts";
import { fitText } from "./scales.ts";

interface FlowChartProps {
  readonly title: string;
  readonly summary: string;
  readonly empty?: string;
  readonly links: readonly FlowLink[];
  /** The look of a destination. */
  readonly styleOf: (destination: string) => OptionStyle;
  /** What flows, e.g. "tokens"; heads the table. */
  readonly what: string;
  readonly format: (value: number) => string;
  readonly height?: number;
}

type ShownProps = Pick<FlowChartProps, "links" | "styleOf" | "what" | "format">;

const nodeWidth = 8;

function NodeShape({
  node,
  x,
  size,
  style,
  format,
}: {
  readonly node: FlowNode;
  readonly x: number;
  readonly size: Size;
  readonly style: OptionStyle | undefined;
  readonly format: (value: number) => string;
}) {
  const isFrom = node.side === "from";
  const middle = (node.y0 + node.y1) / 2;
  const at = isFrom ? x - 8 : x + nodeWidth + 8;
  return (
    <g>
      <rect
        x={x}
        y={node.y0}
        width={nodeWidth}
        height={Math.max(1.5, node.y1 - node.y0)}
        fill={style?.colour ?? "var(--ink-soft)"}
      />
      <text className="row-name" x={at} y={middle - 1} textAnchor={isFrom ? "end" : "start"}>
        {fitText(node.name, size.width * 0.22)}
      </text>
      <text className="direct-note" x={at} y={middle + 13} textAnchor={isFrom ? "end" : "start"}>
        {format(node.value)}
      </text>
    </g>
  );
}

function draw({ links, styleOf, format, what }: ShownProps, size: Size): Drawing {
  const side = Math.min(190, size.width * 0.26);
  const plot = plotOf(size, { left: side, right: side, top: 14, bottom: 18 });
  const { nodes, bands } = layFlow(links, plot, nodeWidth);
  const total = bands.reduce((sum, { value }) => sum + value, 0);
  const body = (
    <>
      {bands.map(({ from, to, path }) => (
        <path key={`${from} ${to}`} className="flow-band" d={path} fill={styleOf(to).colour} />
      ))}
      {nodes.map((node) => (
        <NodeShape
          key={`${node.side} ${node.name}`}
          {...{ node, size, format }}
          x={node.side === "from" ? plot.left : plot.right - nodeWidth}
          style={node.side === "to" ? styleOf(node.name) : undefined}
        />
      ))}
    </>
  );
  const points = bands.map(
    ({ from, to, value, y }): ChartPoint => ({
      ...{ x: (plot.left + plot.right) / 2, y, series: 0, style: styleOf(to) },
      label: `${from} to ${to}`,
      value: format(value),
      at: `${formatPercent(total > 0 ? value / total : 0)} of all ${what}`,
    }),
  );
  return { body, points, reach: "row" };
}

function tableOf({ links, what, format }: ShownProps): Table {
  const total = links.reduce((sum, { value }) => sum + value, 0);
  return {
    columns: [textColumn("from"), textColumn("to"), figureColumn(what), figureColumn("share")],
    rows: links.map(({ from, to, value }) => [
      ...[from, to, format(value)],
      formatPercent(total > 0 ? value / total : 0),
    ]),
  };
}

export function FlowChart(props: FlowChartProps) {
  const { title, summary, empty, links, styleOf, what, format, height = 260 } = props;
  const drawAt = useCallback(
    (size: Size) => draw({ links, styleOf, what, format }, size),
    [links, styleOf, what, format],
  );
  const table = useCallback(
    () => tableOf({ links, styleOf, what, format }),
    [links, styleOf, what, format],
  );
  return <ChartFrame {...{ title, summary, empty, table, height }} draw={drawAt} testId="flow" />;
}
