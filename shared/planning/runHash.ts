/** The hash of a run: SHA-256 over its report and over every request's outcome. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { canonicalJson } from "../schema/canonicalJson.ts";
import type { RequestTable } from "../serving/requestTable.ts";
import { ColumnFold } from "./columnFold.ts";

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
