/** Mooncake and Qwen-Bailian: JSON lines with ids of prompt blocks for prefix caching. */
import type { RowOutlet } from "./csvPlan.ts";
import { Instant } from "./fieldText.ts";
import { jsonTime, jsonTokens, showValue } from "./jsonFields.ts";
import type { JsonRecord } from "./jsonLine.ts";
import type { JsonRowReader } from "./jsonLines.ts";
import type { FieldProblem } from "./rejects.ts";

/** What tells one of these formats from the other. */
export interface PrefixTraceKind {
  /** Unit of `timestamp`, which counts from the start of the trace. */
  readonly time: "s" | "ms";
  /** Prompt tokens that one id covers. */
  readonly blockTokens: number;
  /** Key whose value is the row's tag, where the format has one. */
  readonly tagKey?: string;
}

export const mooncake: PrefixTraceKind = { time: "ms", blockTokens: 512 };
export const bailian: PrefixTraceKind = { time: "s", blockTokens: 16, tagKey: "type" };

/** Reads rows of {timestamp, input_length, output_length, hash_ids}; ids are renumbered densely in order of first appearance. */
export class PrefixTraceReader implements JsonRowReader {
  private readonly kind: PrefixTraceKind;
  private readonly outlet: RowOutlet;
  private readonly instant = new Instant();
  private readonly dense = new Map<number | string, number>();
  private ids = new Int32Array(256);
  private mismatches = 0;
  private firstMismatch = "";

  constructor(kind: PrefixTraceKind, outlet: RowOutlet) {
    this.kind = kind;
    this.outlet = outlet;
  }

  addRow(record: JsonRecord, line: number): void {
    const timeProblem = jsonTime(record.timestamp, this.kind.time, this.instant);
    if (timeProblem !== undefined) {
      this.reject(record, "timestamp", line, timeProblem);
      return;
    }
    const prompt = jsonTokens(record.input_length);
    if (typeof prompt !== "number") {
      this.reject(record, "input_length", line, prompt);
      return;
    }
    const output = jsonTokens(record.output_length);
    if (typeof output !== "number") {
      this.reject(record, "output_length", line, output);
      return;
    }
    const hashIds: unknown = record.hash_ids ?? [];
    if (!isIdList(hashIds)) {
      this.reject(record, "hash_ids", line, wantedIds);
      return;
    }
    const { timeS, timeNs } = this.instant;
    const { gate } = this.outlet;
    const tag = this.tagOf(record);
    if (!gate.addRow(timeS, timeNs, false, prompt, output, -1, 0, -1, -1, tag)) return;
    this.addPrefix(hashIds, prompt, line);
  }

  /** What was wrong with rows that were kept. */
  warnings(): string[] {
    if (this.mismatches === 0) return [];
    return [
      `${this.mismatches} rows have another number of hash_ids than input_length / ${this.kind.blockTokens} rounded up (${this.firstMismatch}); ids beyond the prompt were cut, missing ones left out.`,
    ];
  }

  private tagOf(record: JsonRecord): number {
    const { tagKey } = this.kind;
    if (tagKey === undefined) return -1;
    const value = record[tagKey];
    return this.outlet.tags.indexOf(value === undefined || value === null ? "" : showValue(value));
  }

  private addPrefix(hashIds: readonly (number | string)[], prompt: number, line: number): void {
    const { blockTokens } = this.kind;
    const blocks = Math.ceil(prompt / blockTokens);
    if (hashIds.length !== blocks) this.noteMismatch(hashIds.length, blocks, line);
    const length = Math.min(hashIds.length, blocks);
    if (length > this.ids.length) this.ids = new Int32Array(length * 2);
    for (let i = 0; i < length; i += 1) this.ids[i] = this.denseId(hashIds[i]);
    this.outlet.gate.addPrefix(this.ids, length, blockTokens);
  }

  private denseId(id: number | string): number {
    const known = this.dense.get(id);
    if (known !== undefined) return known;
    const dense = this.dense.size;
    this.dense.set(id, dense);
    return dense;
  }

  private noteMismatch(found: number, wanted: number, line: number): void {
    this.mismatches += 1;
    if (this.mismatches > 1) return;
    this.firstMismatch = `first on line ${line}: found ${found}, wanted ${wanted}`;
  }

  private reject(record: JsonRecord, key: string, line: number, problem: FieldProblem): void {
    this.outlet.rejects.add(line, key, showValue(record[key]), problem);
  }
}

const wantedIds: FieldProblem = {
  reason: "notANumber",
  wanted: "a list of block ids, each a number or a string",
};

function isIdList(value: unknown): value is readonly (number | string)[] {
  return (
    Array.isArray(value) &&
    value.every((id) => typeof id === "string" || (typeof id === "number" && Number.isFinite(id)))
  );
}
