/** Figures over the time of a run: lines of steps that share zoom and cursor with the other charts of the run. */
import { useCallback, useLayoutEffect, useMemo, useRef } from "react";
import { useStore } from "zustand";
import type { Table } from "../../shared/reports/table.ts";
import { figureColumn } from "../../shared/reports/table.ts";
import { axisMargin, XAxis, YAxis } from "./Axes.tsx";
import { ChartFrame } from "./ChartFrame.tsx";
import { calendarCell, calendarSpan, calendarTicks } from "./calendarAxis.ts";
import { type ChartPoint, type Plot, plotOf, type Size } from "./chartTypes.ts";
import type { Drawing, TimeGestures } from "./drawing.ts";
import type { OptionStyle } from "./optionStyles.ts";
import { spreadLabels } from "./spreadLabels.ts";
import { TimeCanvas } from "./TimeCanvas.tsx";
import { labelsIn, linearTicks, timeNumber, timeText, timeTicks, timeUnitOf } from "./ticks.ts";
import {
  ExtremesPyramid,
  greatestIn,
  mostSvgPoints,
  reachableWindows,
  stepPath,
  type TimeColumn,
  windowRange,
} from "./timeline.ts";
import type { TimeLink, TimeWindow } from "./timeWindow.ts";

/** A line of a timeline. */
export interface TimelineSeries {
  readonly label: string;
  readonly column: TimeColumn;
  readonly style: OptionStyle;
}

interface TimelineChartProps {
  readonly title: string;
  readonly summary: string;
  readonly empty?: string;
  /** Shared with the other charts of the run. */
  readonly link: TimeLink;
  /** Width of a window, seconds. */
  readonly windowS: number;
  readonly series: readonly TimelineSeries[];
  /** What is measured, with its unit. */
  readonly unit: string;
  /** A figure at the axis. */
  readonly axis: (value: number) => string;
  /** A figure with its unit, in words and tables. */
  readonly format: (value: number) => string;
  /** The start in the calendar, milliseconds since 1970: times are then said in it. */
  readonly startMs?: number;
  /** Top of the axis; the greatest figure shown by default. */
  readonly most?: number;
  readonly height?: number;
  readonly testId?: string;
}

type Scale = (value: number) => number;

function gesturesOf(link: TimeLink, plot: Plot, { fromS, toS }: TimeWindow): TimeGestures {
  const perPixel = (toS - fromS) / (plot.right - plot.left);
  return {
    secondsAt: (x) => fromS + (x - plot.left) * perPixel,
    select: (from, to) => link.show({ fromS: from, toS: to }),
    panBy: (seconds) => link.panBy(seconds),
    zoomBy: (factor, aboutS) => link.zoomBy(factor, aboutS),
    reset: () => link.reset(),
    point: (atS) => link.point(atS),
  };
}

/** The cursor of all linked charts; drawn by itself, so that moving it draws no chart anew. */
function Cursor({
  link,
  plot,
  x,
}: {
  readonly link: TimeLink;
  readonly plot: Plot;
  readonly x: Scale;
}) {
  const line = useRef<SVGLineElement>(null);
  const place = useCallback(() => {
    const { cursorS, fromS, toS } = link.store.getState();
    const isShown = cursorS !== undefined && cursorS >= fromS && cursorS <= toS;
    line.current?.setAttribute("visibility", isShown ? "visible" : "hidden");
    if (isShown) line.current?.setAttribute("transform", `translate(${x(cursorS)} 0)`);
  }, [link, x]);
  useLayoutEffect(() => {
    place();
    return link.store.subscribe(place);
  }, [link, place]);
  return (
    <line
      ref={line}
      className="cursor"
      data-passing=""
      visibility="hidden"
      y1={plot.top}
      y2={plot.bottom}
    />
  );
}

/** Names at the ends of the lines. */
function EndLabels(props: {
  readonly series: readonly TimelineSeries[];
  readonly plot: Plot;
  readonly last: number;
  readonly y: Scale;
}) {
  const { series, plot, last, y } = props;
  const wanted = series.map(({ column }) => y(lastValue(column, last)));
  const places = spreadLabels(wanted, 14, plot.top + 4, plot.bottom);
  return series.map(({ label, style }, i) => (
    <text
      key={label}
      className="direct-label"
      x={plot.right + 8}
      y={places[i]}
      dy="0.32em"
      fill={style.colour}
    >
      {label}
    </text>
  ));
}

function lastValue(column: TimeColumn, last: number): number {
  for (let i = last; i >= 0; i--)
    if (column[i] !== null && column[i] !== undefined) return column[i] ?? 0;
  return 0;
}

function pointsOf(
  { series, windowS, format, link, startMs }: TimelineChartProps,
  windows: readonly number[],
  x: Scale,
  y: Scale,
): ChartPoint[] {
  const unit = timeUnitOf(link.spanS);
  return series.flatMap(({ label, column, style }, index) =>
    windows.flatMap((i) => {
      const value = column[i];
      if (value === null || value === undefined) return [];
      const toS = Math.min(link.spanS, (i + 1) * windowS);
      const at =
        startMs === undefined
          ? `${timeNumber(i * windowS, unit)} to ${timeText(toS, unit)}`
          : calendarSpan(i * windowS, toS, startMs);
      return [
        {
          x: x((i + 0.5) * windowS),
          y: y(value),
          series: index,
          label,
          value: format(value),
          at,
          style,
        },
      ];
    }),
  );
}

function tableOf(props: TimelineChartProps): Table {
  const { series, windowS, format, link, startMs } = props;
  const unit = timeUnitOf(link.spanS);
  const rows = Math.max(0, ...series.map(({ column }) => column.length));
  return {
    columns: [
      figureColumn(startMs === undefined ? `from (${unit.name})` : "from (UTC)"),
      ...series.map(({ label }) => figureColumn(label === "" ? props.unit : label)),
    ],
    rows: Array.from({ length: rows }, (_, i) => [
      startMs === undefined ? timeNumber(i * windowS, unit) : calendarCell(i * windowS, startMs),
      ...series.map(({ column }) => {
        const value = column[i];
        return value === null || value === undefined ? "-" : format(value);
      }),
    ]),
  };
}

/** Room to the right for names: the same in all timelines with names, so that their times stand under one another. */
function labelRoom(width: number, series: readonly TimelineSeries[]): number {
  return series.every(({ label }) => label === "") ? 16 : Math.min(width / 4, 92);
}

function drawTimeline(
  props: TimelineChartProps,
  pyramids: readonly ExtremesPyramid[] | undefined,
  window: TimeWindow,
  size: Size,
): Drawing {
  const { series, windowS, unit, axis, link, most, startMs } = props;
  const plot = plotOf(size, axisMargin(52, labelRoom(size.width, series)));
  const { fromS, toS } = window;
  const greatest =
    most ??
    greatestIn(
      series.map(({ column }) => column),
      window,
      windowS,
    );
  const top = greatest > 0 ? greatest * (most === undefined ? 1.06 : 1) : 1;
  const x: Scale = (s) => plot.left + ((s - fromS) / (toS - fromS)) * (plot.right - plot.left);
  const y: Scale = (value) => plot.bottom - (value / top) * (plot.bottom - plot.top);
  const count = Math.max(0, ...series.map(({ column }) => column.length));
  const range = windowRange(window, windowS, count);
  const isCanvas = pyramids !== undefined && range.to - range.from > mostSvgPoints / series.length;
  const timeUnit = timeUnitOf(toS - fromS);
  const clip = `clip-${props.title.replace(/\W+/g, "-")}`;
  const body = (
    <>
      <clipPath id={clip}>
        <rect x={plot.left} y={0} width={plot.right - plot.left} height={size.height} />
      </clipPath>
      <YAxis plot={plot} ticks={linearTicks(0, top, 4, axis)} scale={y} title={unit} />
      <XAxis
        plot={plot}
        ticks={
          startMs === undefined
            ? timeTicks(fromS, toS, labelsIn(plot.right - plot.left, 34))
            : calendarTicks(fromS, toS, startMs, labelsIn(plot.right - plot.left, 46))
        }
        scale={x}
        title={`${startMs === undefined ? `${timeUnit.name} since the start` : "day and time, UTC"}, windows of ${timeText(windowS, timeUnitOf(windowS))}`}
      />
      {!isCanvas &&
        series.map(({ label, column, style }) => (
          <path
            key={label}
            className="line"
            clipPath={`url(#${clip})`}
            d={stepPath(column, windowS, range, x, y)}
            stroke={style.colour}
            strokeDasharray={style.dash}
          />
        ))}
      <EndLabels series={series} plot={plot} last={range.to - 1} y={y} />
      <Cursor link={link} plot={plot} x={x} />
    </>
  );
  const windows = reachableWindows(range.from, range.to, isCanvas ? 200 : 600);
  return {
    ...{ body, points: pointsOf(props, windows, x, y), reach: "column" },
    time: gesturesOf(link, plot, window),
    ...(isCanvas && {
      canvas: <TimeCanvas {...{ size, plot, window, windowS, pyramids, series, y }} />,
    }),
  };
}

export function TimelineChart(props: TimelineChartProps) {
  const { title, summary, empty, link, series, height = 190, testId } = props;
  const fromS = useStore(link.store, (state) => state.fromS);
  const toS = useStore(link.store, (state) => state.toS);
  const pyramids = useMemo(() => {
    const points = series.reduce((sum, { column }) => sum + column.length, 0);
    return points > mostSvgPoints
      ? series.map(({ column }) => new ExtremesPyramid(column))
      : undefined;
  }, [series]);
  const { windowS, unit, axis, format, most, startMs } = props;
  const table = useCallback(
    () => tableOf({ title, summary, link, windowS, series, unit, axis, format, startMs }),
    [title, summary, link, windowS, series, unit, axis, format, startMs],
  );
  const draw = useCallback(
    (size: Size) => {
      const given = { title, summary, link, windowS, series, unit, axis, format, most, startMs };
      return drawTimeline(given, pyramids, { fromS, toS }, size);
    },
    [
      title,
      summary,
      link,
      windowS,
      series,
      unit,
      axis,
      format,
      most,
      startMs,
      pyramids,
      fromS,
      toS,
    ],
  );
  return <ChartFrame {...{ title, summary, table, empty, height, draw, testId }} />;
}
