/** Dividing whole units so that the parts add up to the whole, to the last one. */
import { InvariantError } from "./errors.ts";

/**
 * Parts of a whole number of units in proportion to the weights (0 or more, not all 0), by largest remainder: every part is
 * its exact share rounded down or up, and they add up to `total`. Of equal remainders the earlier one is rounded up.
 * A total below 0 is divided as its opposite. Throws InvariantError for a total that is not whole or not exact, or weights
 * that cannot be used.
 */
export function apportion(total: number, weights: ArrayLike<number>): number[] {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i];
  if (!Number.isSafeInteger(total) || !(sum > 0 && sum < Infinity)) {
    throw new InvariantError(`${total} units divided by weights that add up to ${sum}`);
  }
  const size = Math.abs(total);
  const exact = Array.from(weights, (weight) => size * (weight / sum));
  const parts = exact.map(Math.floor);
  let left = size;
  for (const part of parts) left -= part;
  spread(parts, exact, left);
  return total < 0 ? parts.map((part) => (part === 0 ? 0 : -part)) : parts;
}

/** Whole units of amounts, each rounded down or up, that add up to `total` units, a rounding of their sum; default: that to the nearest. */
export function roundTogether(
  amounts: readonly number[],
  unit: number,
  total: number = roundedSum(amounts, unit),
): number[] {
  const exact = amounts.map((amount) => amount / unit);
  const parts = exact.map(Math.floor);
  let left = total;
  for (const part of parts) left -= part;
  spread(parts, exact, left);
  return parts;
}

function roundedSum(amounts: readonly number[], unit: number): number {
  let sum = 0;
  for (const amount of amounts) sum += amount;
  return Math.round(sum / unit) + 0;
}

/** Gives `left` units to the parts with the largest remainders, or takes them from those with the smallest where rounding made the parts too many. */
function spread(parts: number[], exact: readonly number[], left: number): void {
  if (left === 0) return;
  const step = left > 0 ? 1 : -1;
  const rest = (i: number): number => step * (exact[i] - parts[i]);
  const order = parts.map((_, i) => i).filter((i) => exact[i] !== 0);
  order.sort((a, b) => rest(b) - rest(a) || a - b);
  if (order.length === 0) throw new InvariantError(`${left} units left and nobody to take them`);
  for (let k = 0; k < Math.abs(left); k++) parts[order[k % order.length]] += step;
}
