/** Common ground of the CSV parsers: records out of chunks, line numbers, blank lines, unreadable records. */
import { findRecord, RecordBounds } from "./csvRecord.ts";
import { bytesForMessage, type RejectLog } from "./rejects.ts";
import { BlankLines, type RowParser } from "./rowParser.ts";
import { WorkBuffer } from "./workBuffer.ts";

const lineFeed = 10;
const carriageReturn = 13;

/** Walks over the records of a CSV body; what is done with a record is for the subclass to say. */
export abstract class CsvRecords implements RowParser {
  /** Line on which the next record begins. */
  protected line: number;
  protected readonly bounds = new RecordBounds();
  protected readonly blanks = new BlankLines();
  protected readonly rejects: RejectLog;
  private readonly delimiter: number;
  private readonly work = new WorkBuffer();

  constructor(delimiter: number, firstLine: number, rejects: RejectLog) {
    this.delimiter = delimiter;
    this.line = firstLine;
    this.rejects = rejects;
  }

  get blankLines(): number {
    return this.blanks.count;
  }

  push(chunk: Uint8Array): void {
    this.work.append(chunk, this.line);
    this.parse();
  }

  finish(): void {
    const { work } = this;
    work.terminate(this.line);
    this.parse();
    this.flush();
    if (work.start === work.end) return;
    const rest = work.bytes.subarray(work.start, work.end);
    this.rejects.add(this.line, "", bytesForMessage(rest), {
      reason: "unclosedQuote",
      wanted: `a closing quote; without one, everything to the end of the file (${rest.length} bytes) is one field`,
    });
  }

  /** Takes the record in bytes[start .. bounds.end - 1] that began at `line`. */
  protected abstract takeRecord(bytes: Uint8Array, start: number, line: number): void;

  /** Takes plain records from `start` on as fast as it can; returns where it stopped. */
  protected abstract takePlain(bytes: Uint8Array, start: number, limit: number): number;

  /** Hands on what is still held back. */
  protected abstract flush(): void;

  private parse(): void {
    const { work } = this;
    const limit = work.completeEnd();
    let position = work.start;
    while (position < limit) {
      position = this.takePlain(work.bytes, position, limit);
      if (position >= limit) break;
      const next = this.takeNext(work.bytes, position, limit);
      if (next < 0) break;
      position = next;
    }
    work.start = position;
  }

  /** Takes a blank line or one record of any kind; -1 when its end is not there yet. */
  private takeNext(bytes: Uint8Array, start: number, limit: number): number {
    const { bounds } = this;
    const textStart = bytes[start] === carriageReturn ? start + 1 : start;
    if (bytes[textStart] === lineFeed) {
      this.blanks.blank();
      this.line += 1;
      return textStart + 1;
    }
    if (!findRecord(bytes, start, limit, this.delimiter, bounds)) return -1;
    const line = this.line;
    this.line += bounds.lines;
    this.blanks.row();
    if (bounds.isMalformed) this.rejectMalformed(bytes, start, line);
    else this.takeRecord(bytes, start, line);
    return bounds.next;
  }

  private rejectMalformed(bytes: Uint8Array, start: number, line: number): void {
    this.flush();
    this.rejects.add(line, "", bytesForMessage(bytes.subarray(start, this.bounds.end)), {
      reason: "malformedQuote",
      wanted: "a delimiter or a line end behind a closing quote; a quote inside a field is doubled",
    });
  }
}
