/** Time series of an ended run, one row per window. */
import type { Fleet } from "../serving/fleet.ts";
import type { PoolUsageMeter } from "../serving/metrics/poolUsage.ts";
import { isAnswered } from "../serving/metrics/requestOutcomes.ts";
import type { SeriesReport } from "./runReport.ts";

/** Width of a window by default: about 300 windows, a whole number of seconds that people use. */
export function defaultWindowS(horizonS: number): number {
  const usual = [1, 5, 10, 30, 60, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];
  const least = horizonS / 300;
  return usual.find((each) => each >= least) ?? 86_400;
}

/** The series of a run over its horizon. */
export function buildSeries(
  fleet: Fleet,
  meters: readonly PoolUsageMeter[],
  windowNs: number,
  horizonNs: number,
): SeriesReport {
  const windows = Math.max(1, Math.ceil(horizonNs / windowNs));
  const counts = countRequests(fleet, windowNs, windows);
  const occupancy = measureOccupancy(fleet, windowNs, windows);
  const pools: Record<string, SeriesReport["pools"][string]> = {};
  fleet.pools.forEach((pool, index) => {
    const rows = Array.from({ length: windows }, (_, window) => {
      const widthNs = Math.min(windowNs, horizonNs - window * windowNs);
      return meters[index].measure(window, window + 1, widthNs * pool.replicas.length);
    });
    pools[pool.spec.id] = {
      busyFraction: rows.map((row) => row.busyFraction ?? 0),
      computeFraction: rows.map((row) => row.computeFraction ?? 0),
      bandwidthFraction: rows.map((row) => row.bandwidthFraction ?? 0),
      kvUsage: rows.map((row) => row.kvUsageMean ?? 0),
      waiting: occupancy.waiting[index],
      running: occupancy.running[index],
    };
  });
  return { windowS: windowNs / 1e9, windows, ...counts, pools };
}

function countRequests(fleet: Fleet, windowNs: number, windows: number) {
  const { table } = fleet;
  const zeros = (): number[] => new Array<number>(windows).fill(0);
  const series = {
    arrived: zeros(),
    finished: zeros(),
    spilled: zeros(),
    outputTokens: zeros(),
  };
  for (let i = 0; i < table.count; i++) {
    const arrival = Math.floor(table.arrivalNs[i] / windowNs);
    if (arrival < windows) {
      series.arrived[arrival]++;
      series.spilled[arrival] += table.spilled[i];
    }
    const end = Math.floor(table.finishNs[i] / windowNs);
    if (end < windows && isAnswered(table.state[i])) {
      series.finished[end]++;
      series.outputTokens[end] += table.generated[i];
    }
  }
  return series;
}

/** Mean waiting and running requests per pool and window: the integral of each request's stay. */
function measureOccupancy(fleet: Fleet, windowNs: number, windows: number) {
  const { table, pools } = fleet;
  const grid = (): Float64Array[] => pools.map(() => new Float64Array(windows));
  const waiting = grid();
  const running = grid();
  const endNs = windows * windowNs;
  for (let i = 0; i < table.count; i++) {
    const pool = table.destination[i];
    if (pool < 0 || pool >= pools.length) continue;
    const admitted = Number.isNaN(table.admittedNs[i]) ? endNs : table.admittedNs[i];
    const finish = Number.isNaN(table.finishNs[i]) ? endNs : table.finishNs[i];
    addStay(waiting[pool], table.arrivalNs[i], Math.min(admitted, finish), windowNs);
    addStay(running[pool], admitted, finish, windowNs);
  }
  const means = (rows: Float64Array[]): number[][] =>
    rows.map((row) => Array.from(row, (value) => value / windowNs));
  return { waiting: means(waiting), running: means(running) };
}

function addStay(row: Float64Array, fromNs: number, toNs: number, windowNs: number): void {
  let window = Math.floor(fromNs / windowNs);
  const last = Math.min(Math.floor(toNs / windowNs), row.length - 1);
  let at = fromNs;
  for (; window <= last; window++) {
    const edge = Math.min((window + 1) * windowNs, toNs);
    if (edge > at) row[window] += edge - at;
    at = edge;
  }
}
