/** A fast fingerprint of the columns of a run. */

/** Folds the 32-bit words of a column into two running words; order and place matter. Fast because it sees every request. */
export class ColumnFold {
  private a = 0x9e3779b9;
  private b = 0x85ebca6b;

  /** Times in whole nanoseconds; NaN counts as one fixed value, whatever its bits are. */
  addTimes(column: Float64Array): void {
    let { a, b } = this;
    for (let i = 0; i < column.length; i++) {
      const value = column[i];
      const isKnown = !Number.isNaN(value);
      const high = isKnown ? Math.floor(value / 4294967296) : -1;
      a = Math.imul(a ^ (isKnown ? value % 4294967296 : -1), 0x01000193);
      a ^= (a >>> 15) ^ high;
      b = (Math.imul(b, 0x2c1b3c6d) + a) | 0;
    }
    this.a = a;
    this.b = b ^ column.length;
  }

  /** Whole numbers, in order. */
  addNumbers(column: Int32Array | Int16Array | Uint16Array | Uint8Array): void {
    let { a, b } = this;
    for (let i = 0; i < column.length; i++) {
      a = Math.imul(a ^ column[i], 0x01000193);
      a ^= a >>> 15;
      b = (Math.imul(b, 0x2c1b3c6d) + a) | 0;
    }
    this.a = a;
    this.b = b ^ column.length;
  }

  /** Two words in hexadecimal. */
  get text(): string {
    return `${(this.a >>> 0).toString(16)}-${(this.b >>> 0).toString(16)}`;
  }
}
