/** Divides the bill of a run among classes, tenants, namespaces, models or pools, so that the parts add up to it. */

import { roundTogether } from "../../units/apportion.ts";
import { tokensPerMTok } from "../../units/units.ts";
import type { CostLine, CostReport } from "../costReport.ts";
import {
  type ChargebackReport,
  type ChargebackRow,
  type Charges,
  chargeColumns,
  type FixedRule,
  type IdleRule,
} from "./chargebackReport.ts";
import { chargebackRules } from "./chargebackRules.ts";
import { gpuParts } from "./gpuParts.ts";
import { columnOfLine, LineShares } from "./lineShares.ts";
import { type ChargebackKey, requestKeys } from "./requestKeys.ts";
import { type ChargedRun, measureRowUsage, type RowUsage } from "./rowUsage.ts";
import { ShareMatrix } from "./shareMatrix.ts";

/** How to divide. */
export interface ChargebackOptions {
  readonly by: ChargebackKey;
  readonly idle: IdleRule;
  readonly fixed: FixedRule;
  /** Tenant to namespace; only read by namespace. */
  readonly namespaceOf: ReadonlyMap<string, string>;
}

/** Bills below this many dollars are divided in millionths of a dollar, others in cents: sums stay exact. */
const finelyDividedUsd = 1e9;

/**
 * Divides every line of the bill. GPU hours in use and licences go by work on the pool, API lines by billed tokens exactly,
 * idle hours and fixed costs by the rules asked for. Everything is divided in whole units by largest remainder, so that rows
 * and columns add up to the bill.
 */
export function chargeBack(
  run: ChargedRun,
  cost: CostReport,
  options: ChargebackOptions,
): ChargebackReport {
  const { scenario, table } = run;
  const keys = requestKeys(options.by, scenario, table, options.namespaceOf);
  const usage = measureRowUsage(run, keys);
  const names = [...keys.names, "(unused capacity)", "(idle)"];
  const kinds = [...keys.kinds, "unused", "idle"] as const;
  const shares = new LineShares(scenario, cost.lines, keys, usage, options);
  const largest = Math.max(Math.abs(cost.monthUsd), Math.abs(cost.horizonUsd));
  const unitUsd = largest < finelyDividedUsd ? 1e-6 : 1e-2;
  const divide = (field: "horizonUsd" | "monthUsd"): DividedBill =>
    divideBill(cost, field, unitUsd, shares, names.length);
  const month = divide("monthUsd");
  const horizon = divide("horizonUsd");
  const all = month.matrix.charges();
  const hours = gpuHoursOf(cost.lines, shares, names.length);
  const rows = names.map(
    (id, row): ChargebackRow => ({
      ...{ id, kind: kinds[row], ...usageOf(usage, row) },
      gpuHours: { used: hours.used[row], idle: hours.idle[row] },
      horizon: horizon.matrix.charges(row),
      month: month.matrix.charges(row),
      ...ratios(month.matrix.charges(row), all, usage, row, cost.monthFactor),
    }),
  );
  return {
    by: options.by,
    idle: options.idle,
    fixed: options.fixed,
    unitUsd,
    horizonS: cost.horizonS,
    monthHours: cost.monthHours,
    bill: { horizonUsd: cost.horizonUsd, monthUsd: cost.monthUsd },
    horizon: horizon.matrix.charges(),
    month: all,
    rows: rows.filter(isShown),
    gpus: gpuParts(scenario, cost.lines, { horizon: horizon.units, month: month.units, unitUsd }),
    rules: chargebackRules(options, scenario),
  };
}

/** A row of leftovers is shown only when something is left. */
function isShown(row: ChargebackRow): boolean {
  if (row.kind === "named" || row.requests.arrived > 0) return true;
  return chargeColumns.some((column) => row.month[column] !== 0 || row.horizon[column] !== 0);
}

interface DividedBill {
  readonly matrix: ShareMatrix;
  /** Whole units of each line. */
  readonly units: readonly number[];
}

function divideBill(
  { lines }: CostReport,
  field: "horizonUsd" | "monthUsd",
  unitUsd: number,
  shares: LineShares,
  rowCount: number,
): DividedBill {
  const units =
    lines.length === 0
      ? []
      : roundTogether(
          lines.map((line) => line[field]),
          unitUsd,
        );
  const matrix = new ShareMatrix(rowCount, unitUsd);
  const isFixed = (line: CostLine): boolean => line.kind === "fixed";
  lines.forEach((line, i) => {
    if (!isFixed(line)) matrix.add(columnOfLine(line), units[i], shares.of(line));
  });
  const fixedWeights = shares.ofFixed(matrix.rowTotals());
  lines.forEach((line, i) => {
    if (isFixed(line)) matrix.add("fixed", units[i], fixedWeights);
  });
  return { matrix, units };
}

function usageOf(usage: RowUsage, row: number): Pick<ChargebackRow, "requests" | "tokens"> {
  const at = (column: Float64Array): number => column[row] ?? 0;
  return {
    requests: { arrived: at(usage.arrived), answered: at(usage.answered) },
    tokens: {
      prompt: at(usage.promptTokens),
      cached: at(usage.cachedTokens),
      output: at(usage.outputTokens),
    },
  };
}

function ratios(
  own: Charges,
  all: Charges,
  usage: RowUsage,
  row: number,
  monthFactor: number,
): Pick<ChargebackRow, "share" | "usdPerMTok"> {
  const { prompt, output } = usageOf(usage, row).tokens;
  const tokens = (prompt + output) * monthFactor;
  return {
    share: all.total === 0 ? null : own.total / all.total,
    usdPerMTok: tokens > 0 ? (own.total * tokensPerMTok) / tokens : null,
  };
}

/** GPU-hours by row: each line's hours in the proportions in which its cost is divided. */
function gpuHoursOf(lines: readonly CostLine[], shares: LineShares, rowCount: number) {
  const hours = { used: new Float64Array(rowCount), idle: new Float64Array(rowCount) };
  for (const line of lines) {
    if (line.kind !== "gpuUsed" && line.kind !== "gpuIdle") continue;
    const weights = shares.of(line);
    const sum = weights.reduce((all, weight) => all + weight, 0);
    const column = line.kind === "gpuUsed" ? hours.used : hours.idle;
    for (let row = 0; row < rowCount; row++) {
      column[row] += sum > 0 ? (line.quantity * weights[row]) / sum : 0;
    }
  }
  return hours;
}
