/** Importers: push the bytes of a trace, get its rows in a sink and an account of the import. */
import { InputError } from "../units/errors.ts";
import type { RowOutlet } from "./csvPlan.ts";
import { checkIsText, type FirstLine, findFirstLine } from "./detectFormat.ts";
import type { TraceFormat } from "./formats.ts";
import type { Importer, ImportOptions, ImportResult, TraceClock } from "./importResult.ts";
import { NameTable } from "./nameTable.ts";
import { type OpenedTrace, openTrace } from "./openTrace.ts";
import { AllRowsRejectedError, RejectLog } from "./rejects.ts";
import { RowGate } from "./rowGate.ts";
import { SummedRows } from "./summedRows.ts";
import { decodeUtf8 } from "./utf8.ts";
import { maxLineBytes } from "./workBuffer.ts";

/** Bytes that are gathered before the format and the meaning of columns are settled. */
const headBytes = 65_536;
const maxModels = 65_535;
const maxTenants = 2_000_000;
const maxTags = 2_000_000;

/** Begins an import; "auto" tells the format from the first bytes. */
export function createImporter(format: TraceFormat | "auto", options: ImportOptions): Importer {
  return new TraceImporter(format, options);
}

/** "UTC", "UTC+05:30". */
function offsetText(minutes: number): string {
  if (minutes === 0) return "UTC";
  const size = Math.abs(minutes);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `UTC${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

class TraceImporter implements Importer {
  private readonly format: TraceFormat | "auto";
  private readonly options: ImportOptions;
  private readonly fileName: string;
  private readonly outlet: RowOutlet;
  private head = new Uint8Array(0);
  private opened: OpenedTrace | undefined;

  constructor(format: TraceFormat | "auto", options: ImportOptions) {
    this.format = format;
    this.options = options;
    this.fileName = options.fileName ?? "the trace";
    this.outlet = {
      gate: new RowGate(options.sink, options.failedRequests === "exclude"),
      rejects: new RejectLog(options.maxRejectedRows ?? 1000, options.onReject),
      models: new NameTable("model", maxModels),
      tenants: new NameTable("tenant", maxTenants),
      tags: new NameTable("tag", maxTags),
      summed: new SummedRows(),
    };
  }

  private get offsetMinutes(): number {
    return this.options.mapping?.utcOffsetMinutes ?? 0;
  }

  get rows(): number {
    return this.outlet.gate.rows;
  }

  get rejectedRows(): number {
    return this.outlet.rejects.count;
  }

  push(chunk: Uint8Array): void {
    if (this.opened !== undefined) {
      this.opened.parser.push(chunk);
      return;
    }
    const head = new Uint8Array(this.head.length + chunk.length);
    head.set(this.head);
    head.set(chunk, this.head.length);
    this.head = head;
    if (head.length < headBytes) return;
    const hasFirstLine = head.indexOf(10) >= 0 && head.indexOf(10, headBytes - 1) >= 0;
    if (hasFirstLine || head.length > maxLineBytes) this.open();
  }

  finish(): ImportResult {
    const opened = this.opened ?? this.open();
    opened.parser.finish();
    this.refuseUseless();
    return this.result(opened);
  }

  private open(): OpenedTrace {
    const { head, options, fileName } = this;
    this.head = new Uint8Array(0);
    checkIsText(head, fileName);
    const first: FirstLine = findFirstLine(head, fileName, options.decodeUtf8 ?? decodeUtf8);
    const opened = openTrace(this.format, { ...options, fileName }, head, first, this.outlet);
    this.opened = opened;
    if (opened.isClockTime) this.outlet.gate.zonelessOffsetS = this.offsetMinutes * 60;
    opened.parser.push(head.subarray(opened.bodyStart));
    return opened;
  }

  private refuseUseless(): void {
    const { gate, rejects } = this.outlet;
    if (gate.rows > 0) return;
    if (rejects.count > 0) throw new AllRowsRejectedError(this.fileName, rejects.summary());
    const found =
      gate.excludedFailed > 0
        ? `all ${gate.excludedFailed} requests failed and failed ones are left out`
        : "there are no rows below the header";
    throw new InputError(`${this.fileName}: ${found}. Wanted at least one request.`, {
      field: "rows",
    });
  }

  private result(opened: OpenedTrace): ImportResult {
    const { gate, rejects, models, tenants, tags, summed } = this.outlet;
    const clock: TraceClock = opened.isCalendar
      ? { kind: "calendar", zone: gate.sawNoZone && opened.isClockTime ? "assumedUtc" : "utc" }
      : { kind: "relative" };
    return {
      format: opened.format,
      rows: gate.rows,
      rejected: rejects.summary(),
      failedRows: gate.failedRows,
      excludedFailed: gate.excludedFailed,
      blankLines: opened.parser.blankLines,
      columns: opened.columns,
      clock,
      models: models.names,
      tenants: tenants.names,
      tags: tags.names,
      notes: [
        ...opened.notes,
        ...summed.notes(),
        ...this.notes(opened, clock),
        ...this.options.sink.notes(),
      ],
      warnings: [...summed.warnings(), ...opened.warnings()],
    };
  }

  private notes(opened: OpenedTrace, clock: TraceClock): string[] {
    const { gate } = this.outlet;
    const notes: string[] = [];
    if (clock.kind === "calendar" && clock.zone === "assumedUtc") {
      const zone = offsetText(this.offsetMinutes);
      notes.push(`Times name no time zone; they were read as ${zone}.`);
    }
    const { blankLines } = opened.parser;
    if (blankLines > 0) {
      notes.push(
        `Skipped ${blankLines} blank ${blankLines === 1 ? "line" : "lines"} between rows.`,
      );
    }
    if (gate.failedRows > 0) {
      const treatment =
        gate.excludedFailed > 0
          ? "left out"
          : "kept, because failed requests arrive and ask for a prefill too";
      const rows = gate.failedRows === 1 ? "row" : "rows";
      notes.push(`Failed requests (no output tokens): ${gate.failedRows} ${rows}, ${treatment}.`);
    }
    return notes;
  }
}
