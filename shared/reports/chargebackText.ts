/** A chargeback as text for a terminal, and its rows as CSV. */
import type {
  ChargebackReport,
  ChargebackRow,
  GpuParts,
} from "../cost/chargeback/chargebackReport.ts";
import { roundTogether } from "../units/apportion.ts";
import { formatCsv } from "./csv.ts";
import {
  formatCount,
  formatGiven,
  formatNumber,
  formatPercentNumber,
  formatSeconds,
  formatTokens,
  formatUsd,
  formatUsdCents,
  noValue,
  plainText,
} from "./formatters.ts";
import { groupCents } from "./groupCents.ts";
import { figureColumn, formatTextTable, textColumn } from "./table.ts";
import { wrapText } from "./wrapText.ts";

const proseWidth = 100;
/** Rows shown one by one; the rest stands in one line. */
const mostRows = 40;

const columns = ["gpuUsed", "gpuIdle", "licence", "api", "fixed"] as const;
const columnTitles = ["GPU used", "GPU idle", "licence", "API", "fixed"];

/** The whole chargeback; ends with a line break. `title` names the scenario and its seed. */
export function formatChargeback(
  report: ChargebackReport,
  title: string,
  warnings: readonly string[],
): string {
  const { bill, horizonS, monthHours, rules } = report;
  const head = `${title}: ${formatUsdCents(bill.monthUsd)} USD a month of ${formatGiven(monthHours)} h (${formatUsdCents(bill.horizonUsd)} USD over ${formatSeconds(horizonS)}), by ${report.by}`;
  const parts = [
    prose(plainText(head)),
    ["Month (USD)", ...rowTable(report)],
    report.gpus.length > 0
      ? ["GPU-hours over the horizon, part by part", ...gpuTable(report.gpus)]
      : [],
    ["Rules", ...rules.flatMap((rule) => prose(`- ${rule}`, "  "))],
    warnings.length > 0
      ? ["Warnings", ...warnings.flatMap((each) => prose(`- ${plainText(each)}`, "  "))]
      : [],
  ];
  const text = parts.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `${text.join("\n\n")}\n`;
}

function prose(text: string, indent = ""): string[] {
  return wrapText(text, proseWidth, indent);
}

/** Rows by what they pay, the dearest first, in cents that add up across and down. */
function rowTable(report: ChargebackReport): string[] {
  const rows = [...report.rows].sort((a, b) => b.month.total - a.month.total);
  const cents = monthCents(report, rows);
  const shown = rows.slice(0, rows.length > mostRows + 1 ? mostRows : undefined);
  const rest = rows.slice(shown.length);
  const lines = shown.map((row, i) => rowCells(row, cents[i]));
  if (rest.length > 0) {
    lines.push(restCells(rest, sumColumns(cents.slice(shown.length)), report.month.total));
  }
  const total = sumColumns(cents);
  return formatTextTable({
    columns: [
      textColumn(report.by),
      figureColumn("requests"),
      figureColumn("tokens"),
      figureColumn("GPU-h used"),
      ...columnTitles.map(figureColumn),
      figureColumn("total"),
      figureColumn("share (%)"),
      figureColumn("$/M tokens"),
    ],
    rows: [
      ...lines,
      ["total", "", "", "", ...total.map(groupCents), groupCents(sumOf(total)), "", ""],
    ],
  });
}

/** Cents by row and column: column totals add up to the bill's cents, the cells of a column to its total. */
function monthCents(report: ChargebackReport, rows: readonly ChargebackRow[]): number[][] {
  const billCents = Math.round(Number(report.bill.monthUsd.toFixed(2)) * 100);
  const totals = roundTogether(
    columns.map((column) => report.month[column]),
    0.01,
    billCents,
  );
  const byColumn = columns.map((column, at) =>
    roundTogether(
      rows.map((row) => row.month[column]),
      0.01,
      totals[at],
    ),
  );
  return rows.map((_, row) => byColumn.map((cells) => cells[row]));
}

function rowCells(row: ChargebackRow, cents: readonly number[]): string[] {
  const { requests, tokens, gpuHours, share, usdPerMTok } = row;
  return [
    plainText(row.id),
    formatCount(requests.arrived),
    formatTokens(tokens.prompt + tokens.output),
    formatNumber(gpuHours.used),
    ...cents.map(groupCents),
    groupCents(sumOf(cents)),
    share === null ? noValue : formatPercentNumber(share),
    usdPerMTok === null ? noValue : formatUsd(usdPerMTok),
  ];
}

function restCells(
  rows: readonly ChargebackRow[],
  cents: readonly number[],
  totalUsd: number,
): string[] {
  const sum = (of: (row: ChargebackRow) => number): number => sumOf(rows.map(of));
  return [
    `(${formatCount(rows.length)} more rows)`,
    formatCount(sum((row) => row.requests.arrived)),
    formatTokens(sum((row) => row.tokens.prompt + row.tokens.output)),
    formatNumber(sum((row) => row.gpuHours.used)),
    ...cents.map(groupCents),
    groupCents(sumOf(cents)),
    totalUsd === 0 ? noValue : formatPercentNumber(sum((row) => row.month.total) / totalUsd),
    noValue,
  ];
}

function sumColumns(rows: readonly (readonly number[])[]): number[] {
  return columns.map((_, at) => sumOf(rows.map((row) => row[at])));
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function gpuTable(gpus: readonly GpuParts[]): string[] {
  const share = (part: number, whole: number): string =>
    whole > 0 ? formatPercentNumber(part / whole) : noValue;
  return formatTextTable({
    columns: [
      textColumn("GPUs"),
      textColumn("part"),
      figureColumn("GPU-hours"),
      figureColumn("share (%)"),
      figureColumn("month (USD)"),
    ],
    rows: gpus.flatMap(({ id, gpus: count, gpuHours, monthUsd, parts }) => [
      ...parts.map((part) => [
        plainText(id),
        plainText(part.subject === id ? part.label : `${part.subject}: ${part.label}`),
        formatNumber(part.gpuHours),
        share(part.gpuHours, gpuHours),
        formatUsdCents(part.monthUsd),
      ]),
      [
        plainText(id),
        count === 1 ? "all of 1 GPU" : `all of ${formatCount(count)} GPUs`,
        formatNumber(gpuHours),
        share(gpuHours, gpuHours),
        formatUsdCents(monthUsd),
      ],
    ]),
  });
}

/** The rows as CSV: dollars in the whole units in which the bill was divided, so that a sum over the rows is exact. */
export function chargebackCsv({ by, rows }: ChargebackReport): string {
  const money = (period: string): string[] =>
    ["gpu_used", "gpu_idle", "licence", "api", "fixed", "total"].map(
      (column) => `${period}_${column}_usd`,
    );
  const header = [
    ...[by, "kind", "requests", "answered", "prompt_tokens", "cached_tokens", "output_tokens"],
    ...["gpu_hours_used", "gpu_hours_idle", ...money("horizon"), ...money("month")],
  ];
  return formatCsv(
    header,
    rows.map((row) => [
      ...[row.id, row.kind, row.requests.arrived, row.requests.answered],
      ...[row.tokens.prompt, row.tokens.cached, row.tokens.output],
      ...[row.gpuHours.used, row.gpuHours.idle],
      ...columns.map((column) => row.horizon[column]),
      row.horizon.total,
      ...columns.map((column) => row.month[column]),
      row.month.total,
    ]),
  );
}
