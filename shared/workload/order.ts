/** Stable order of arrival times by a natural merge sort: linear when already sorted, few passes for merged or jittered streams. */

/** 0, 1, ... n - 1. */
export function indicesUpTo(n: number): Int32Array {
  const indices = new Int32Array(n);
  for (let i = 0; i < n; i++) indices[i] = i;
  return indices;
}

/** Starts of the ascending runs of `keys`, and its length at the end. */
function runStarts(keys: Float64Array): number[] {
  const starts = [0];
  for (let i = 1; i < keys.length; i++) if (keys[i]! < keys[i - 1]!) starts.push(i);
  starts.push(keys.length);
  return starts;
}

/** Merges from[low..middle) and from[middle..high) into `to`; equal keys keep their order. */
function mergeRuns(
  keys: Float64Array,
  from: Int32Array,
  to: Int32Array,
  low: number,
  middle: number,
  high: number,
): void {
  let i = low;
  let j = middle;
  for (let k = low; k < high; k++) {
    const takesLeft = i < middle && (j >= high || keys[from[i]!]! <= keys[from[j]!]!);
    to[k] = takesLeft ? from[i++]! : from[j++]!;
  }
}

/** Indices of `keys` in ascending order, equal keys in their own order; undefined when they already are in order. */
export function stableOrder(keys: Float64Array): Int32Array | undefined {
  let starts = runStarts(keys);
  if (starts.length <= 2) return undefined;
  let from: Int32Array = indicesUpTo(keys.length);
  let to: Int32Array = new Int32Array(keys.length);
  while (starts.length > 2) {
    const next = [0];
    for (let r = 0; r + 1 < starts.length; r += 2) {
      const high = starts[Math.min(r + 2, starts.length - 1)]!;
      mergeRuns(keys, from, to, starts[r]!, starts[r + 1]!, high);
      next.push(high);
    }
    [from, to] = [to, from];
    starts = next;
  }
  return from;
}

/** The values of a column in the given order. */
export function reordered<T extends Float64Array | Int32Array | Uint16Array | Uint8Array>(
  column: T,
  order: Int32Array,
): T {
  const result = column.slice() as T;
  for (let i = 0; i < order.length; i++) result[i] = column[order[i]!]!;
  return result;
}
