/** The hash of a run: SHA-256 over its report and over every request's outcome. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { canonicalJson } from "../schema/canonicalJson.ts";
import type { RequestTable } from "../serving/requestTable.ts";

/** Folds the 32-bit words of a column into two running words; order and place matter. Fast because it sees every request. */
class ColumnFold {
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

  addNumbers(column: Int32Array | Int16Array | Uint8Array): void {
    let { a, b } = this;
    for (let i = 0; i < column.length; i++) {
      a = Math.imul(a ^ column[i], 0x01000193);
      a ^= a >>> 15;
      b = (Math.imul(b, 0x2c1b3c6d) + a) | 0;
    }
    this.a = a;
    this.b = b ^ column.length;
  }

  get text(): string {
    return `${(this.a >>> 0).toString(16)}-${(this.b >>> 0).toString(16)}`;
  }
}

/** Fingerprint of all requests' outcomes. */
export function foldOutcomes(table: RequestTable): string {
  const fold = new ColumnFold();
  fold.addTimes(table.firstTokenNs);
  fold.addTimes(table.finishNs);
  fold.addTimes(table.admittedNs);
  fold.addNumbers(table.generated);
  fold.addNumbers(table.cachedTokens);
  fold.addNumbers(table.destination);
  fold.addNumbers(table.state);
  fold.addNumbers(table.spilled);
  return fold.text;
}

/** 64 hex digits for a report without its hash and wall time. */
export function hashReport(report: unknown, outcomes: string): string {
  return bytesToHex(sha256(utf8ToBytes(`${outcomes}\n${canonicalJson(report)}`)));
}
