/** Time series of an ended run by traffic class and by provider. */
import type { Fleet } from "../serving/fleet.ts";
import { isAnswered } from "../serving/metrics/requestOutcomes.ts";
import { selectQuantiles } from "../stats/quantiles.ts";
import { nsPerMs } from "../units/units.ts";
import type { SeriesReport } from "./runReport.ts";
import { type Grid, windowAt } from "./seriesGrid.ts";

/** Requests grouped by (class, window of their end), counted first so that two columns hold them all. */
interface Grouped {
  /** Group g holds requests order[offsets[g]] .. order[offsets[g + 1] - 1]. */
  readonly offsets: Int32Array;
  readonly order: Int32Array;
}

/** Counts and latencies of each class. */
export function classSeries(
  fleet: Fleet,
  grid: Grid,
  classIds: readonly string[],
): SeriesReport["classes"] {
  const { table } = fleet;
  const arrived = classIds.map(() => new Array<number>(grid.windows).fill(0));
  for (let i = 0; i < table.count; i++) {
    const window = windowAt(grid, table.arrivalNs[i]);
    if (window >= 0) arrived[table.classIndex[i]][window]++;
  }
  const grouped = groupAnswered(fleet, grid, classIds.length);
  const scratch = new Float64Array(longestGroup(grouped));
  const series: Record<string, SeriesReport["classes"][string]> = {};
  classIds.forEach((id, index) => {
    const groups = Array.from({ length: grid.windows }, (_, w) => index * grid.windows + w);
    const percentile = (to: Float64Array, p: number) =>
      groups.map((group) => percentileMs(fleet, grouped, group, to, p, scratch));
    series[id] = {
      arrived: arrived[index],
      finished: groups.map((group) => grouped.offsets[group + 1] - grouped.offsets[group]),
      ttftP50Ms: percentile(table.firstTokenNs, 0.5),
      ttftP95Ms: percentile(table.firstTokenNs, 0.95),
      e2eP95Ms: percentile(table.finishNs, 0.95),
    };
  });
  return series;
}

function groupAnswered(fleet: Fleet, grid: Grid, classCount: number): Grouped {
  const { table } = fleet;
  const groupOf = (i: number): number => {
    const window = isAnswered(table.state[i]) ? windowAt(grid, table.finishNs[i]) : -1;
    return window < 0 ? -1 : table.classIndex[i] * grid.windows + window;
  };
  const offsets = new Int32Array(classCount * grid.windows + 1);
  for (let i = 0; i < table.count; i++) offsets[groupOf(i) + 1]++;
  offsets[0] = 0;
  for (let g = 1; g < offsets.length; g++) offsets[g] += offsets[g - 1];
  const next = offsets.slice();
  const order = new Int32Array(offsets[offsets.length - 1]);
  for (let i = 0; i < table.count; i++) {
    const group = groupOf(i);
    if (group >= 0) order[next[group]++] = i;
  }
  return { offsets, order };
}

function longestGroup({ offsets }: Grouped): number {
  let longest = 0;
  for (let g = 1; g < offsets.length; g++) {
    longest = Math.max(longest, offsets[g] - offsets[g - 1]);
  }
  return longest;
}

function percentileMs(
  fleet: Fleet,
  { offsets, order }: Grouped,
  group: number,
  to: Float64Array,
  p: number,
  scratch: Float64Array,
): number | null {
  const { arrivalNs } = fleet.table;
  const count = offsets[group + 1] - offsets[group];
  if (count === 0) return null;
  for (let k = 0; k < count; k++) {
    const request = order[offsets[group] + k];
    scratch[k] = to[request] - arrivalNs[request];
  }
  return selectQuantiles(scratch, count, [p])[0] / nsPerMs;
}

/** Requests and tokens that each provider was sent, and its answers 429. */
export function providerSeries(fleet: Fleet, grid: Grid): SeriesReport["providers"] {
  const { table, pools, providers } = fleet;
  const zeros = (): number[] => new Array<number>(grid.windows).fill(0);
  const rows = providers.map(() => ({
    requests: zeros(),
    inputTokens: zeros(),
    outputTokens: zeros(),
    limited429: zeros(),
  }));
  for (let i = 0; i < table.count; i++) {
    const provider = table.destination[i] - pools.length;
    const window = provider < 0 ? -1 : windowAt(grid, table.admittedNs[i]);
    if (window < 0) continue;
    rows[provider].requests[window]++;
    rows[provider].inputTokens[window] += table.promptTokens[i];
    rows[provider].outputTokens[window] += table.generated[i];
  }
  providers.forEach(({ limitedNs }, index) => {
    for (const atNs of limitedNs) {
      const window = windowAt(grid, atNs);
      if (window >= 0) rows[index].limited429[window]++;
    }
  });
  return Object.fromEntries(providers.map((each, index) => [each.spec.id, rows[index]]));
}
