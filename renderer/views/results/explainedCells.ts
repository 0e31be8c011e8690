/** Which figure stands in which cell of a run's tables: what a click takes apart. */
import type { RunReport } from "../../../shared/planning/runReport.ts";
import { figurePath } from "../../../shared/reports/explanation.ts";

/** Path of the figure in a cell; undefined where there is none to take apart. */
export type CellFigure = (row: number, column: number) => string | undefined;

const metrics = ["ttftMs", "tpotMs", "e2eMs", "queueMs"];
const statistics = [undefined, undefined, "p50", "p90", "p95", "p99", "mean"];

/** Cells of latencyTable: all requests, then each class where there are several, four metrics each. */
export function latencyFigures({ latency }: RunReport): CellFigure {
  const names = Object.keys(latency.classes);
  const groups = ["all", ...(names.length > 1 ? names : [])];
  return (row, column) => {
    const group = groups[Math.floor(row / metrics.length)];
    const statistic = statistics[column];
    if (group === undefined || statistic === undefined) return undefined;
    const whose = row < metrics.length ? ["all"] : ["class", group];
    return figurePath("latency", ...whose, metrics[row % metrics.length], statistic);
  };
}

/** Cells of targetTable: the measured one. */
export function targetFigures({ targets }: RunReport): CellFigure {
  return (row, column) =>
    column === 3 ? figurePath("target", targets[row].class, targets[row].metric) : undefined;
}

const poolParts = [undefined, undefined, undefined, "busy", "compute", "bandwidth", "kv", "kvPeak"];

/** Cells of poolTable. */
export function poolFigures({ pools }: RunReport): CellFigure {
  return (row, column) => {
    const part = poolParts[column];
    return part === undefined ? undefined : figurePath("pool", pools[row].name, part);
  };
}

/** Cells of costTable: amounts of a line, the total of a month, its idle hours. */
export function costFigures({ cost }: RunReport): CellFigure {
  return (row, column) => {
    const line = cost.lines[row];
    if (line !== undefined) return column >= 5 ? figurePath("line", line.id) : undefined;
    if (column !== 6) return undefined;
    return row === cost.lines.length ? "cost/month" : "cost/idle";
  };
}
