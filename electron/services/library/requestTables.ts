/** Tables of every request of a run: made once by a worker, kept as bytes among the library's files, looked at page by page. */
import type {
  RequestFilter,
  RequestPage,
  requestColumnsSchema,
} from "../../../shared/contract/insightMethods.ts";
import {
  type RequestColumns,
  requestStateNames,
} from "../../../shared/planning/points/requestColumns.ts";
import type { z } from "../../../shared/schema/zod.ts";
import { InputError } from "../../../shared/units/errors.ts";
import { nsPerMs, nsPerS } from "../../../shared/units/units.ts";

const finished = requestStateNames.indexOf("finished");
const lengthCapped = requestStateNames.indexOf("lengthCapped");

/** The page of a table. Throws InputError for names that the run does not have. */
export function pageOf(
  table: RequestColumns,
  filter: RequestFilter,
  offset: number,
  limit: number,
): RequestPage {
  const { rows, matched } = matchingRows(table, filter, offset, limit);
  return {
    total: table.count,
    matched,
    offset,
    classes: [...table.classes],
    destinations: [...table.destinations],
    rules: [...table.rules],
    tenants: [...table.tenants],
    states: [...requestStateNames],
    columns: columnsOf(table, rows),
  };
}

/** Rows offset .. offset + limit - 1 of those that fit, and how many fit. */
function matchingRows(
  table: RequestColumns,
  filter: RequestFilter,
  offset: number,
  limit: number,
): { readonly rows: Uint32Array; readonly matched: number } {
  const isMatch = matcher(table, filter);
  const rows = new Uint32Array(Math.min(limit, Math.max(0, table.count - offset)));
  let matched = 0;
  let taken = 0;
  for (let i = 0; i < table.count; i++) {
    if (!isMatch(i)) continue;
    if (matched >= offset && taken < rows.length) rows[taken++] = i;
    matched++;
  }
  return { rows: rows.subarray(0, taken), matched };
}

function placeOf(names: readonly string[], name: string, field: string): number {
  const place = names.indexOf(name);
  if (place >= 0) return place;
  throw new InputError(
    `The run has no ${field} "${name}". Wanted one of ${names.slice(0, 20).join(", ") || "none"}.`,
    { field: `filter.${field}` },
  );
}

/** A test of a row; it looks only at what the filter names. */
function matcher(table: RequestColumns, filter: RequestFilter): (row: number) => boolean {
  const { class: className, destination, state, tenant, isSpilled, fromS, toS } = filter;
  const tests: ((row: number) => boolean)[] = [];
  const equal = (column: ArrayLike<number>, wanted: number): void =>
    void tests.push((row) => column[row] === wanted);
  if (className !== undefined) equal(table.classIndex, placeOf(table.classes, className, "class"));
  if (destination === null) equal(table.destination, -1);
  else if (destination !== undefined) {
    equal(table.destination, placeOf(table.destinations, destination, "destination"));
  }
  if (state !== undefined) equal(table.state, placeOf(requestStateNames, state, "state"));
  if (tenant !== undefined) {
    equal(table.tenantIndex ?? [], placeOf(table.tenants, tenant, "tenant"));
  }
  if (isSpilled !== undefined) equal(table.spilled, isSpilled ? 1 : 0);
  if (fromS !== undefined) tests.push((row) => table.arrivalNs[row] >= fromS * nsPerS);
  if (toS !== undefined) tests.push((row) => table.arrivalNs[row] < toS * nsPerS);
  const atLeast = (column: Float64Array, ms: number | undefined): void => {
    if (ms === undefined) return;
    tests.push((row) => column[row] - table.arrivalNs[row] >= ms * nsPerMs);
  };
  atLeast(table.firstTokenNs, filter.leastTtftMs);
  atLeast(table.finishNs, filter.leastE2eMs);
  atLeast(table.admittedNs, filter.leastQueueMs);
  return (row) => tests.every((test) => test(row));
}

type PageColumns = z.infer<typeof requestColumnsSchema>;

function columnsOf(table: RequestColumns, rows: Uint32Array): PageColumns {
  const pick = <Column extends Float64Array | Int32Array | Uint8Array>(
    column: Column,
    of: (row: number) => number,
  ): Column => {
    for (let k = 0; k < rows.length; k++) column[k] = of(rows[k]);
    return column;
  };
  const { arrivalNs, admittedNs, firstTokenNs, finishNs, outputTokens } = table;
  const times = (of: (row: number) => number): Float64Array =>
    pick(new Float64Array(rows.length), (row) => Math.round(of(row)) / nsPerMs);
  const counts = (of: (row: number) => number): Int32Array => pick(new Int32Array(rows.length), of);
  const codes = (column: Uint8Array): Uint8Array =>
    pick(new Uint8Array(rows.length), (row) => column[row]);
  const endNs = (row: number): number => {
    const state = table.state[row];
    return state === finished || state === lengthCapped ? finishNs[row] : Number.NaN;
  };
  const gapNs = (row: number): number => {
    const span = endNs(row) - firstTokenNs[row];
    return outputTokens[row] > 1 && span > 0 ? span / (outputTokens[row] - 1) : Number.NaN;
  };
  const hasPlace = (row: number): boolean => table.destination[row] >= 0;
  return {
    index: rows.slice(),
    arrivalMs: times((row) => arrivalNs[row]),
    queueMs: times((row) => admittedNs[row] - arrivalNs[row]),
    prefillMs: times((row) => firstTokenNs[row] - admittedNs[row]),
    decodeMs: times((row) => endNs(row) - firstTokenNs[row]),
    ttftMs: times((row) => firstTokenNs[row] - arrivalNs[row]),
    tpotMs: times(gapNs),
    e2eMs: times((row) => endNs(row) - arrivalNs[row]),
    promptTokens: counts((row) => table.promptTokens[row]),
    cachedTokens: counts((row) => table.cachedTokens[row]),
    outputTokens: counts((row) => outputTokens[row]),
    classIndex: codes(table.classIndex),
    destination: counts((row) => table.destination[row]),
    rule: counts((row) => (hasPlace(row) ? table.rule[row] : -1)),
    state: codes(table.state),
    spilled: codes(table.spilled),
    attempts: codes(table.attempts),
    tenantIndex: counts((row) => table.tenantIndex?.[row] ?? -1),
  };
}
