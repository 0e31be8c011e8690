import type { PrefixChains, TraceColumns, TraceOrigin } from "../schema/traceColumns.ts";
import { InputError } from "../units/errors.ts";
import { maxHorizonNs } from "../units/units.ts";
import { ArrivalOrder } from "./arrivalOrder.ts";
import type { ImportResult } from "./importResult.ts";
import type { RowSink } from "./rowSink.ts";

const chunkRows = 65_536;

/** Most rows that are kept in memory. */
const maxRows = 50_000_000;

/** Rows as typed arrays of fixed length; a trace is a list of these until its length is known. */
class RowChunk {
  readonly arrivalNs: Float64Array;
  readonly promptTokens: Int32Array;
  readonly outputTokens: Int32Array;
  readonly cachedTokens: Int32Array;
  readonly tenantIndex: Int32Array;
  readonly tagIndex: Int32Array;
  readonly modelIndex: Int32Array;
  readonly failed: Uint8Array;

  constructor(rows: number) {
    this.arrivalNs = new Float64Array(rows);
    this.promptTokens = new Int32Array(rows);
    this.outputTokens = new Int32Array(rows);
    this.cachedTokens = new Int32Array(rows);
    this.tenantIndex = new Int32Array(rows);
    this.tagIndex = new Int32Array(rows);
    this.modelIndex = new Int32Array(rows);
    this.failed = new Uint8Array(rows);
  }
}
type ColumnName = keyof RowChunk;

/** Gathers a trace as columns sorted by arrival; about 34 bytes a row. */
export class TraceColumnsSink implements RowSink {
  private readonly chunks: RowChunk[] = [];
  private chunk = new RowChunk(0);
  private inChunk = chunkRows;
  private count = 0;
  private baseS = 0;
  private readonly order = new ArrivalOrder();
  private hasFailed = false;
  private hasCached = false;
  private hasModels = false;
  private hasTenants = false;
  private hasTags = false;
  private prefixEnds = new Int32Array(0);
  private prefixIds = new Int32Array(0);
  private prefixLength = 0;
  private idCount = 0;
  private blockTokens = 0;

  addRow(
    timeS: number,
    timeNs: number,
    promptTokens: number,
    outputTokens: number,
    cachedTokens: number,
    failed: number,
    modelIndex: number,
    tenantIndex: number,
    tagIndex: number,
  ): void {
    if (this.inChunk === chunkRows) this.addChunk(timeS);
    const { chunk, inChunk } = this;
    const arrivalNs = (timeS - this.baseS) * 1e9 + timeNs;
    this.order.add(arrivalNs);
    chunk.arrivalNs[inChunk] = arrivalNs;
    chunk.promptTokens[inChunk] = promptTokens;
    chunk.outputTokens[inChunk] = outputTokens;
    chunk.cachedTokens[inChunk] = cachedTokens;
    chunk.failed[inChunk] = failed;
    chunk.modelIndex[inChunk] = modelIndex;
    chunk.tenantIndex[inChunk] = tenantIndex;
    chunk.tagIndex[inChunk] = tagIndex;
    if (failed !== 0) this.hasFailed = true;
    if (cachedTokens >= 0) this.hasCached = true;
    if (modelIndex >= 0) this.hasModels = true;
    if (tenantIndex >= 0) this.hasTenants = true;
    if (tagIndex >= 0) this.hasTags = true;
    this.inChunk = inChunk + 1;
    this.count += 1;
  }

  addPrefix(ids: Int32Array, length: number, blockTokens: number): void {
    const end = this.prefixLength + length;
    if (end > this.prefixIds.length) this.prefixIds = grown(this.prefixIds, end);
    if (this.count > this.prefixEnds.length) this.prefixEnds = grown(this.prefixEnds, this.count);
    for (let i = 0; i < length; i += 1) {
      this.prefixIds[this.prefixLength + i] = ids[i];
      if (ids[i] >= this.idCount) this.idCount = ids[i] + 1;
    }
    this.prefixLength = end;
    this.prefixEnds[this.count - 1] = end;
    this.blockTokens = blockTokens;
  }

  notes(): string[] {
    const { order } = this;
    const sorted = order.isSorted
      ? []
      : [
          `Arrivals were not in order: ${order.outOfOrder} rows arrived before the row above them. Rows were sorted by arrival; equal ones keep their order.`,
        ];
    return [...sorted, ...order.tickNotes()];
  }

  /** The columns of all rows added, under the names and the clock of the import's result; the sink is empty afterwards. Throws InputError when the trace is longer than 2^53 ns. */
  toColumns(result: Pick<ImportResult, "clock" | "models" | "tenants" | "tags">): TraceColumns {
    const order = this.order.isSorted ? undefined : this.sortedOrder();
    const arrivalNs = this.gather("arrivalNs", new Float64Array(this.count), order);
    const firstNs = arrivalNs[0];
    for (let i = 0; i < this.count; i += 1) arrivalNs[i] -= firstNs;
    checkSpan(arrivalNs[this.count - 1]);
    const integers = (name: ColumnName) => this.gather(name, new Int32Array(this.count), order);
    const cachedTokens = this.hasCached ? integers("cachedTokens") : undefined;
    cachedTokens?.forEach((cached, i) => {
      if (cached < 0) cachedTokens[i] = 0;
    });
    const columns: TraceColumns = {
      count: this.count,
      arrivalNs,
      promptTokens: integers("promptTokens"),
      outputTokens: integers("outputTokens"),
      cachedTokens,
      failed: this.hasFailed ? this.gather("failed", new Uint8Array(this.count), order) : undefined,
      modelIndex: this.hasModels
        ? this.gather("modelIndex", new Uint16Array(this.count), order)
        : undefined,
      models: result.models,
      tenantIndex: this.hasTenants ? integers("tenantIndex") : undefined,
      tenants: result.tenants,
      ...(this.hasTags && { tagIndex: integers("tagIndex"), tags: result.tags }),
      prefix: this.idCount > 0 ? this.prefixChains(order) : undefined,
      origin: this.origin(result.clock, firstNs),
    };
    this.chunks.length = 0;
    return columns;
  }

  private addChunk(timeS: number): void {
    if (this.chunks.length === 0) this.baseS = timeS;
    if (this.count >= maxRows) {
      throw new InputError(
        `The trace has more than ${maxRows} rows. Wanted at most that many to keep in memory; cut the file, or ask for its summary only.`,
        { field: "rows" },
      );
    }
    this.chunk = new RowChunk(chunkRows);
    this.chunks.push(this.chunk);
    this.inChunk = 0;
  }

  /** File positions by arrival, equal arrivals in file order. */
  private sortedOrder(): Uint32Array {
    const arrivalNs = this.gather("arrivalNs", new Float64Array(this.count), undefined);
    const order = new Uint32Array(this.count).map((_, i) => i);
    return order.sort((a, b) => arrivalNs[a] - arrivalNs[b] || a - b);
  }

  /** One column of all rows in `out`, in file order or in the order given. */
  private gather<T extends Float64Array | Int32Array | Uint16Array | Uint8Array>(
    name: ColumnName,
    out: T,
    order: Uint32Array | undefined,
  ): T {
    if (order !== undefined) return this.gatherInOrder(name, out, order);
    this.chunks.forEach((chunk, index) => {
      const start = index * chunkRows;
      out.set(chunk[name].subarray(0, this.count - start), start);
    });
    return out;
  }

  private gatherInOrder<T extends Float64Array | Int32Array | Uint16Array | Uint8Array>(
    name: ColumnName,
    out: T,
    order: Uint32Array,
  ): T {
    const parts = this.chunks.map((chunk) => chunk[name]);
    for (let i = 0; i < order.length; i += 1) {
      out[i] = parts[Math.floor(order[i] / chunkRows)][order[i] % chunkRows];
    }
    return out;
  }

  private prefixChains(order: Uint32Array | undefined): PrefixChains {
    const offsets = new Int32Array(this.count + 1);
    const ids = new Int32Array(this.prefixLength);
    for (let i = 0; i < this.count; i += 1) {
      const row = order === undefined ? i : order[i];
      const start = row === 0 ? 0 : this.prefixEnds[row - 1];
      const end = this.prefixEnds[row];
      ids.set(this.prefixIds.subarray(start, end), offsets[i]);
      offsets[i + 1] = offsets[i] + (end - start);
    }
    return { offsets, ids, idTokens: new Int32Array(this.idCount).fill(this.blockTokens) };
  }

  private origin(clock: ImportResult["clock"], firstNs: number): TraceOrigin {
    if (clock.kind === "relative") return { kind: "relative" };
    return { kind: "calendar", epochMs: this.baseS * 1000 + firstNs / 1e6, zone: clock.zone };
  }
}

function grown(array: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(1024, length * 2));
  larger.set(array);
  return larger;
}

function checkSpan(spanNs: number): void {
  if (spanNs <= maxHorizonNs) return;
  const days = (ns: number) => (ns / 1e9 / 86_400).toFixed(1);
  throw new InputError(
    `The trace spans ${days(spanNs)} days. Wanted at most ${days(maxHorizonNs)} days, the longest time that whole nanoseconds count exactly; cut the file.`,
    { field: "arrival" },
  );
}
