import type { RowSink } from "./rowSink.ts";

/** The last step before the sink: counts rows, keeps or leaves out failed ones, and notes whether times named a zone. */
export class RowGate {
  /** Rows handed on. */
  rows = 0;
  /** Rows that the source marks as failed, handed on or not. */
  failedRows = 0;
  excludedFailed = 0;
  /** Rows handed on with cached tokens stated. */
  hasCached = false;
  sawNoZone = false;
  /** Seconds east of UTC of clock times that name no zone. */
  zonelessOffsetS = 0;
  private readonly sink: RowSink;
  private readonly excludesFailed: boolean;

  constructor(sink: RowSink, excludesFailed: boolean) {
    this.sink = sink;
    this.excludesFailed = excludesFailed;
  }

  /** As RowSink.addRow. Returns whether the row was handed on. */
  addRow(
    timeS: number,
    timeNs: number,
    hasZone: boolean,
    promptTokens: number,
    outputTokens: number,
    cachedTokens: number,
    failed: number,
    modelIndex: number,
    tenantIndex: number,
    tagIndex: number,
  ): boolean {
    if (failed !== 0) {
      this.failedRows += 1;
      if (this.excludesFailed) {
        this.excludedFailed += 1;
        return false;
      }
    }
    if (!hasZone) this.sawNoZone = true;
    const utcS = hasZone ? timeS : timeS - this.zonelessOffsetS;
    if (cachedTokens >= 0) this.hasCached = true;
    this.rows += 1;
    this.sink.addRow(
      utcS,
      timeNs,
      promptTokens,
      outputTokens,
      cachedTokens,
      failed,
      modelIndex,
      tenantIndex,
      tagIndex,
    );
    return true;
  }

  /** As RowSink.addPrefix, for the row handed on last. */
  addPrefix(ids: Int32Array, length: number, blockTokens: number): void {
    this.sink.addPrefix(ids, length, blockTokens);
  }
}
