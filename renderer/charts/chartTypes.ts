/** What all charts are made of: a size, a plot within margins, points that can be read one by one. */
import type { OptionStyle } from "./optionStyles.ts";

/** Size of a chart in CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Room around a plot for axes and labels, pixels. */
export interface Margin {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The rectangle that data are drawn in, pixels. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The plot of a chart of that size; at least one pixel wide and high. */
export function plotOf({ width, height }: Size, { left, right, top, bottom }: Margin): Plot {
  return {
    ...{ left, top },
    right: Math.max(left + 1, width - right),
    bottom: Math.max(top + 1, height - bottom),
  };
}

/** A point that the pointer and the keyboard reach. */
export interface ChartPoint {
  /** Pixels from the chart's corner. */
  readonly x: number;
  readonly y: number;
  /** Index of its series: left and right stay within it, up and down change it. */
  readonly series: number;
  /** What it is a point of, e.g. "own" or "chat, busy". */
  readonly label: string;
  /** Its figure with unit. */
  readonly value: string;
  /** Where it stands on the other axis, with unit. */
  readonly at: string;
  /** What else is to be known, e.g. why it is hollow. */
  readonly note?: string;
  readonly style?: OptionStyle;
  /** What Enter and a click do, e.g. open the scenario. */
  readonly open?: () => void;
}

/** The value of a point as a screen reader says it. */
export function pointText({ label, value, at, note }: ChartPoint): string {
  return [`${label}: ${value}`, at, note]
    .filter((part) => part !== undefined && part !== "")
    .join("; ");
}
