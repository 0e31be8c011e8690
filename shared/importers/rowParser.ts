/** A parser of rows: bytes in as they come, rows and rejects out to where it was told. */
export interface RowParser {
  /** Lines with nothing on them that stood between rows. */
  readonly blankLines: number;
  /** The next bytes of the file; they may be cut anywhere and are not kept. */
  push(chunk: Uint8Array): void;
  /** The file has ended: the last line counts even without a line end. */
  finish(): void;
}

/** Counts blank lines, of which those at the end of a file are none of its rows. */
export class BlankLines {
  count = 0;
  private pending = 0;

  blank(): void {
    this.pending += 1;
  }

  row(): void {
    this.count += this.pending;
    this.pending = 0;
  }
}
