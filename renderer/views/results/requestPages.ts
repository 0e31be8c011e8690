/** Pages of a run's requests, and what of them is in sight. */
import type { RequestPage } from "../../../shared/contract/insightMethods.ts";
import type { LifeTimes } from "../../charts/lifeBar.ts";

/** Rows that are fetched at once. */
export const pageRows = 1000;

/** Pages by number, of one run and filter. */
export interface LoadedPages {
  readonly key: object | undefined;
  readonly pages: ReadonlyMap<number, RequestPage>;
}

/** Browsers lay out nothing longer than about 33 million pixels; a longer list scrolls faster than its rows. */
const mostPixels = 8_000_000;

/** Height of the whole list, pixels. */
export function listHeight(rows: number, rowHeight: number): number {
  return Math.min(mostPixels, rows * rowHeight);
}

/** Half-open range of the rows in sight of a list scrolled to `scrollTop`: the last row is in sight at its end. */
export function rowsInSight(
  scrollTop: number,
  rows: number,
  shownHeight: number,
  rowHeight: number,
): { readonly from: number; readonly to: number } {
  const fitting = Math.max(1, Math.floor(shownHeight / rowHeight) - 1);
  const most = Math.max(0, rows - fitting);
  const way = Math.max(1, listHeight(rows, rowHeight) + rowHeight - shownHeight);
  const from = Math.round(most * Math.min(1, Math.max(0, scrollTop / way)));
  return { from, to: Math.min(rows, from + fitting) };
}

/** A request as its row shows it; times undefined where there is nothing to tell. */
export interface RequestRow {
  readonly index: number;
  readonly arrivalMs: number;
  readonly className: string;
  readonly destination: string | undefined;
  readonly rule: string | undefined;
  readonly state: string;
  readonly isSpilled: boolean;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly ttftMs: number | undefined;
  readonly e2eMs: number | undefined;
  readonly life: LifeTimes;
}

function known(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}

/** The request at a place of a page. */
export function rowOf(page: RequestPage, at: number): RequestRow {
  const { columns, classes, destinations, rules, states } = page;
  const [ttftMs, e2eMs] = [known(columns.ttftMs[at]), known(columns.e2eMs[at])];
  const admittedMs = known(columns.queueMs[at]);
  return {
    index: columns.index[at],
    arrivalMs: columns.arrivalMs[at],
    className: classes[columns.classIndex[at]],
    destination: destinations[columns.destination[at]],
    rule: rules[columns.rule[at]],
    state: states[columns.state[at]],
    isSpilled: columns.spilled[at] === 1,
    promptTokens: columns.promptTokens[at],
    outputTokens: columns.outputTokens[at],
    ...{ ttftMs, e2eMs },
    life: {
      ...(admittedMs !== undefined && { admittedMs }),
      ...(ttftMs !== undefined && { firstTokenMs: ttftMs }),
      ...(e2eMs !== undefined && { endMs: e2eMs }),
    },
  };
}

/** The end-to-end latency that 95 % of the fetched requests stay within, milliseconds: the right end of life bars, so that one long life does not flatten all. */
export function usualLifeMs({ pages }: LoadedPages): number {
  const lives = [...pages.values()].flatMap(({ columns }) =>
    Array.from(columns.e2eMs).filter((ms) => !Number.isNaN(ms)),
  );
  lives.sort((a, b) => a - b);
  return Math.max(1, lives[Math.floor(0.95 * (lives.length - 1))] ?? 1);
}
