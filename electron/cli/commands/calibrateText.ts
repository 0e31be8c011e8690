/** A calibration as text for a terminal: predicted against measured, before and after. */
import { errorPct } from "../../../shared/planning/benchmark/errorGroups.ts";
import type {
  Calibration,
  PointFigures,
} from "../../../shared/planning/calibration/calibrationFile.ts";
import { formatCount, formatNumber, noValue } from "../../../shared/reports/formatters.ts";
import { figureColumn, formatTextTable, textColumn } from "../../../shared/reports/table.ts";

type Point = Calibration["points"][number];
type FigureName = "tpotMs" | "ttftMs" | "outputTokensPerS";

/** The points by figure, the terms before and after with why, and the median errors. */
export function calibrationText(calibration: Calibration, hostBefore: Calibration["host"]): string {
  const { points } = calibration;
  const lines = [
    targetLine(calibration),
    "",
    ...points.map((point, i) => `point ${i + 1}: ${pointLine(point)}`),
    "",
    ...figureTable(points),
    "",
    ...termTable(calibration, hostBefore),
    "",
    ...calibration.reasons.map((reason) => `- ${reason}`),
    "",
    ...errorLines(calibration),
  ];
  return `${lines.join("\n")}\n`;
}

function targetLine(calibration: Calibration): string {
  const { name, model, backend, precision, kvPrecision, gpu, migProfile } = calibration;
  const place = migProfile === undefined ? gpu : `${gpu} ${migProfile}`;
  return `Calibration "${name}": ${model}, ${backend}, ${precision} weights, ${kvPrecision} KV cache, ${calibration.tensorParallel} x ${place}; coefficients ${calibration.coefficientSet}`;
}

function pointLine(point: Point): string {
  const { tool, toolVersion, file, place, requests, notes } = point;
  const load =
    point.rateRps === undefined
      ? counted(point.concurrency ?? 1, "client")
      : `${formatNumber(point.rateRps)} requests/s`;
  const basis = point.loadBasis === "stated" ? "" : ` (${point.loadBasis})`;
  const size = `${tokens(point.promptTokens)} in, ${tokens(point.outputTokens)} out`;
  const answered = requests === undefined ? "" : `, ${counted(requests, "request")}`;
  const source = [tool, toolVersion, file, place].filter(
    (part) => part !== undefined && part !== "",
  );
  const said = notes.length === 0 ? "" : `\n  note: ${notes.join("; ")}`;
  return `${size}, ${load}${basis}${answered}; ${source.join(" ")}${said}`;
}

function tokens(mean: number): string {
  return formatCount(Math.round(mean));
}

function counted(count: number, what: string): string {
  return `${formatCount(count)} ${what}${count === 1 ? "" : "s"}`;
}

const figures: readonly (readonly [FigureName, string])[] = [
  ["tpotMs", "TPOT ms"],
  ["ttftMs", "TTFT ms"],
  ["outputTokensPerS", "output tokens/s"],
];

function figureTable(points: readonly Point[]): string[] {
  return formatTextTable({
    columns: [
      textColumn("figure"),
      ...["point", "measured", "before", "error %", "after", "error %"].map(figureColumn),
    ],
    rows: figures.flatMap(([name, title]) =>
      points
        .map((point, i) => [title, String(i + 1), ...figureCells(point, name)])
        .filter((_row, i) => points[i].measured[name] !== undefined),
    ),
  });
}

function figureCells({ measured, before, after }: Point, name: FigureName): string[] {
  const pair = (predicted: PointFigures) => [
    cell(predicted[name]),
    signed(errorPct(predicted[name], measured[name])),
  ];
  return [cell(measured[name]), ...pair(before), ...pair(after)];
}

function cell(value: number | null | undefined): string {
  return value === null || value === undefined ? noValue : formatNumber(value);
}

function signed(percent: number | undefined): string {
  if (percent === undefined) return noValue;
  return `${percent > 0 ? "+" : ""}${percent.toFixed(1)}`;
}

function termTable({ host, fitted }: Calibration, hostBefore: Calibration["host"]): string[] {
  const terms = ["gpuScale", "oIterUs", "oSeqUs", "oTpUs", "oReqMs"] as const;
  return formatTextTable({
    columns: [
      textColumn("host term"),
      figureColumn("before"),
      figureColumn("after"),
      textColumn(""),
    ],
    rows: terms.map((term) => [
      term,
      formatNumber(hostBefore[term]),
      formatNumber(host[term]),
      fitted.includes(term) ? "fitted" : "kept",
    ]),
  });
}

function errorLines({ error, points }: Calibration): string[] {
  const percent = (value: number | null | undefined) =>
    value === null || value === undefined ? noValue : `${value.toFixed(1)} %`;
  const { before, after, leftOutTpotPct } = error;
  const pair = (name: "tpotPct" | "ttftPct" | "outputTokensPerSPct", title: string) =>
    `${title} ${percent(before[name])} before, ${percent(after[name])} after`;
  const lines = [
    `Median error over ${points.length} point${points.length === 1 ? "" : "s"}: ${pair("tpotPct", "TPOT")}; ${pair("ttftPct", "TTFT")}; ${pair("outputTokensPerSPct", "throughput")}.`,
  ];
  lines.push(
    leftOutTpotPct === undefined
      ? "These points were fitted to; with fewer than four nothing says how well the terms predict others."
      : `TPOT of points that the fit had not seen: ${percent(leftOutTpotPct)}.`,
  );
  return lines;
}
