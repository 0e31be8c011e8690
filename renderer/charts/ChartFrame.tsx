/**
 * The frame of every chart: title, one sentence, the drawing at the size there is, its points by pointer and keyboard, its
 * table twin, copies. A chart gives the frame a function from a size to a drawing, a summary, and its table.
 */
import { type ReactNode, useCallback, useMemo, useRef, useState } from "react";
import { formatCount } from "../../shared/reports/formatters.ts";
import type { Table } from "../../shared/reports/table.ts";
import { DataTable } from "../components/DataTable.tsx";
import { ChartActions, type ChartUse } from "./ChartActions.tsx";
import type { ChartPicture } from "./chartImage.ts";
import type { Size } from "./chartTypes.ts";
import { copyChart } from "./copyChart.ts";
import type { Drawing } from "./drawing.ts";
import { keepUnits } from "./keepUnits.ts";
import { PointLayer } from "./PointLayer.tsx";
import { columnOf } from "./pointNavigation.ts";
import { Readout } from "./Readout.tsx";
import { saveChart } from "./saveChart.ts";
import { useWidth } from "./useSize.ts";
import type { Stretch } from "./useTimePointer.ts";

interface ChartFrameProps {
  readonly title: string;
  /** The chart in one sentence: what it says, not what it shows. */
  readonly summary: string;
  /** The same figures as a table; made when it is asked for. */
  readonly table: () => Table;
  /** Why there is nothing to show; undefined where there is something. */
  readonly empty?: string;
  /** Pixels. */
  readonly height: number;
  /** What the marks mean, where direct labels do not say it. */
  readonly legend?: ReactNode;
  /** Draws at a size; give it a stable function (useCallback), it is called again when it changes. */
  readonly draw: (size: Size) => Drawing;
  readonly testId?: string;
}

/** The ring around the point in hand. */
function Ring({ x, y }: { readonly x: number; readonly y: number }) {
  return <circle className="ring" data-passing="" cx={x} cy={y} r={7} />;
}

function StretchBand({ stretch, height }: { readonly stretch: Stretch; readonly height: number }) {
  const { from, to } = stretch;
  return (
    <rect className="stretch" data-passing="" x={from} width={to - from} y={0} height={height} />
  );
}

interface PlateProps {
  readonly title: string;
  readonly size: Size;
  readonly draw: (size: Size) => Drawing;
  readonly onCopy: () => void;
}

/** The drawing with its layer for pointer and keyboard. */
function Plate({ title, size, draw, onCopy }: PlateProps) {
  const { width, height } = size;
  const drawing = useMemo(() => draw({ width, height }), [draw, width, height]);
  const [current, setCurrent] = useState<number>();
  const [stretch, setStretch] = useState<Stretch>();
  const { points } = drawing;
  const point = current === undefined ? undefined : points[current];
  const shown =
    point === undefined || current === undefined
      ? []
      : drawing.reach === "column"
        ? columnOf(points, current).map((i) =>
            points[i].series === point.series ? point : points[i],
          )
        : [point];
  return (
    <>
      {drawing.canvas}
      <svg width={width} height={height} aria-hidden="true">
        {drawing.body}
        {stretch && <StretchBand stretch={stretch} height={height} />}
        {shown.map((each) => (
          <Ring key={`${each.series} ${each.label}`} x={each.x} y={each.y} />
        ))}
      </svg>
      <PointLayer
        title={title}
        drawing={drawing}
        current={current}
        onCurrent={setCurrent}
        onStretch={setStretch}
        onCopy={onCopy}
      />
      {point !== undefined && stretch === undefined && (
        <Readout points={shown} current={point} size={size} />
      )}
    </>
  );
}

/** The most rows that a twin shows; a copy takes all. */
const mostRows = 1000;

function Twin({ title, table }: { readonly title: string; readonly table: () => Table }) {
  const full = useMemo(table, [table]);
  const more = full.rows.length - mostRows;
  const columns = full.columns.map(({ title: heading, align }) => ({
    ...{ heading, isFigure: align === "right" },
  }));
  return (
    <div className="chart-twin">
      <DataTable caption={title} columns={columns} rows={full.rows.slice(0, mostRows)} />
      {more > 0 && (
        <p className="empty">{formatCount(more)} more rows: Copy, As a table takes all.</p>
      )}
    </div>
  );
}

export function ChartFrame(props: ChartFrameProps) {
  const { title, summary, table, empty, height, legend, draw, testId } = props;
  const body = useRef<HTMLDivElement>(null);
  const width = useWidth(body);
  const [isTable, setTable] = useState(false);
  const [said, setSaid] = useState("");
  const use = useCallback(
    (what: ChartUse): void => {
      const svg = body.current?.querySelector("svg") ?? null;
      const canvas = body.current?.querySelector("canvas") ?? null;
      const picture: ChartPicture | undefined = svg ? { svg, canvas, title, summary } : undefined;
      if (what.kind === "save") {
        saveChart(what.form, title, table(), picture).then(setSaid, (error: unknown) =>
          setSaid(error instanceof Error ? error.message : String(error)),
        );
        return;
      }
      copyChart(what.form, table(), picture).then(setSaid, () =>
        setSaid("The clipboard did not take it: click into the window and copy again."),
      );
    },
    [table, title, summary],
  );
  const isDrawn = empty === undefined && !isTable;
  return (
    <figure className="chart" aria-label={title} data-testid={testId}>
      <div className="chart-head">
        <h3>{title}</h3>
        {empty === undefined && (
          <ChartActions
            {...{ title, isTable, hasPicture: isDrawn }}
            onTable={setTable}
            onUse={use}
          />
        )}
      </div>
      <figcaption>{keepUnits(empty ?? summary)}</figcaption>
      {isDrawn && legend}
      <div className="chart-body" ref={body} style={isDrawn ? { height } : undefined}>
        {isDrawn && width > 0 && (
          <Plate
            title={title}
            size={{ width, height }}
            draw={draw}
            onCopy={() => use({ kind: "copy", form: "both" })}
          />
        )}
        {empty === undefined && isTable && <Twin title={title} table={table} />}
      </div>
      <p className="chart-said" role="status">
        {said}
      </p>
    </figure>
  );
}
