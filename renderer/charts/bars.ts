/** Geometry of charts whose rows are bars: a name to the left, a bar on a common axis, a figure to the right. */
import type { Plot, Size } from "./chartTypes.ts";

/** Height of a row, pixels. */
export const barRowHeight = 26;

/** The rows' places: names take what they need, at most 38 % of the width; figures `figureRoom`. */
export function barPlot(
  names: readonly string[],
  { width }: Pick<Size, "width">,
  rows: number,
  figureRoom: number,
  top: number,
): Plot & { readonly nameRoom: number } {
  const longest = Math.max(0, ...names.map((name) => name.length));
  const nameRoom = Math.min(width * 0.38, longest * 6.7 + 12);
  return {
    nameRoom,
    left: nameRoom,
    right: Math.max(nameRoom + 20, width - figureRoom),
    top,
    bottom: top + rows * barRowHeight,
  };
}

/** A piece of a stacked bar in pixels. */
export interface StackPiece {
  readonly from: number;
  readonly to: number;
}

/** Pieces of a bar side by side, in proportion to values; negative ones have no width. */
export function stackPieces(values: readonly number[], from: number, to: number): StackPiece[] {
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  let at = from;
  return values.map((value) => {
    const width = total > 0 ? (Math.max(0, value) / total) * (to - from) : 0;
    const piece = { from: at, to: at + width };
    at = piece.to;
    return piece;
  });
}
