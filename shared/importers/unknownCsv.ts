/** CSV files of unknown schema: uDSV parses the text; this file keeps line numbers and rejects what uDSV would mend silently. */
import { initParser } from "udsv";
import { InvariantError } from "../units/errors.ts";
import { type CsvPlan, type RowOutlet, TextRowReader } from "./csvPlan.ts";
import { CsvRecords } from "./csvRecords.ts";
import { bytesForMessage, cutText } from "./rejects.ts";
import { type DecodeUtf8, decodeOrReject } from "./utf8.ts";

const batchBytes = 1 << 18;
const lineFeed = 10;

/** Parses the body of a delimited file; `plan` says which column means what. */
export class UnknownCsvParser extends CsvRecords {
  private readonly columns: readonly string[];
  private readonly reader: TextRowReader;
  private readonly decode: DecodeUtf8;
  private readonly parseBare: (text: string) => string[][];
  private readonly parseQuoted: (text: string) => string[][];
  private batch = new Uint8Array(batchBytes);
  private batchEnd = 0;
  private batchHasQuotes = false;
  private lines: number[] = [];
  private starts: number[] = [];

  /** `delimiter` is one ASCII character; `firstLine` is the line behind the header. */
  constructor(
    plan: CsvPlan,
    outlet: RowOutlet,
    delimiter: string,
    firstLine: number,
    decode: DecodeUtf8,
  ) {
    super(delimiter.charCodeAt(0), firstLine, outlet.rejects);
    this.columns = plan.columns;
    this.reader = new TextRowReader(plan, outlet);
    this.decode = decode;
    this.parseBare = textParser(plan.columns, delimiter, "");
    this.parseQuoted = textParser(plan.columns, delimiter, '"');
  }

  protected override takePlain(_bytes: Uint8Array, start: number): number {
    return start;
  }

  protected override takeRecord(bytes: Uint8Array, start: number, line: number): void {
    const { bounds, columns } = this;
    const record = bytes.subarray(start, bounds.end);
    if (bounds.fields !== columns.length) {
      this.flush();
      this.rejects.add(line, "", bytesForMessage(record), {
        reason: "wrongColumnCount",
        wanted: `${columns.length} columns (${cutText(columns.join(","))}), not ${bounds.fields}`,
      });
      return;
    }
    this.addToBatch(record, line);
    if (this.batchEnd >= batchBytes) this.flush();
  }

  private addToBatch(record: Uint8Array, line: number): void {
    const wanted = this.batchEnd + record.length + 1;
    if (wanted > this.batch.length) {
      const grown = new Uint8Array(wanted * 2);
      grown.set(this.batch.subarray(0, this.batchEnd));
      this.batch = grown;
    }
    this.starts.push(this.batchEnd);
    this.lines.push(line);
    this.batch.set(record, this.batchEnd);
    this.batch[wanted - 1] = lineFeed;
    this.batchEnd = wanted;
    this.batchHasQuotes ||= this.bounds.hasQuotes;
  }

  protected override flush(): void {
    if (this.lines.length === 0) return;
    const text = this.decodeBatch();
    const rows = (this.batchHasQuotes ? this.parseQuoted : this.parseBare)(text);
    if (rows.length !== this.lines.length) {
      throw new InvariantError(`uDSV read ${rows.length} rows of ${this.lines.length} records`);
    }
    for (let i = 0; i < rows.length; i += 1) this.reader.addRow(rows[i], this.lines[i]);
    this.lines.length = 0;
    this.starts.length = 0;
    this.batchEnd = 0;
    this.batchHasQuotes = false;
  }

  /** The batch as text; records that are not UTF-8 are rejected and taken out of it. */
  private decodeBatch(): string {
    const bytes = this.batch.subarray(0, this.batchEnd);
    try {
      return this.decode(bytes);
    } catch {
      return this.decodeEach(bytes);
    }
  }

  private decodeEach(bytes: Uint8Array): string {
    const { lines, starts } = this;
    const keptLines: number[] = [];
    let text = "";
    for (let i = 0; i < lines.length; i += 1) {
      const end = starts[i + 1] ?? bytes.length;
      const record = bytes.subarray(starts[i], end);
      const decoded = decodeOrReject(record, this.decode, this.rejects, lines[i]);
      if (decoded === undefined) continue;
      keptLines.push(lines[i]);
      text += decoded;
    }
    this.lines = keptLines;
    return text;
  }
}

/** uDSV's parser of text to rows of strings, for text without a header whose records end in a line feed. */
export function textParser(
  columns: readonly string[],
  delimiter: string,
  enclosure: string,
): (text: string) => string[][] {
  const cols = columns.map((name) => ({
    name,
    type: "s" as const,
    repl: { empty: undefined, null: undefined, NaN: undefined },
  }));
  const schema = {
    skip: 0,
    col: delimiter,
    row: "\n",
    encl: enclosure,
    esc: enclosure,
    trim: false,
    cols,
  };
  const parser = initParser(schema);
  return (text) => parser.stringArrs<string[]>(text);
}
