/** Where the money goes: the month's bill as one bar, and its lines in order of size. */
import { useCallback } from "react";
import type { CostLine, CostReport } from "../../shared/cost/costReport.ts";
import { formatPercent, formatUsd, formatUsdCents } from "../../shared/reports/formatters.ts";
import { figureColumn, type Table, textColumn } from "../../shared/reports/table.ts";
import { barPlot, barRowHeight, stackPieces } from "./bars.ts";
import { ChartFrame } from "./ChartFrame.tsx";
import type { ChartPoint, Size } from "./chartTypes.ts";
import type { Drawing } from "./drawing.ts";
import { type OptionStyle, optionStyles } from "./optionStyles.ts";
import { fitText, linearScale } from "./scales.ts";

interface CostChartProps {
  readonly title: string;
  readonly summary: string;
  readonly empty?: string;
  readonly cost: CostReport;
  /** Called with the id of a line that is asked to explain itself. */
  readonly onLine?: (id: string) => void;
}

const top = 56;
const figureRoom = 132;

/** The look of whom a line is charged to. */
export function subjectStyle({ subjectKind }: Pick<CostLine, "subjectKind">): OptionStyle {
  if (subjectKind === "provider") return optionStyles.api;
  return subjectKind === "fixed" ? optionStyles.other : optionStyles.own;
}

/** Lines by cost, dearest first; lines that cost nothing last, in their order. */
export function orderedLines({ lines }: CostReport): CostLine[] {
  return [...lines].sort((a, b) => b.monthUsd - a.monthUsd);
}

function isIdle({ kind }: CostLine): boolean {
  return kind === "gpuIdle";
}

function fillOf(line: CostLine): string {
  return isIdle(line) ? "url(#idle-hatch)" : subjectStyle(line).colour;
}

/** Idle hours are hatched: paid for, unused. */
function Hatch() {
  return (
    <pattern
      id="idle-hatch"
      width={5}
      height={5}
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
    >
      <rect width={5} height={5} fill="var(--own-wash)" />
      <line x1={0} x2={0} y1={0} y2={5} stroke="var(--own)" strokeWidth={2} />
    </pattern>
  );
}

function Stack({ lines, width }: { readonly lines: readonly CostLine[]; readonly width: number }) {
  const pieces = stackPieces(
    lines.map(({ monthUsd }) => monthUsd),
    0,
    width,
  );
  return lines.map((line, i) => (
    <rect
      key={line.id}
      x={pieces[i].from}
      y={8}
      width={Math.max(0, pieces[i].to - pieces[i].from - 1)}
      height={28}
      fill={fillOf(line)}
      fillOpacity={line.kind.startsWith("api") && line.kind.endsWith("Output") ? 0.72 : 1}
    />
  ));
}

function draw(cost: CostReport, onLine: CostChartProps["onLine"], size: Size): Drawing {
  const lines = orderedLines(cost);
  const names = lines.map(({ label }) => label);
  const plot = barPlot(names, size, lines.length, figureRoom, top);
  const most = Math.max(...lines.map(({ monthUsd }) => monthUsd), 1e-9);
  const x = linearScale(0, most, plot.left, plot.right);
  const share = (line: CostLine): string =>
    cost.monthUsd > 0 ? formatPercent(line.monthUsd / cost.monthUsd) : "0 %";
  const body = (
    <>
      <Hatch />
      <Stack lines={lines} width={size.width} />
      {lines.map((line, i) => (
        <g key={line.id} transform={`translate(0 ${plot.top + i * barRowHeight})`}>
          <text className="row-name" x={0} y={16}>
            {fitText(line.label, plot.nameRoom - 8)}
          </text>
          <rect
            className="moves"
            x={plot.left}
            y={6}
            width={Math.max(1, x(line.monthUsd) - plot.left)}
            height={13}
            fill={fillOf(line)}
          />
          <text className="row-figure" x={size.width - 58} y={16} textAnchor="end">
            {formatUsd(line.monthUsd)}
          </text>
          <text className="row-share" x={size.width} y={16} textAnchor="end">
            {share(line)}
          </text>
        </g>
      ))}
    </>
  );
  const points = lines.map(
    (line, i): ChartPoint => ({
      ...{ x: x(line.monthUsd), y: plot.top + i * barRowHeight + 12, series: 0 },
      label: line.label,
      value: `${formatUsd(line.monthUsd)} a month, ${share(line)}`,
      at: line.subject,
      style: subjectStyle(line),
      ...(onLine && { open: () => onLine(line.id) }),
    }),
  );
  return { body, points, reach: "row" };
}

function tableOf(cost: CostReport): Table {
  return {
    columns: [
      ...[textColumn("line"), textColumn("for"), figureColumn("month (USD)")],
      figureColumn("share of the bill"),
    ],
    rows: orderedLines(cost).map((line) => [
      ...[line.label, line.subject, formatUsdCents(line.monthUsd)],
      cost.monthUsd > 0 ? formatPercent(line.monthUsd / cost.monthUsd) : "0 %",
    ]),
  };
}

export function CostChart({ title, summary, empty, cost, onLine }: CostChartProps) {
  const drawAt = useCallback((size: Size) => draw(cost, onLine, size), [cost, onLine]);
  const table = useCallback(() => tableOf(cost), [cost]);
  const height = top + cost.lines.length * barRowHeight + 4;
  return (
    <ChartFrame {...{ title, summary, empty, table, height }} draw={drawAt} testId="cost-chart" />
  );
}
