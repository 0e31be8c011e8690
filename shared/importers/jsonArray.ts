/** One JSON array of objects, as exports of gateways often are: elements out of chunks, whatever lines they stand on. */
import { InputError } from "../units/errors.ts";
import { isProblem, type JsonRecord, parseJsonLine } from "./jsonLine.ts";
import type { JsonRowReader } from "./jsonLines.ts";
import type { RejectLog } from "./rejects.ts";
import type { RowParser } from "./rowParser.ts";
import { type DecodeUtf8, decodeOrReject } from "./utf8.ts";
import { maxLineBytes } from "./workBuffer.ts";

const quote = 34;
const comma = 44;
const backslash = 92;
const open = { brace: 123, bracket: 91 } as const;
const close = { brace: 125, bracket: 93 } as const;
const lineFeed = 10;

function isSpace(byte: number): boolean {
  return byte === 32 || byte === lineFeed || byte === 13 || byte === 9;
}

/** Takes the bytes of one element; they are not kept. `line` is where it begins. */
type TakeElement = (bytes: Uint8Array, line: number) => void;

/** Cuts the array into its elements, by brackets and quotes alone. */
export class ArrayElements {
  /** Behind the last element that is whole, counted from the first byte pushed. */
  lastEnd = 0;
  /** Whether the array's end was seen. */
  isClosed = false;
  private readonly take: TakeElement;
  private line: number;
  private elementLine: number;
  private offset = 0;
  /** 0 outside the array, 1 between elements and in plain ones, more inside objects and lists. */
  private depth = 0;
  private isInString = false;
  private isEscaped = false;
  private element = new Uint8Array(1024);
  private length = 0;

  constructor(firstLine: number, take: TakeElement) {
    this.line = firstLine;
    this.elementLine = firstLine;
    this.take = take;
  }

  /** The beginning of an element that has not ended yet, or of what stands behind the array. */
  get rest(): Uint8Array {
    return this.element.subarray(0, this.length);
  }

  /** Where that begins. */
  get restLine(): number {
    return this.elementLine;
  }

  push(chunk: Uint8Array): void {
    for (const byte of chunk) {
      this.offset += 1;
      this.readByte(byte);
      if (byte === lineFeed) this.line += 1;
    }
  }

  private readByte(byte: number): void {
    if (this.isInString) {
      this.readInString(byte);
      return;
    }
    if (this.depth === 1 && (byte === comma || byte === close.bracket)) {
      this.endElement(byte);
      return;
    }
    if (this.depth === 0 && !this.isClosed && byte === open.bracket) {
      this.depth = 1;
      return;
    }
    this.readPlain(byte);
  }

  private readInString(byte: number): void {
    this.keep(byte);
    if (this.isEscaped) this.isEscaped = false;
    else if (byte === backslash) this.isEscaped = true;
    else if (byte === quote) this.isInString = false;
  }

  private readPlain(byte: number): void {
    if (this.length === 0 && isSpace(byte)) return;
    if (byte === quote) this.isInString = true;
    else if (byte === open.brace || byte === open.bracket) this.depth += 1;
    else if (byte === close.brace || byte === close.bracket) {
      this.depth = Math.max(1, this.depth - 1);
    }
    this.keep(byte);
  }

  private keep(byte: number): void {
    if (this.length === 0) this.elementLine = this.line;
    if (this.length === this.element.length) this.grow();
    this.element[this.length] = byte;
    this.length += 1;
  }

  private grow(): void {
    if (this.length >= maxLineBytes) {
      throw new InputError(
        `The element of the JSON array that begins on line ${this.elementLine} is longer than ${maxLineBytes} bytes. Wanted one request in each; a quote without its end also looks like this.`,
        { field: `line ${this.elementLine}` },
      );
    }
    const grown = new Uint8Array(this.element.length * 2);
    grown.set(this.element);
    this.element = grown;
  }

  private endElement(byte: number): void {
    if (this.length > 0) {
      this.take(this.rest, this.elementLine);
      this.length = 0;
      this.lastEnd = this.offset - 1;
    }
    if (byte !== close.bracket) return;
    this.isClosed = true;
    this.depth = 0;
  }
}

const wantedEnd = {
  reason: "malformedJson",
  wanted: "a JSON array of complete objects, and nothing behind its end",
} as const;

/** Parses a JSON array and hands each object to a reader. */
export class JsonArrayParser implements RowParser {
  readonly blankLines = 0;
  private readonly elements: ArrayElements;
  private readonly rejects: RejectLog;

  constructor(reader: JsonRowReader, rejects: RejectLog, firstLine: number, decode: DecodeUtf8) {
    this.rejects = rejects;
    this.elements = new ArrayElements(firstLine, (bytes, line) => {
      const text = decodeOrReject(bytes, decode, rejects, line);
      if (text === undefined) return;
      const record = parseJsonLine(text);
      if (isProblem(record)) rejects.add(line, "", text, record);
      else reader.addRow(record, line);
    });
  }

  push(chunk: Uint8Array): void {
    this.elements.push(chunk);
  }

  finish(): void {
    const { rest, restLine } = this.elements;
    if (rest.length === 0) return;
    const shown = Array.from(rest.subarray(0, 81), (byte) =>
      byte < 128 ? String.fromCharCode(byte) : "?",
    );
    this.rejects.add(restLine, "", shown.join("").trimEnd(), wantedEnd);
  }

  /** What was wrong with the array as a whole. */
  warnings(): string[] {
    if (this.elements.isClosed) return [];
    return ["The JSON array has no end: the file may have been cut, and rows may be missing."];
  }
}

/** The objects of the elements that are whole in the first bytes of an array, at most so many; others are left out. */
export function firstObjects(bytes: Uint8Array, decode: DecodeUtf8, most: number): JsonRecord[] {
  const records: JsonRecord[] = [];
  const elements = new ArrayElements(1, (element) => {
    if (records.length >= most) return;
    try {
      const record = parseJsonLine(decode(element));
      if (!isProblem(record)) records.push(record);
    } catch {
      // What is not UTF-8 is no sample; the parser rejects and counts it.
    }
  });
  elements.push(bytes);
  return records;
}

/** The first bytes of an array cut behind their last whole element and closed, for a look at a part of the file. */
export function closedArray(bytes: Uint8Array): Uint8Array {
  const elements = new ArrayElements(1, () => {});
  elements.push(bytes);
  if (elements.isClosed) return bytes;
  const closed = new Uint8Array(elements.lastEnd + 1);
  closed.set(bytes.subarray(0, elements.lastEnd));
  closed[elements.lastEnd] = close.bracket;
  return closed;
}
