/** JSON lines: lines out of chunks, objects out of lines. */
import { isProblem, type JsonRecord, parseJsonLine } from "./jsonLine.ts";
import type { RejectLog } from "./rejects.ts";
import { BlankLines, type RowParser } from "./rowParser.ts";
import { type DecodeUtf8, decodeOrReject } from "./utf8.ts";
import { WorkBuffer } from "./workBuffer.ts";

/** Takes or rejects the row of one JSON object. */
export interface JsonRowReader {
  addRow(record: JsonRecord, line: number): void;
}

/** Parses JSON lines and hands each object to a reader. */
export class JsonLinesParser implements RowParser {
  private readonly reader: JsonRowReader;
  private readonly rejects: RejectLog;
  private readonly decode: DecodeUtf8;
  private readonly work = new WorkBuffer();
  private readonly blanks = new BlankLines();
  private line: number;

  /** `firstLine` is the number of the first line that will be pushed. */
  constructor(reader: JsonRowReader, rejects: RejectLog, firstLine: number, decode: DecodeUtf8) {
    this.reader = reader;
    this.rejects = rejects;
    this.line = firstLine;
    this.decode = decode;
  }

  get blankLines(): number {
    return this.blanks.count;
  }

  push(chunk: Uint8Array): void {
    this.work.append(chunk, this.line);
    this.parse();
  }

  finish(): void {
    this.work.terminate(this.line);
    this.parse();
  }

  private parse(): void {
    const { work } = this;
    const limit = work.completeEnd();
    let position = work.start;
    while (position < limit) {
      const end = work.bytes.indexOf(10, position);
      this.takeLine(work.bytes.subarray(position, end));
      this.line += 1;
      position = end + 1;
    }
    work.start = position;
  }

  private takeLine(bytes: Uint8Array): void {
    const text = decodeOrReject(bytes, this.decode, this.rejects, this.line);
    if (text === undefined) return;
    if (text.trim() === "") {
      this.blanks.blank();
      return;
    }
    this.blanks.row();
    const record = parseJsonLine(text);
    if (isProblem(record)) this.rejects.add(this.line, "", text, record);
    else this.reader.addRow(record, this.line);
  }
}
