/** The byte scanner of the known CSV schemas: numbers straight from bytes, names by hash, no string per row. */
import { type CsvPlan, columnRole, type RowOutlet, TextRowReader } from "./csvPlan.ts";
import { splitFields } from "./csvRecord.ts";
import { CsvRecords } from "./csvRecords.ts";
import { FieldBytes } from "./fieldBytes.ts";
import type { NameTable } from "./nameTable.ts";
import type { RowGate } from "./rowGate.ts";
import { type DecodeUtf8, decodeOrReject } from "./utf8.ts";

const comma = 44;
const lineFeed = 10;
const carriageReturn = 13;
const quote = 34;

/** Parses the body of a comma-separated file whose columns are known. Records that are not plain go through TextRowReader. */
export class CsvScanner extends CsvRecords {
  private readonly roles: Uint8Array;
  private readonly isIso: boolean;
  private readonly zeroOutputIsFailure: boolean;
  private readonly field = new FieldBytes();
  private readonly gate: RowGate;
  private readonly models: NameTable;
  private readonly tenants: NameTable;
  private readonly tags: NameTable;
  private readonly textReader: TextRowReader;
  private readonly decode: DecodeUtf8;
  private promptTokens = 0;
  private outputTokens = 0;
  private cachedTokens = -1;
  private modelIndex = -1;
  private tenantIndex = -1;
  private tagIndex = -1;

  /** `plan.time` must be "iso" or "s"; `firstLine` is the line behind the header. */
  constructor(plan: CsvPlan, outlet: RowOutlet, firstLine: number, decode: DecodeUtf8) {
    super(comma, firstLine, outlet.rejects);
    this.roles = Uint8Array.from(plan.roles);
    this.isIso = plan.time === "iso";
    this.zeroOutputIsFailure = plan.zeroOutputIsFailure;
    this.gate = outlet.gate;
    this.models = outlet.models;
    this.tenants = outlet.tenants;
    this.tags = outlet.tags;
    this.textReader = new TextRowReader(plan, outlet);
    this.decode = decode;
  }

  protected override takePlain(bytes: Uint8Array, start: number, limit: number): number {
    let position = start;
    while (position < limit) {
      const next = this.readPlain(bytes, position);
      if (next < 0) return position;
      this.handOn();
      position = next;
    }
    return position;
  }

  protected override takeRecord(bytes: Uint8Array, start: number, line: number): void {
    const record = bytes.subarray(start, this.bounds.end);
    const text = decodeOrReject(record, this.decode, this.rejects, line);
    if (text !== undefined) this.textReader.addRow(splitFields(text, ","), line);
  }

  protected override flush(): void {}

  private handOn(): void {
    const { field, outputTokens } = this;
    this.line += 1;
    this.blanks.row();
    this.gate.addRow(
      field.timeS,
      field.timeNs,
      field.hasZone,
      this.promptTokens,
      outputTokens,
      this.cachedTokens,
      this.zeroOutputIsFailure && outputTokens === 0 ? 1 : 0,
      this.modelIndex,
      this.tenantIndex,
      this.tagIndex,
    );
  }

  /** Reads one plain record; returns where the next begins, or -1 when this one is not plain. */
  private readPlain(bytes: Uint8Array, start: number): number {
    const { roles } = this;
    const last = roles.length - 1;
    let position = start;
    for (let column = 0; column < last; column += 1) {
      position = this.readField(bytes, position, roles[column]);
      if (position < 0 || bytes[position] !== comma) return -1;
      position += 1;
    }
    position = this.readField(bytes, position, roles[last]);
    if (position < 0) return -1;
    if (bytes[position] === carriageReturn) position += 1;
    return bytes[position] === lineFeed ? position + 1 : -1;
  }

  /** Reads one field; returns where it ends, or -1 when it is not plain. */
  private readField(bytes: Uint8Array, start: number, role: number): number {
    const { field } = this;
    switch (role) {
      case columnRole.promptTokens:
        if (!field.readTokens(bytes, start)) return -1;
        this.promptTokens = field.value;
        return field.position;
      case columnRole.outputTokens:
        if (!field.readTokens(bytes, start)) return -1;
        this.outputTokens = field.value;
        return field.position;
      case columnRole.time: {
        const isRead = this.isIso ? field.readIso(bytes, start) : field.readSeconds(bytes, start);
        return isRead ? field.position : -1;
      }
      default:
        return this.readRareField(bytes, start, role);
    }
  }

  private readRareField(bytes: Uint8Array, start: number, role: number): number {
    const end = plainTextEnd(bytes, start);
    if (end < 0) return -1;
    switch (role) {
      case columnRole.model:
        this.modelIndex = this.models.indexOfBytes(bytes, start, end);
        return end;
      case columnRole.tenant:
        this.tenantIndex = this.tenants.indexOfBytes(bytes, start, end);
        return end;
      case columnRole.tag:
        this.tagIndex = this.tags.indexOfBytes(bytes, start, end);
        return end;
      case columnRole.cachedTokens:
        return this.readCached(bytes, start, end);
      default:
        return end;
    }
  }

  private readCached(bytes: Uint8Array, start: number, end: number): number {
    this.cachedTokens = -1;
    if (end === start) return end;
    if (!this.field.readTokens(bytes, start)) return -1;
    this.cachedTokens = this.field.value;
    return this.cachedTokens <= this.promptTokens ? this.field.position : -1;
  }
}

/** Where a field without quotes and bytes outside ASCII ends, or -1. */
function plainTextEnd(bytes: Uint8Array, start: number): number {
  let position = start;
  for (;;) {
    const byte = bytes[position];
    if (byte === comma || byte === lineFeed || byte === carriageReturn) return position;
    if (byte === quote || byte >= 128) return -1;
    position += 1;
  }
}
