/** Time series of an ended run, one row per window. */
import { capacityField } from "../serving/autoscaler/capacityRecorder.ts";
import type { Fleet } from "../serving/fleet.ts";
import type { PoolUsageMeter } from "../serving/metrics/poolUsage.ts";
import { isAnswered } from "../serving/metrics/requestOutcomes.ts";
import { capacitySeries } from "./poolCapacity.ts";
import type { SeriesReport } from "./runReport.ts";
import { classSeries, providerSeries } from "./seriesByClass.ts";
import { type Grid, widthOf, windowAt } from "./seriesGrid.ts";

/** Width of a window by default: about 300 windows, a whole number of seconds that people use. */
export function defaultWindowS(horizonS: number): number {
  const usual = [1, 5, 10, 30, 60, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];
  const least = horizonS / 300;
  return usual.find((each) => each >= least) ?? 86_400;
}

/** The series of a run over its horizon. Shares are of all replicas of a pool, whether scheduled or not; where replicas come and go, of those provisioned. */
export function buildSeries(
  fleet: Fleet,
  meters: readonly PoolUsageMeter[],
  classIds: readonly string[],
  widthNs: number,
  horizonNs: number,
): SeriesReport {
  const windowNs = Math.min(widthNs, horizonNs);
  const windows = Math.max(1, Math.ceil(horizonNs / windowNs));
  const grid: Grid = { windowNs, horizonNs, windows };
  const counts = countRequests(fleet, grid);
  const occupancy = measureOccupancy(fleet, grid);
  const pools: Record<string, SeriesReport["pools"][string]> = {};
  fleet.pools.forEach((pool, index) => {
    const capacity = pool.life?.capacity;
    const heldNs = (window: number): number =>
      capacity?.total(capacityField.provisionedNs, horizonNs, window, window + 1) ??
      widthOf(grid, window) * pool.replicas.length;
    const rows = Array.from({ length: windows }, (_, window) =>
      meters[index].measure(window, window + 1, heldNs(window)),
    );
    pools[pool.spec.id] = {
      busyFraction: rows.map((row) => row.busyFraction ?? 0),
      computeFraction: rows.map((row) => row.computeFraction ?? 0),
      bandwidthFraction: rows.map((row) => row.bandwidthFraction ?? 0),
      kvUsage: rows.map((row) => row.kvUsageMean ?? 0),
      waiting: occupancy.waiting[index],
      running: occupancy.running[index],
      ...(capacity && { capacity: capacitySeries(capacity, grid, horizonNs) }),
    };
  });
  const classes = classSeries(fleet, grid, classIds);
  const providers = providerSeries(fleet, grid);
  return { windowS: windowNs / 1e9, windows, ...counts, classes, providers, pools };
}

function countRequests(fleet: Fleet, grid: Grid) {
  const { table } = fleet;
  const zeros = (): number[] => new Array<number>(grid.windows).fill(0);
  const series = {
    arrived: zeros(),
    finished: zeros(),
    spilled: zeros(),
    outputTokens: zeros(),
  };
  for (let i = 0; i < table.count; i++) {
    const arrival = windowAt(grid, table.arrivalNs[i]);
    if (arrival >= 0) {
      series.arrived[arrival]++;
      series.spilled[arrival] += table.spilled[i];
    }
    const end = isAnswered(table.state[i]) ? windowAt(grid, table.finishNs[i]) : -1;
    if (end >= 0) {
      series.finished[end]++;
      series.outputTokens[end] += table.generated[i];
    }
  }
  return series;
}

/** Mean waiting (held ones included) and running requests per pool and window: the integral of each request's stay. Who leaves or is refused waits until then. */
function measureOccupancy(fleet: Fleet, grid: Grid) {
  const { table, pools } = fleet;
  const rows = (): Float64Array[] => pools.map(() => new Float64Array(grid.windows));
  const waiting = rows();
  const running = rows();
  const { horizonNs } = grid;
  const endOf = (timeNs: number): number => (timeNs < horizonNs ? timeNs : horizonNs);
  for (let i = 0; i < table.count; i++) {
    const pool = table.destination[i];
    if (pool < 0 || pool >= pools.length) continue;
    const admittedNs = table.admittedNs[i];
    const isAdmitted = !Number.isNaN(admittedNs);
    const waitedUntilNs = endOf(isAdmitted ? admittedNs : table.finishNs[i]);
    addStay(waiting[pool], table.arrivalNs[i], waitedUntilNs, grid.windowNs);
    if (!isAdmitted) continue;
    addStay(running[pool], admittedNs, endOf(table.finishNs[i]), grid.windowNs);
  }
  const means = (sums: Float64Array[]): number[][] =>
    sums.map((row) => Array.from(row, (value, window) => value / widthOf(grid, window)));
  return { waiting: means(waiting), running: means(running) };
}

/** Adds an interval's overlap with each window. */
function addStay(row: Float64Array, fromNs: number, toNs: number, windowNs: number): void {
  let at = fromNs;
  for (let window = Math.floor(fromNs / windowNs); at < toNs && window < row.length; window++) {
    const edge = Math.min((window + 1) * windowNs, toNs);
    row[window] += edge - at;
    at = edge;
  }
}
