/** Values of an axis out of its range. */
import type { AxisRange } from "../../schema/study.ts";
import { InputError } from "../../units/errors.ts";

/** More values than this on one axis are refused before they are made. */
export const maxAxisValues = 1_000_000;

const hint =
  "give a step (from..to:step) or a number of values (from..to*n); only a Latin hypercube takes the bare range";

/** The values of a range, ends included where the step hits them; whole numbers, each once, for an input that takes no others. Throws InputError for an empty range. */
export function rangeValues(range: AxisRange, path: string, isInteger: boolean): number[] {
  checkRange(range, path);
  const { from, to, step, count, scale } = range;
  if (step === undefined && count === undefined) {
    throw wrongRange(path, `the range from ${from} to ${to} has neither step nor count`, hint);
  }
  if (step !== undefined && count !== undefined) {
    throw wrongRange(path, "the range has a step and a count; give one");
  }
  if (step !== undefined) return steppedValues(from, to, step, path);
  if (count === 1 && from !== to) {
    throw wrongRange(path, `one value cannot run from ${from} to ${to}; ask for two at least`);
  }
  const values = Array.from({ length: count ?? 0 }, (_, i) =>
    rangeAt(from, to, scale, count === 1 ? 0 : i / ((count ?? 2) - 1)),
  );
  return isInteger ? [...new Set(values.map(Math.round))] : values;
}

/** The place at `share` (0..1) of a range, rounded to twelve significant digits so that 0.1 + 0.2 reads 0.3. */
export function rangeAt(
  from: number,
  to: number,
  scale: AxisRange["scale"],
  share: number,
): number {
  if (share === 0) return from;
  if (share === 1) return to;
  const value =
    scale === "log" ? from * Math.exp(share * Math.log(to / from)) : from + share * (to - from);
  return Number(value.toPrecision(12));
}

/** Throws InputError for a range that is empty or that has no logarithm. */
export function checkRange({ from, to, scale }: AxisRange, path: string): void {
  if (from > to) throw wrongRange(path, `the range from ${from} to ${to} is empty`);
  if (scale === "log" && from <= 0) {
    throw wrongRange(path, `a range on a log scale begins above 0, found ${from}`);
  }
}

function steppedValues(from: number, to: number, step: number, path: string): number[] {
  if (!(step > 0)) throw wrongRange(path, `the step is ${step}, wanted one above 0`);
  // The last step may fall short of the end by the rounding of decimal fractions.
  const steps = Math.floor((to - from) / step + 1e-9);
  if (steps >= maxAxisValues) {
    throw wrongRange(
      path,
      `the range from ${from} to ${to} has about ${steps} steps of ${step}, wanted at most ${maxAxisValues}`,
    );
  }
  return Array.from({ length: steps + 1 }, (_, i) => Number((from + i * step).toPrecision(12)));
}

function wrongRange(path: string, what: string, hint?: string): InputError {
  return new InputError(`Axis ${path}: ${what}.`, { field: path, hint });
}
