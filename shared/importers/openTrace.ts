/** Settles, from the first bytes of a trace, how the rest is parsed. */
import { InputError } from "../units/errors.ts";
import { type CsvHeader, readCsvHeader, refuseDoubledColumns } from "./csvHeader.ts";
import { type ColumnRole, type CsvPlan, columnRole, type RowOutlet } from "./csvPlan.ts";
import { splitFields } from "./csvRecord.ts";
import { CsvScanner } from "./csvScanner.ts";
import { detectFormat, type FirstLine } from "./detectFormat.ts";
import { type TraceFormat, traceFormats } from "./formats.ts";
import { type ColumnChoice, chooseColumns, meanings } from "./guessColumns.ts";
import { guessTime, type TimeGuess } from "./guessTime.ts";
import type { ImportOptions } from "./importResult.ts";
import { firstObjects, JsonArrayParser } from "./jsonArray.ts";
import { isProblem, type JsonRecord, leafPaths, parseJsonLine, valueAt } from "./jsonLine.ts";
import { JsonLinesParser, type JsonRowReader } from "./jsonLines.ts";
import { findKnownCsv } from "./knownCsv.ts";
import { MappedJsonReader } from "./mappedJson.ts";
import { bailian, mooncake, PrefixTraceReader } from "./prefixTraces.ts";
import { cutText } from "./rejects.ts";
import type { RowParser } from "./rowParser.ts";
import { UnknownCsvParser } from "./unknownCsv.ts";
import { type DecodeUtf8, decodeUtf8 } from "./utf8.ts";

/** A trace whose reading is settled. */
export interface OpenedTrace {
  readonly format: TraceFormat;
  readonly parser: RowParser;
  /** Where in the first bytes the parser begins. */
  readonly bodyStart: number;
  readonly isCalendar: boolean;
  /** Whether times are dates and clock times, which may leave out their zone. */
  readonly isClockTime: boolean;
  readonly columns: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
  warnings(): string[];
}

type NamedOptions = ImportOptions & { readonly fileName: string };

/** What every way of opening needs. */
interface Opening {
  readonly options: NamedOptions;
  readonly head: Uint8Array;
  readonly first: FirstLine;
  readonly outlet: RowOutlet;
  readonly decode: DecodeUtf8;
}

/** Opens a trace by its first bytes. Throws InputError when they do not fit the format or name none. */
export function openTrace(
  format: TraceFormat | "auto",
  options: NamedOptions,
  head: Uint8Array,
  first: FirstLine,
  outlet: RowOutlet,
): OpenedTrace {
  const decode = options.decodeUtf8 ?? decodeUtf8;
  const opening: Opening = { options, head, first, outlet, decode };
  const settled = settleFormat(format, opening);
  switch (settled) {
    case "mooncake":
    case "bailian":
      return openPrefixTrace(settled, opening);
    case "jsonl":
      return openMappedJson(opening);
    case "csv":
      return openUnknownCsv(opening);
    default:
      return openKnownCsv(settled, opening);
  }
}

/** The format to read as. A mapping means that columns are to be read by it, so a known CSV or JSON schema becomes a plain one. */
function settleFormat(format: TraceFormat | "auto", opening: Opening): TraceFormat {
  const { options, head, first } = opening;
  const { mapping } = options;
  const isMapped =
    (mapping?.timeUnit ?? "auto") !== "auto" ||
    meanings.some((meaning) => mapping?.[meaning] !== undefined);
  const isArray = first.text.startsWith("[");
  const isJson = first.text.startsWith("{") || isArray;
  if (format === "auto") {
    if (isMapped) return isJson ? "jsonl" : "csv";
    return detectFormat(head, options.fileName);
  }
  if (isMapped && format !== "csv" && format !== "jsonl") {
    throw new InputError(
      `A mapping was given together with the format "${format}", whose columns are fixed. Wanted the format csv or jsonl with a mapping; leave one of the two out.`,
      { field: "mapping" },
    );
  }
  const wantsJson = format === "jsonl" || format === "mooncake" || format === "bailian";
  if (wantsJson !== isJson || (isArray && format !== "jsonl")) throw wrongShape(format, opening);
  return format;
}

function wrongShape(format: TraceFormat, { options, first }: Opening): InputError {
  const description = traceFormats.find(({ name }) => name === format);
  return new InputError(
    `${options.fileName}: line ${first.line} does not begin a trace of format ${format}. Found ${JSON.stringify(cutText(first.text))}. Wanted ${description?.shape}; leave the format out to have it detected.`,
    { field: "format" },
  );
}

function openKnownCsv(format: TraceFormat, opening: Opening): OpenedTrace {
  const { options, first, outlet, decode } = opening;
  const { columns, delimiter } = readCsvHeader(first.text);
  const known = findKnownCsv(columns);
  if (known?.format !== format) throw wrongShape(format, opening);
  const { plan } = known;
  const names = columns.map((name) => name.toLowerCase());
  const isMeant = (_: string, column: number) => plan.roles[column] !== columnRole.skip;
  refuseDoubledColumns(names, names.filter(isMeant), options.fileName);
  const parser =
    delimiter === ","
      ? new CsvScanner(plan, outlet, first.line + 1, decode)
      : new UnknownCsvParser(plan, outlet, delimiter, first.line + 1, decode);
  return {
    format,
    parser,
    bodyStart: first.next,
    isCalendar: plan.time === "iso",
    isClockTime: plan.time === "iso",
    columns: columnsOf(plan),
    notes: [],
    warnings: () => [],
  };
}

function columnsOf(plan: CsvPlan): Record<string, string> {
  const columns: Record<string, string> = {};
  for (const meaning of meanings) {
    const role = roleOf(meaning);
    const column = plan.roles.indexOf(role);
    if (column >= 0) columns[meaning] = plan.columns[column];
  }
  return columns;
}

function roleOf(meaning: (typeof meanings)[number]): ColumnRole {
  return meaning === "arrival" ? columnRole.time : columnRole[meaning];
}

function openUnknownCsv(opening: Opening): OpenedTrace {
  const { options, first, outlet, decode } = opening;
  const header = readCsvHeader(first.text);
  const choice = chooseColumns(header.columns, options.mapping, "column", options.fileName);
  refuseDoubledColumns(header.columns, Object.values(choice.columns), options.fileName);
  const arrival = header.columns.indexOf(choice.columns.arrival);
  const samples = sampleLines(opening, first.next).map(
    (line) => splitFields(line, header.delimiter)[arrival] ?? "",
  );
  const time = settleTime(samples, choice, opening);
  const plan: CsvPlan = {
    columns: header.columns,
    roles: rolesOf(header, choice),
    time: time.time,
    zeroOutputIsFailure: false,
    isCachedBeside: isCachedBeside(options),
  };
  return {
    format: "csv",
    parser: new UnknownCsvParser(plan, outlet, header.delimiter, first.line + 1, decode),
    bodyStart: first.next,
    ...mappedAccount(choice, time, options),
  };
}

function isCachedBeside({ mapping }: ImportOptions): boolean {
  return mapping?.cachedTokensAre === "besidePrompt";
}

function rolesOf(header: CsvHeader, choice: ColumnChoice): ColumnRole[] {
  const roles: ColumnRole[] = header.columns.map(() => columnRole.skip);
  for (const meaning of meanings) {
    const column = choice.columns[meaning];
    if (column !== undefined) roles[header.columns.indexOf(column)] = roleOf(meaning);
  }
  return roles;
}

function mappedAccount(
  choice: ColumnChoice,
  time: TimeGuess,
  options: ImportOptions,
): Pick<OpenedTrace, "isCalendar" | "isClockTime" | "columns" | "notes" | "warnings"> {
  const guess =
    choice.guessed.length > 0
      ? [
          `Guessed by name: ${choice.guessed.join(", ")}; name others with a mapping if that is wrong.`,
        ]
      : [];
  return {
    isCalendar: time.isCalendar,
    isClockTime: time.time === "iso",
    columns: { ...choice.columns },
    notes: [...guess, time.note, ...cachedNote(choice, options)],
    warnings: () => [],
  };
}

function cachedNote({ columns }: ColumnChoice, options: ImportOptions): string[] {
  if (columns.cachedTokens === undefined || !isCachedBeside(options)) return [];
  return [`"${columns.cachedTokens}" was added to "${columns.promptTokens}", which leaves it out.`];
}

function settleTime(
  samples: readonly string[],
  choice: ColumnChoice,
  { options }: Opening,
): TimeGuess {
  const column = choice.columns.arrival;
  const guess = guessTime(samples, column, options.mapping?.timeUnit ?? "auto");
  if (guess !== undefined) return guess;
  const found = samples.find((sample) => sample.trim() !== "") ?? "nothing";
  throw new InputError(
    `${options.fileName}: cannot read the times in "${column}". Found ${JSON.stringify(cutText(found))}. Wanted ISO dates and times or plain numbers. Choose another column or unit (--map arrival=NAME,timeUnit=UNIT).`,
    { field: column },
  );
}

const maxSamples = 100;
const sampleBytes = 65_536;

/** The first complete lines behind `start` (at least one, if there is one), for guessing. */
function sampleLines({ head, decode }: Opening, start: number): string[] {
  const lines: string[] = [];
  let position = start;
  while (position < head.length && lines.length < maxSamples) {
    const lineEnd = head.indexOf(10, position);
    const end = lineEnd < 0 ? head.length : lineEnd;
    if (lines.length > 0 && end >= sampleBytes) break;
    const text = decodeSample(head.subarray(position, end), decode);
    if (text !== "") lines.push(text);
    position = end + 1;
  }
  return lines;
}

function decodeSample(bytes: Uint8Array, decode: DecodeUtf8): string {
  try {
    return decode(bytes).trim();
  } catch {
    return "";
  }
}

function openPrefixTrace(format: "mooncake" | "bailian", opening: Opening): OpenedTrace {
  const kind = format === "mooncake" ? mooncake : bailian;
  const reader = new PrefixTraceReader(kind, opening.outlet);
  return {
    format,
    ...jsonBody(reader, opening),
    isCalendar: false,
    isClockTime: false,
    columns: {
      ...{ arrival: "timestamp", promptTokens: "input_length", outputTokens: "output_length" },
      ...(kind.tagKey !== undefined && { tag: kind.tagKey }),
    },
    notes: [],
    warnings: () => reader.warnings(),
  };
}

function openMappedJson(opening: Opening): OpenedTrace {
  const { options, outlet } = opening;
  const records = sampleRecords(opening);
  if (records.length === 0) throw noJsonLines(opening);
  const keys = [...new Set(records.flatMap((record) => leafPaths(record)))];
  const choice = chooseColumns(keys, options.mapping, "key", options.fileName);
  const samples = records.map((record) => String(valueAt(record, choice.columns.arrival) ?? ""));
  const time = settleTime(samples, choice, opening);
  const reader = new MappedJsonReader(choice.columns, time.time, outlet, isCachedBeside(options));
  const account = mappedAccount(choice, time, options);
  if (!isJsonArray(opening)) return { format: "jsonl", ...jsonBody(reader, opening), ...account };
  const parser = new JsonArrayParser(reader, outlet.rejects, opening.first.line, opening.decode);
  const warnings = () => [...account.warnings(), ...parser.warnings()];
  return { format: "jsonl", ...account, parser, bodyStart: opening.first.start, warnings };
}

function isJsonArray({ first }: Opening): boolean {
  return first.text.startsWith("[");
}

/** The first objects of the file, for guessing. */
function sampleRecords(opening: Opening): JsonRecord[] {
  const { head, first, decode } = opening;
  if (isJsonArray(opening)) return firstObjects(head.subarray(first.start), decode, maxSamples);
  return sampleLines(opening, first.start)
    .map(parseJsonLine)
    .filter((record): record is JsonRecord => !isProblem(record));
}

function noJsonLines({ options, first, ...opening }: Opening): InputError {
  if (isJsonArray({ options, first, ...opening })) {
    return new InputError(
      `${options.fileName}: the JSON array that begins on line ${first.line} has no object among its first elements. Found ${JSON.stringify(cutText(first.text))}. Wanted an object for each request.`,
      { field: "file" },
    );
  }
  return new InputError(
    `${options.fileName}: line ${first.line} and the ones below are no JSON lines. Found ${JSON.stringify(cutText(first.text))}. Wanted one complete JSON object on each line, or one JSON array of objects; a list that stands inside another object has to be written as a file of its own (with "jq .data FILE", say).`,
    { field: "file" },
  );
}

function jsonBody(
  reader: JsonRowReader,
  { first, outlet, decode }: Opening,
): Pick<OpenedTrace, "parser" | "bodyStart"> {
  return {
    parser: new JsonLinesParser(reader, outlet.rejects, first.line, decode),
    bodyStart: first.start,
  };
}
