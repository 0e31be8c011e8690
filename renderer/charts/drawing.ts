/** What a chart gives to its frame. */
import type { ReactNode } from "react";
import type { ChartPoint } from "./chartTypes.ts";

/** How a chart whose x axis is time zooms and shares its cursor. */
export interface TimeGestures {
  /** Seconds at a place of the chart, in pixels from its left edge. */
  secondsAt(x: number): number;
  /** Shows a stretch of time. */
  select(fromS: number, toS: number): void;
  /** Shows earlier (negative) or later. */
  panBy(seconds: number): void;
  /** Shows `factor` times as much, keeping a moment where it stands. */
  zoomBy(factor: number, aboutS: number): void;
  /** Shows the whole run. */
  reset(): void;
  /** Moves the cursor of all charts that share the time axis; undefined takes it away. */
  point(atS: number | undefined): void;
}

/** A chart drawn at a size. */
export interface Drawing {
  /** SVG elements. */
  readonly body: ReactNode;
  /** Points that pointer and keyboard reach, each series in its order. */
  readonly points: readonly ChartPoint[];
  /** Which points the pointer finds: all at its x, one at its y, or the nearest one. */
  readonly reach: "column" | "row" | "both";
  /** A canvas beneath the SVG, for charts of many points. */
  readonly canvas?: ReactNode;
  readonly time?: TimeGestures;
}
