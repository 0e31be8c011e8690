/** Several sources as one workload: open requests in one arrival order, closed loops behind them. */
import { InvariantError } from "../units/errors.ts";
import type { SourceRequests } from "./sourceRequests.ts";
import type { ClosedLoop } from "./workload.ts";

type Column = Int32Array | Uint16Array | Uint8Array | Float64Array;

/** The columns of all sources one after the other; the one column itself where there is only one source. */
export function joinedColumn<T extends Column>(
  sources: readonly SourceRequests[],
  columnOf: (source: SourceRequests, index: number) => T,
  empty: (n: number) => T,
): T {
  if (sources.length === 1) return columnOf(sources[0]!, 0);
  const result = empty(sources.reduce((sum, s) => sum + s.count, 0));
  let at = 0;
  sources.forEach((source, index) => {
    result.set(columnOf(source, index), at);
    at += source.count;
  });
  return result;
}

/** A column of indices in new numbers; all of them the first where there is no column. */
function renumbered(
  column: Uint16Array | Int32Array | undefined,
  count: number,
  ids: readonly number[],
): Int32Array {
  const result = new Int32Array(count).fill(ids[0]!);
  if (column === undefined) return result;
  for (let i = 0; i < count; i++) result[i] = ids[column[i]!]!;
  return result;
}

/** Names of all sources and each request's index among them. */
export interface JoinedNames {
  readonly names: readonly string[];
  /** undefined where no source names anything. */
  readonly index?: Int32Array;
}

/** Joins models or tenants. Where only some sources have names, the requests of the others get the name "". */
export function joinedNames(
  sources: readonly SourceRequests[],
  namesOf: (source: SourceRequests) => readonly string[],
  indexOf: (source: SourceRequests) => Uint16Array | Int32Array | undefined,
): JoinedNames {
  if (sources.every((source) => namesOf(source).length === 0)) return { names: [] };
  const known = new Map<string, number>();
  const idOf = (name: string): number => {
    if (!known.has(name)) known.set(name, known.size);
    return known.get(name)!;
  };
  const columns = sources.map((source) => {
    const own = namesOf(source);
    const ids = (own.length === 0 ? [""] : own).map(idOf);
    return renumbered(indexOf(source), source.count, ids);
  });
  const index = joinedColumn(
    sources,
    (_, s) => columns[s]!,
    (n) => new Int32Array(n),
  );
  return { names: [...known.keys()], index };
}

/** Arrivals of the open sources, one after the other. */
export function joinedArrivals(open: readonly SourceRequests[]): Float64Array {
  const arrivals = (source: SourceRequests): Float64Array => {
    if (source.arrivalNs === undefined) throw new InvariantError(`${source.id} has no arrivals`);
    return source.arrivalNs;
  };
  return joinedColumn(open, arrivals, (n) => new Float64Array(n));
}

/** The closed loops, whose requests follow the open ones in the order of the sources. */
export function joinedLoops(closed: readonly SourceRequests[], openCount: number): ClosedLoop[] {
  let firstRequest = openCount;
  return closed.map((source) => {
    if (source.loop === undefined) throw new InvariantError(`${source.id} is no closed loop`);
    const loop = { firstRequest, requestCount: source.count, ...source.loop };
    firstRequest += source.count;
    return loop;
  });
}
