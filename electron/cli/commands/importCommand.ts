/** `crossover import FILE`: what a trace holds, in constant memory; optionally as Crossover's own CSV. */

import { canonicalCsvLines } from "../../../shared/importers/canonicalCsv.ts";
import { traceFormats } from "../../../shared/importers/formats.ts";
import { rejectCsvHeader, rejectCsvLine } from "../../../shared/importers/rejectCsv.ts";
import {
  AllRowsRejectedError,
  describeReject,
  type RejectedRow,
} from "../../../shared/importers/rejects.ts";
import { TeeSink } from "../../../shared/importers/rowSink.ts";
import type { TokenQuantiles } from "../../../shared/importers/tokenHistogram.ts";
import { TraceColumnsSink } from "../../../shared/importers/traceColumnsSink.ts";
import {
  type TagSummary,
  type TraceSummary,
  TraceSummarySink,
} from "../../../shared/importers/traceSummarySink.ts";
import { type ColumnMapping, columnMappingSchema } from "../../../shared/schema/traffic.ts";
import { InputError } from "../../../shared/units/errors.ts";
import { type AtomicWriter, openAtomicWriter } from "../../files/atomicWrite.ts";
import { type ReadProgress, readTrace, type TraceFile } from "../../files/readTrace.ts";
import { realPathOf } from "../../files/realPath.ts";
import { type Command, type CommandIo, type ParsedArgs, UsageError } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";

/** Imports a trace, counts and explains every rejected row, and shows its figures. */
export const importCommand: Command = {
  name: "import",
  summary: "read a traffic trace and show what it holds",
  usage:
    "import FILE [--format F] [--map arrival=COLUMN,promptTokens=COLUMN,outputTokens=COLUMN,...,timeUnit=ms] [--exclude-failed] [--out FILE.csv] [--rejects FILE.csv] [--json]",
  options: {
    format: {
      type: "string",
      help: `auto (default) or one of ${traceFormats.map(({ name }) => name).join(", ")}`,
    },
    map: {
      type: "string",
      help: "columns or keys by meaning: arrival, promptTokens, outputTokens, cachedTokens, model, tenant, tag, for rows that sum up several requests also requests (how many) and windowEnd, and timeUnit (auto, s, ms, us, ns, iso), utcOffsetMinutes (zone of times that name none), cachedTokensAre (partOfPrompt, besidePrompt); what is left out is guessed, an empty name reads none",
    },
    "exclude-failed": {
      type: "boolean",
      help: "leave out requests that the trace marks as failed",
    },
    out: { type: "string", help: "write the trace as Crossover's own CSV, sorted by arrival" },
    rejects: { type: "string", help: "write every rejected row with line and reason as CSV" },
    json: { type: "boolean", help: "print one JSON object on stdout" },
  },
  run: runImport,
};

const mapKeys =
  "arrival|promptTokens|outputTokens|cachedTokensAre|cachedTokens|model|tenant|tag|requests|windowEnd|timeUnit|utcOffsetMinutes";
const mapWants: Readonly<Record<string, string>> = {
  timeUnit: "one of auto, s, ms, us, ns, iso",
  utcOffsetMinutes: "whole minutes from -840 to 840",
  cachedTokensAre: "partOfPrompt or besidePrompt",
};
const mapEntry = new RegExp(`^(${mapKeys})=(.*)$`, "s");

/** "arrival=ts,promptTokens=in" as a mapping. A column's name may hold commas. Throws UsageError. */
export function parseMapping(text: string): Partial<ColumnMapping> {
  const mapping: Record<string, string | number> = {};
  for (const entry of text.split(new RegExp(`,(?=(?:${mapKeys})=)`))) {
    const match = mapEntry.exec(entry);
    if (match === null) {
      throw new UsageError(
        `--map: cannot read ${JSON.stringify(entry)}. Wanted MEANING=COLUMN with a meaning of ${mapKeys.replaceAll("|", ", ")}`,
      );
    }
    mapping[match[1]] = match[1] === "utcOffsetMinutes" ? Number(match[2]) : match[2];
  }
  const checked = columnMappingSchema.partial().safeParse(mapping);
  if (checked.success) return checked.data;
  const key = String(checked.error.issues[0].path[0]);
  throw new UsageError(`--map: found ${key}=${mapping[key]}. Wanted ${mapWants[key]}`);
}

function textOption(args: ParsedArgs, name: string): string | undefined {
  const value = args.values[name];
  return typeof value === "string" ? value : undefined;
}

async function runImport(io: CommandIo, args: ParsedArgs): Promise<number> {
  const [path, ...more] = args.positionals;
  if (path === undefined || more.length > 0) {
    throw new UsageError(
      `import takes one FILE, found ${args.positionals.length}`,
      importCommand.usage,
    );
  }
  refuseOverwrite(path, textOption(args, "out"), "--out");
  refuseOverwrite(path, textOption(args, "rejects"), "--rejects");
  refuseSameFile(textOption(args, "out"), textOption(args, "rejects"));
  const map = textOption(args, "map");
  const mapping = map === undefined ? undefined : parseMapping(map);
  const rejectsPath = textOption(args, "rejects");
  const rejects = rejectsPath === undefined ? undefined : openAtomicWriter(rejectsPath);
  try {
    const isIncomplete = await importFile(io, args, path, mapping, rejects);
    rejects?.commit();
    return isIncomplete ? exitCodes.rowsRejected : exitCodes.ok;
  } catch (error) {
    if (error instanceof AllRowsRejectedError) throw keepRejects(error, rejects, rejectsPath);
    rejects?.abort();
    throw error;
  }
}

/** Writes the rejects of a trace of which nothing can be used: they say why. The error then says where they are. */
function keepRejects(
  { message, field }: AllRowsRejectedError,
  rejects: AtomicWriter | undefined,
  path: string | undefined,
): InputError {
  rejects?.commit();
  const where =
    path === undefined ? "--rejects FILE.csv lists them all" : `all are listed in ${path}`;
  return new InputError(message, { field, hint: where });
}

function refuseOverwrite(path: string, target: string | undefined, option: string): void {
  if (target === undefined || realPathOf(target) !== realPathOf(path)) return;
  throw new UsageError(`${option} names the file that is read, ${path}. Wanted another file`);
}

/** The rejects would take the place of the trace that was just written. */
function refuseSameFile(out: string | undefined, rejects: string | undefined): void {
  if (out === undefined || rejects === undefined) return;
  if (realPathOf(out) !== realPathOf(rejects)) return;
  throw new UsageError(`--out and --rejects both name ${out}. Wanted two files`);
}

/** Reads, writes and reports; resolves to whether rows were rejected. */
async function importFile(
  io: CommandIo,
  args: ParsedArgs,
  path: string,
  mapping: Partial<ColumnMapping> | undefined,
  rejects: AtomicWriter | undefined,
): Promise<boolean> {
  const outPath = textOption(args, "out");
  const out = outPath === undefined ? undefined : openAtomicWriter(outPath);
  const summarySink = new TraceSummarySink();
  const columnsSink = out === undefined ? undefined : new TraceColumnsSink();
  const startMs = io.now();
  const progress = progressLine(io, startMs);
  rejects?.write(rejectCsvHeader);
  try {
    const file = await readTrace(path, {
      sink: columnsSink === undefined ? summarySink : new TeeSink([summarySink, columnsSink]),
      format: textOption(args, "format"),
      mapping,
      failedRequests: args.values["exclude-failed"] === true ? "exclude" : "include",
      onReject: rejects && ((row: RejectedRow) => rejects.write(rejectCsvLine(row))),
      onProgress: progress.show,
    });
    if (out && columnsSink) writeCanonical(io, out, columnsSink, file);
    const wallS = (io.now() - startMs) / 1000;
    progress.clear();
    report(io, args, path, file, summarySink.summary(file.result), wallS);
    return file.result.rejected.count > 0;
  } catch (error) {
    progress.clear();
    out?.abort();
    throw error;
  }
}

function writeCanonical(
  io: CommandIo,
  out: AtomicWriter,
  sink: TraceColumnsSink,
  file: TraceFile,
): void {
  const columns = sink.toColumns(file.result);
  for (const line of canonicalCsvLines(columns)) out.write(line);
  out.commit();
  const lost = [
    columns.prefix === undefined ? "" : "prefix-cache ids",
    columns.failed === undefined ? "" : "marks of failed requests",
    columns.origin.kind === "calendar" ? "the calendar date" : "",
  ].filter((part) => part !== "");
  if (lost.length > 0) io.stderr(`note: not kept in the CSV written: ${lost.join(", ")}.\n`);
}

const progressEveryMs = 200;

function progressLine(io: CommandIo, startMs: number) {
  let shownMs = startMs;
  let isShown = false;
  return {
    show: (progress: ReadProgress): void => {
      const nowMs = io.now();
      if (!io.isTerminal || nowMs - shownMs < progressEveryMs) return;
      shownMs = nowMs;
      isShown = true;
      io.stderr(`\r${describeProgress(progress, (nowMs - startMs) / 1000)}\u001b[K`);
    },
    clear: (): void => {
      if (isShown) io.stderr("\r\u001b[K");
    },
  };
}

function describeProgress({ bytesRead, totalBytes, rows }: ReadProgress, wallS: number): string {
  const rate = `${integer(rows)} rows, ${integer(rows / wallS)} rows/s`;
  if (totalBytes === 0) return rate;
  const remainingS = (wallS * (totalBytes - bytesRead)) / bytesRead;
  const percent = Math.floor((100 * bytesRead) / totalBytes);
  return `reading ${percent} %, ${rate}, ${Math.ceil(remainingS)} s left`;
}

function report(
  io: CommandIo,
  args: ParsedArgs,
  path: string,
  file: TraceFile,
  summary: TraceSummary,
  wallS: number,
): void {
  const { result } = file;
  if (args.values.json === true) {
    io.stdout(`${JSON.stringify(jsonReport(path, file, summary, wallS), undefined, 2)}\n`);
  } else {
    io.stdout(table(humanRows(path, file, summary, wallS)));
    for (const note of result.notes) io.stdout(`note: ${note}\n`);
  }
  for (const warning of result.warnings) io.stderr(`warning: ${warning}\n`);
  for (const row of result.rejected.rows.slice(0, 20)) {
    io.stderr(`rejected ${describeReject(row)} (${row.reason})\n`);
  }
  const unseen = result.rejected.count - 20;
  if (unseen > 0)
    io.stderr(`... and ${integer(unseen)} more; --rejects FILE.csv lists them all.\n`);
}

function jsonReport(path: string, file: TraceFile, summary: TraceSummary, wallS: number): object {
  const { result, bytes, sha256 } = file;
  const { promptTokens, outputTokens, firstArrival, ...figures } = summary;
  return {
    format: result.format,
    file: path,
    bytes,
    sha256,
    rejected: result.rejected,
    ...figures,
    tokens: { prompt: promptTokens, output: outputTokens },
    origin: firstArrival,
    failedRows: result.failedRows,
    excludedFailed: result.excludedFailed,
    blankLines: result.blankLines,
    columns: result.columns,
    notes: result.notes,
    warnings: result.warnings,
    rowsPerS: wallS > 0 ? result.rows / wallS : undefined,
    wallS,
  };
}

type TableRow = readonly [label: string, value: string];

function humanRows(
  path: string,
  { result, bytes, sha256 }: TraceFile,
  summary: TraceSummary,
  wallS: number,
): TableRow[] {
  const { totals, peakRps, prefix } = summary;
  const peaks = [peakRps.in1S, peakRps.in10S, peakRps.in60S].map((rps) => decimal(rps)).join(" / ");
  return [
    ["file", `${path} (${integer(bytes)} bytes)`],
    ["sha256", sha256],
    ["format", formatLabel(result.format)],
    [
      "read from",
      Object.entries(result.columns)
        .map(([meaning, name]) => `${meaning} = ${name}`)
        .join(", "),
    ],
    ["requests", integer(result.rows)],
    ["rejected rows", rejectedText(result.rejected.byReason, result.rejected.count)],
    ...failedRows(result.failedRows, result.excludedFailed),
    ["first arrival", originText(summary)],
    ["duration", `${decimal(summary.durationS, 3)} s`],
    ["mean rate", `${decimal(summary.meanRps, 3)} requests/s`],
    ["peak rate in 1 / 10 / 60 s", `${peaks} requests/s`],
    ["gaps, coefficient of variation", decimal(summary.interArrivalCv, 3)],
    ["prompt tokens", integer(totals.promptTokens)],
    ["output tokens", integer(totals.outputTokens)],
    ...(totals.cachedTokens === undefined
      ? []
      : [["cached tokens", integer(totals.cachedTokens)] as const]),
    ["prompt mean / p50 / p90 / p99 / max", quantileText(summary.promptTokens)],
    ["output mean / p50 / p90 / p99 / max", quantileText(summary.outputTokens)],
    ...(prefix === undefined
      ? []
      : [
          [
            "reusable prefix, infinite cache",
            `${decimal(prefix.reusableTokenShare * 100)} % of tokens, ${decimal(prefix.reusableBlockShare * 100)} % of blocks of ${prefix.blockTokens}`,
          ] as const,
        ]),
    ...nameRows(summary.models.map(({ model, ...sums }) => [`model ${model || "(none)"}`, sums])),
    ...nameRows(summary.tags.map(({ tag, ...sums }) => [`tag ${tag || "(none)"}`, sums])),
    ["order", orderText(summary)],
    [
      "read in",
      `${decimal(wallS, 2)} s (${wallS > 0 ? integer(result.rows / wallS) : "-"} rows/s)`,
    ],
  ];
}

function formatLabel(name: string): string {
  const label = traceFormats.find((format) => format.name === name)?.label;
  return `${name}: ${label}`;
}

function rejectedText(byReason: Readonly<Record<string, number>>, count: number): string {
  if (count === 0) return "0";
  const reasons = Object.entries(byReason).map(([reason, times]) => `${reason} ${integer(times)}`);
  return `${integer(count)} (${reasons.join(", ")})`;
}

function failedRows(failed: number, excluded: number): TableRow[] {
  if (failed === 0) return [];
  return [["failed requests", `${integer(failed)}, ${excluded > 0 ? "left out" : "kept"}`]];
}

function originText({ firstArrival }: TraceSummary): string {
  if (firstArrival.kind === "relative") return "relative: the trace names no date";
  const zone = firstArrival.zone === "utc" ? "UTC" : "taken as UTC";
  return `${new Date(firstArrival.epochMs).toISOString().replace("Z", "")} ${zone}`;
}

function orderText(summary: TraceSummary): string {
  const order = summary.sorted ? "sorted" : `${integer(summary.outOfOrder)} rows out of order`;
  return `${order}, ${integer(summary.duplicateTimes)} repeat the time above them`;
}

const shownNames = 10;

function nameRows(names: readonly (readonly [string, Omit<TagSummary, "tag">])[]): TableRow[] {
  const rows = names
    .slice(0, shownNames)
    .map(([name, { requests, promptTokens, outputTokens }]): TableRow => {
      const tokens = `${integer(promptTokens)} prompt, ${integer(outputTokens)} output tokens`;
      return [name, `${integer(requests)} requests, ${tokens}`];
    });
  const more = names.length - shownNames;
  return more > 0 ? [...rows, ["", `and ${more} more ${names[0][0].split(" ")[0]}s`]] : rows;
}

function quantileText(quantiles: TokenQuantiles | undefined): string {
  if (quantiles === undefined) return "-";
  const { mean, p50, p90, p99, max } = quantiles;
  return [mean, p50, p90, p99, max].map((value) => decimal(value)).join(" / ");
}

function table(rows: readonly TableRow[]): string {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `${label.padEnd(width)}  ${value}\n`).join("");
}

function integer(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

function decimal(value: number | undefined, digits = 1): string {
  if (value === undefined) return "-";
  return value.toLocaleString("en-US", { maximumFractionDigits: digits });
}
