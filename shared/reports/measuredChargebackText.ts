/** A chargeback of measured GPU-hours as text for a terminal, and its rows as CSV. */
import type {
  MeasuredChargeback,
  MeasuredCharges,
  MeasuredGpu,
  MeasuredRow,
} from "../planning/chargeback/measuredChargeback.ts";
import { roundTogether } from "../units/apportion.ts";
import { formatCsv } from "./csv.ts";
import {
  formatGiven,
  formatNumber,
  formatPercentNumber,
  formatUsdCents,
  noValue,
  plainText,
} from "./formatters.ts";
import { groupCents } from "./groupCents.ts";
import { figureColumn, formatTextTable, textColumn } from "./table.ts";
import { wrapText } from "./wrapText.ts";

const proseWidth = 100;
const columns = ["used", "idle", "unknown", "unallocated"] as const;

const rules = [
  "Who holds a GPU or a MIG slice pays for its hours, active or not; a slice costs its share of the GPU's memory slices.",
  "Active is what DCGM_FI_PROF_GR_ENGINE_ACTIVE says, for whole GPUs without it DCGM_FI_DEV_GPU_UTIL; without either the activity is unknown.",
];

const idleTexts = {
  proportional: "What no pod held is charged in proportion to the GPU-hours held.",
  even: "What no pod held is charged to all in equal parts.",
  separate: "What no pod held stands in a row of its own.",
} as const;

/** The whole; ends with a line break. */
export function formatMeasuredChargeback(
  report: MeasuredChargeback,
  warnings: readonly string[],
): string {
  const { billUsd, gpuHours, usdPerGpuHour, periodHours, moments, notes } = report;
  const head = `${formatUsdCents(billUsd)} USD: ${formatNumber(gpuHours)} GPU-hours at ${formatGiven(usdPerGpuHour, 2)} USD, measured at ${moments === 1 ? "one moment that stands" : `${moments} moments that stand`} for ${formatNumber(periodHours)} h, by ${report.by}`;
  const list = (texts: readonly string[]): string[] =>
    texts.flatMap((text) => prose(`- ${plainText(text)}`, "  "));
  const parts = [
    prose(head),
    ["Charges (USD)", ...rowTable(report)],
    ["GPU-hours, part by part", ...gpuTable(report.gpus)],
    ["Rules", ...list([...rules, idleTexts[report.idle]])],
    notes.length > 0 ? ["Notes", ...list(notes)] : [],
    warnings.length > 0 ? ["Warnings", ...list(warnings)] : [],
  ];
  const text = parts.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `${text.join("\n\n")}\n`;
}

function prose(text: string, indent = ""): string[] {
  return wrapText(text, proseWidth, indent);
}

/** The dearest first, in cents that add up across and down. */
function rowTable(report: MeasuredChargeback): string[] {
  const rows = [...report.rows].sort((a, b) => b.usd.total - a.usd.total);
  const cents = centsOf(report, rows);
  const total = columns.map((_, at) => sumOf(cents.map((row) => row[at])));
  return formatTextTable({
    columns: [
      textColumn(report.by),
      ...["GPU-h active", "held idle", "unknown"].map(figureColumn),
      ...["active", "held idle", "unknown", "unallocated", "total", "share (%)"].map(figureColumn),
    ],
    rows: [
      ...rows.map((row, i) => [
        plainText(row.id),
        ...[row.gpuHours.used, row.gpuHours.idle, row.gpuHours.unknown].map(formatNumber),
        ...cents[i].map(groupCents),
        groupCents(sumOf(cents[i])),
        row.share === null ? noValue : formatPercentNumber(row.share),
      ]),
      ["total", "", "", "", ...total.map(groupCents), groupCents(sumOf(total)), ""],
    ],
  });
}

function centsOf(report: MeasuredChargeback, rows: readonly MeasuredRow[]): number[][] {
  const amounts = (of: MeasuredCharges): number[] => columns.map((column) => of[column]);
  const bill = Math.round(Number(report.billUsd.toFixed(2)) * 100);
  const totals = roundTogether(amounts(report.total), 0.01, bill);
  const byColumn = columns.map((column, at) =>
    roundTogether(
      rows.map((row) => row.usd[column]),
      0.01,
      totals[at],
    ),
  );
  return rows.map((_, row) => byColumn.map((cells) => cells[row]));
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function gpuTable(gpus: readonly MeasuredGpu[]): string[] {
  const share = (part: number, whole: number): string =>
    whole > 0 ? formatPercentNumber(part / whole) : noValue;
  return formatTextTable({
    columns: [
      textColumn("GPU"),
      textColumn("held by"),
      textColumn("as"),
      figureColumn("GPU-hours"),
      figureColumn("share (%)"),
    ],
    rows: gpus.flatMap(({ id, modelName, gpuHours, parts }) => [
      ...parts.map((part) => [
        plainText(id),
        plainText(part.id),
        plainText(part.profile ?? ""),
        formatNumber(part.gpuHours),
        share(part.gpuHours, gpuHours),
      ]),
      [
        plainText(id),
        "all",
        plainText(modelName),
        formatNumber(gpuHours),
        share(gpuHours, gpuHours),
      ],
    ]),
  });
}

/** The rows as CSV; dollars in millionths, so that a sum over the rows is exact. */
export function measuredChargebackCsv({ by, rows }: MeasuredChargeback): string {
  const header = [
    ...[by, "kind", "gpu_hours_used", "gpu_hours_idle", "gpu_hours_unknown"],
    ...["used_usd", "idle_usd", "unknown_usd", "unallocated_usd", "total_usd"],
  ];
  return formatCsv(
    header,
    rows.map(({ id, kind, gpuHours, usd }) => [
      ...[id, kind, gpuHours.used, gpuHours.idle, gpuHours.unknown],
      ...[usd.used, usd.idle, usd.unknown, usd.unallocated, usd.total],
    ]),
  );
}
