/** JSON lines of unknown schema, read by a mapping from meanings to keys. */
import type { RowOutlet, TimeFormat } from "./csvPlan.ts";
import { checkTokens, Instant } from "./fieldText.ts";
import type { ColumnChoice } from "./guessColumns.ts";
import { jsonTime, jsonTokens, showValue } from "./jsonFields.ts";
import { type JsonRecord, valueAt } from "./jsonLine.ts";
import type { JsonRowReader } from "./jsonLines.ts";
import type { NameTable } from "./nameTable.ts";
import type { FieldProblem } from "./rejects.ts";
import { addSummedRow, type SummedFields, type SummedMeaning } from "./summedRows.ts";

/** Reads rows by key; a key may be a path with dots ("usage.prompt_tokens"). */
export class MappedJsonReader implements JsonRowReader {
  private readonly keys: ColumnChoice["columns"];
  private readonly time: TimeFormat;
  private readonly isCachedBeside: boolean;
  private readonly outlet: RowOutlet;
  private readonly instant = new Instant();

  /** `isCachedBeside`: cached tokens come on top of the prompt tokens that their key counts. */
  constructor(
    keys: ColumnChoice["columns"],
    time: TimeFormat,
    outlet: RowOutlet,
    isCachedBeside: boolean,
  ) {
    this.keys = keys;
    this.time = time;
    this.outlet = outlet;
    this.isCachedBeside = isCachedBeside;
  }

  addRow(record: JsonRecord, line: number): void {
    const { keys, instant, outlet } = this;
    const arrival = valueAt(record, keys.arrival);
    const timeProblem = jsonTime(arrival, this.time, instant);
    if (timeProblem !== undefined) {
      this.reject(line, keys.arrival, arrival, timeProblem);
      return;
    }
    if (keys.requests !== undefined) {
      this.addSummed(record, line);
      return;
    }
    const counted = this.readTokens(record, keys.promptTokens, line);
    if (counted < 0) return;
    const output = this.readTokens(record, keys.outputTokens, line);
    if (output < 0) return;
    const cached = this.readCached(record, counted, line);
    if (cached < -1) return;
    const prompt = this.isCachedBeside ? counted + Math.max(0, cached) : counted;
    const model = readName(record, keys.model, outlet.models);
    const tenant = readName(record, keys.tenant, outlet.tenants);
    const tag = readName(record, keys.tag, outlet.tags);
    const { timeS, timeNs, hasZone } = instant;
    outlet.gate.addRow(timeS, timeNs, hasZone, prompt, output, cached, 0, model, tenant, tag);
  }

  private addSummed(record: JsonRecord, line: number): void {
    const { keys, outlet, time, isCachedBeside } = this;
    const found = (meaning: SummedMeaning): unknown => {
      const key = keys[meaning];
      return key === undefined ? undefined : valueAt(record, key);
    };
    const row: SummedFields = {
      text: (meaning) => {
        const value = found(meaning);
        return value === undefined || value === null ? "" : showValue(value);
      },
      reject: (meaning, problem) =>
        this.reject(line, keys[meaning] ?? meaning, found(meaning), problem),
    };
    addSummedRow(row, { time, isCachedBeside }, this.instant, outlet, [
      readName(record, keys.model, outlet.models),
      readName(record, keys.tenant, outlet.tenants),
      readName(record, keys.tag, outlet.tags),
    ]);
  }

  /** The tokens, or -2 when the row was rejected. */
  private readTokens(record: JsonRecord, key: string, line: number): number {
    const value = valueAt(record, key);
    const tokens = jsonTokens(value);
    if (typeof tokens === "number") return tokens;
    this.reject(line, key, value, tokens);
    return -2;
  }

  /** The cached tokens, -1 where the row names none, -2 when the row was rejected. */
  private readCached(record: JsonRecord, prompt: number, line: number): number {
    const key = this.keys.cachedTokens;
    if (key === undefined) return -1;
    const value = valueAt(record, key);
    if (value === undefined || value === null) return -1;
    const cached = this.readTokens(record, key, line);
    if (this.isCachedBeside) {
      const sum = checkTokens(prompt + Math.max(0, cached));
      if (typeof sum === "number") return cached;
      this.reject(line, key, value, sum);
      return -2;
    }
    if (cached <= prompt) return cached;
    this.reject(line, key, value, {
      reason: "cachedAbovePrompt",
      wanted: `at most the row's ${prompt} prompt tokens, of which cached ones are a part`,
    });
    return -2;
  }

  private reject(line: number, key: string, value: unknown, problem: FieldProblem): void {
    this.outlet.rejects.add(line, key, showValue(value), problem);
  }
}

function readName(record: JsonRecord, key: string | undefined, names: NameTable): number {
  if (key === undefined) return -1;
  const value = valueAt(record, key);
  return names.indexOf(value === undefined || value === null ? "" : showValue(value));
}
