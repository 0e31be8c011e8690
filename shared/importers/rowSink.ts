/** Where an importer puts the rows it has read. Calls carry plain numbers only, so that they stay fast. */
export interface RowSink {
  /**
   * One request in file order. Its arrival is `timeS` whole seconds plus `timeNs` (0 .. 999,999,999)
   * nanoseconds, after the Unix epoch or after the trace's own zero. `cachedTokens`, `modelIndex`, `tenantIndex`
   * and `tagIndex` are -1 where the row does not say; `failed` is 0 or 1.
   */
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
  ): void;
  /**
   * The prefix-cache ids of the row added last: ids[0 .. length - 1], dense in order of first appearance,
   * each covering `blockTokens` prompt tokens. Called for every row of a format that carries ids.
   */
  addPrefix(ids: Int32Array, length: number, blockTokens: number): void;
  /** What there is to say about the rows, one sentence each; asked once, after the last row. */
  notes(): string[];
}

/** A sink that hands every row to several others. */
export class TeeSink implements RowSink {
  private readonly sinks: readonly RowSink[];

  constructor(sinks: readonly RowSink[]) {
    this.sinks = sinks;
  }

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
    for (const sink of this.sinks) {
      sink.addRow(
        timeS,
        timeNs,
        promptTokens,
        outputTokens,
        cachedTokens,
        failed,
        modelIndex,
        tenantIndex,
        tagIndex,
      );
    }
  }

  addPrefix(ids: Int32Array, length: number, blockTokens: number): void {
    for (const sink of this.sinks) sink.addPrefix(ids, length, blockTokens);
  }

  notes(): string[] {
    return [...new Set(this.sinks.flatMap((sink) => sink.notes()))];
  }
}
