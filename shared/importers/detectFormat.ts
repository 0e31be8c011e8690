/** What kind of trace a file is, told by its header or its keys, never by the size of its values. */
import { InputError } from "../units/errors.ts";
import { readCsvHeader } from "./csvHeader.ts";
import { describeFormats, type TraceFormat } from "./formats.ts";
import { findKnownCsv, isLengthsOnly } from "./knownCsv.ts";
import { cutText } from "./rejects.ts";
import { type DecodeUtf8, decodeUtf8 } from "./utf8.ts";

/** The first bytes of a file as text lines: where its first line with something on it lies. */
export interface FirstLine {
  readonly text: string;
  /** Number of that line, from 1. */
  readonly line: number;
  /** Where it begins, behind a byte order mark and blank lines. */
  readonly start: number;
  /** Where the next line begins. */
  readonly next: number;
}

/** Refuses bytes that are no UTF-8 text in lines: empty, compressed, UTF-16, with NUL bytes, or with carriage returns for line ends. Throws InputError. */
export function checkIsText(bytes: Uint8Array, fileName: string): void {
  const refuse = (found: string, wanted: string): never => {
    throw new InputError(`${fileName}: ${found}. Wanted ${wanted}.`, { field: "file" });
  };
  if (bytes.length === 0) refuse("the file is empty", "a trace with a header or JSON lines");
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) refuse("found gzip data", "the text inside it");
  if ((bytes[0] ^ bytes[1]) === 1 && Math.min(bytes[0], bytes[1]) === 0xfe) {
    refuse("found UTF-16 text", "UTF-8; save the file in that encoding");
  }
  const nul = bytes.subarray(0, 65_536).indexOf(0);
  if (nul >= 0) {
    refuse(
      `found binary data (a NUL byte at offset ${nul})`,
      "a text file: CSV with a header, or JSON lines",
    );
  }
  if (hasOnlyCarriageReturns(bytes)) {
    refuse(
      "found no line feed; its lines end in carriage returns only, as on old Macs",
      `lines that end in a line feed; "tr '\\r' '\\n' < FILE" turns the one into the other`,
    );
  }
}

/** Whether carriage returns, without any line feed, part the bytes into lines. */
function hasOnlyCarriageReturns(bytes: Uint8Array): boolean {
  if (bytes.includes(10)) return false;
  const first = bytes.indexOf(13);
  return first >= 0 && first < bytes.length - 1;
}

/** The first line that is not blank. Throws InputError when there is none or it is not UTF-8. */
export function findFirstLine(
  bytes: Uint8Array,
  fileName: string,
  decode: DecodeUtf8 = decodeUtf8,
): FirstLine {
  let start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  for (let line = 1; start < bytes.length; line += 1) {
    const lineEnd = bytes.indexOf(10, start);
    const end = lineEnd < 0 ? bytes.length : lineEnd;
    const text = decodeLine(bytes.subarray(start, end), fileName, line, lineEnd < 0, decode);
    if (text.trim() !== "") return { text: text.trim(), line, start, next: end + 1 };
    start = end + 1;
  }
  throw new InputError(
    `${fileName}: the file has no line with anything on it. Wanted a trace with a header or JSON lines.`,
    { field: "file" },
  );
}

function decodeLine(
  bytes: Uint8Array,
  fileName: string,
  line: number,
  isCut: boolean,
  decode: DecodeUtf8,
): string {
  // A line that the first bytes cut may end inside a character; leave that character out.
  let end = bytes.length;
  while (isCut && end > 0 && bytes.length - end < 4 && bytes[end - 1] >= 0x80) end -= 1;
  try {
    return decode(bytes.subarray(0, end));
  } catch {
    throw new InputError(
      `${fileName}: line ${line} is not UTF-8 text. Wanted a text file: CSV with a header, or JSON lines in UTF-8.`,
      { field: `line ${line}` },
    );
  }
}

/**
 * The format of the file that begins with `firstBytes` (64 KiB of it are enough). Throws InputError for
 * binary, empty and unrecognisable files, with what was found and which formats are known.
 */
export function detectFormat(firstBytes: Uint8Array, fileName: string): TraceFormat {
  checkIsText(firstBytes, fileName);
  const { text, line } = findFirstLine(firstBytes, fileName);
  if (text.startsWith("{")) return detectJson(text);
  if (text.startsWith("[")) return "jsonl";
  const { columns } = readCsvHeader(text);
  const known = findKnownCsv(columns);
  if (known !== undefined) return known.format;
  if (isLengthsOnly(columns)) throw lengthsOnly(fileName, text);
  if (columns.length < 3) throw unknownHeader(fileName, text, line);
  return "csv";
}

function detectJson(text: string): TraceFormat {
  const has = (key: string) => new RegExp(`(?<!\\\\)"${key}"\\s*:`).test(text);
  const hasLengths = has("timestamp") && has("input_length") && has("output_length");
  if (hasLengths && has("chat_id")) return "bailian";
  return hasLengths ? "mooncake" : "jsonl";
}

/** The refusal of a header that names no known format. */
export function unknownHeader(fileName: string, header: string, line: number): InputError {
  return new InputError(
    `${fileName}: the header on line ${line} names no known trace format. Name the columns with --map arrival=NAME,promptTokens=NAME,outputTokens=NAME. Found ${JSON.stringify(cutText(header))}. Known formats:${describeFormats()}`,
    { field: "header" },
  );
}

function lengthsOnly(fileName: string, header: string): InputError {
  return new InputError(
    `${fileName}: this is a list of token lengths without arrival times. Found ${JSON.stringify(cutText(header))}. Wanted a column arrived_at too; use the lengths with a synthetic arrival process instead.`,
    { field: "header" },
  );
}
