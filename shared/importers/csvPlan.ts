/** Which column of a CSV file means what. */

import { checkTokens, Instant, parseIsoTime, parseNumericTime, parseTokens } from "./fieldText.ts";
import type { NameTable } from "./nameTable.ts";
import { cutText, type FieldProblem, type RejectLog } from "./rejects.ts";
import type { RowGate } from "./rowGate.ts";
import { addSummedRow, type SummedFields, type SummedRows } from "./summedRows.ts";

/** What a column is to the importer; numbers, for the scanner's switch. */
export const columnRole = {
  skip: 0,
  time: 1,
  promptTokens: 2,
  outputTokens: 3,
  cachedTokens: 4,
  model: 5,
  tenant: 6,
  tag: 7,
  requests: 8,
  windowEnd: 9,
} as const;
export type ColumnRole = (typeof columnRole)[keyof typeof columnRole];

/** How a column of times is read. */
export type TimeFormat = "iso" | "s" | "ms" | "us" | "ns";

/** The reading of one CSV file. */
export interface CsvPlan {
  /** Header names, in file order. */
  readonly columns: readonly string[];
  /** Roles by column. */
  readonly roles: readonly ColumnRole[];
  readonly time: TimeFormat;
  /** Whether 0 output tokens mark a failed request. */
  readonly zeroOutputIsFailure: boolean;
  /** Whether cached tokens come on top of the prompt tokens that the column counts; else they are a part of them. */
  readonly isCachedBeside?: boolean;
}

/** Where read rows and rejects go, and where names get their numbers. */
export interface RowOutlet {
  readonly gate: RowGate;
  readonly rejects: RejectLog;
  readonly models: NameTable;
  readonly tenants: NameTable;
  readonly tags: NameTable;
  /** Rows that sum up several requests. */
  readonly summed: SummedRows;
}

/** Reads rows given as text fields: for the records that the byte scanner leaves, and for unknown schemas. */
export class TextRowReader {
  private readonly plan: CsvPlan;
  private readonly outlet: RowOutlet;
  private readonly instant = new Instant();
  private readonly position = new Map<ColumnRole, number>();

  constructor(plan: CsvPlan, outlet: RowOutlet) {
    this.plan = plan;
    this.outlet = outlet;
    plan.roles.forEach((role, column) => {
      if (role !== columnRole.skip) this.position.set(role, column);
    });
  }

  /** Takes or rejects the row whose record began at `line`. */
  addRow(fields: readonly string[], line: number): void {
    const { columns } = this.plan;
    if (fields.length !== columns.length) {
      this.outlet.rejects.add(line, "", fields.join(","), {
        reason: "wrongColumnCount",
        wanted: `${columns.length} columns (${cutText(columns.join(","))}), not ${fields.length}`,
      });
      return;
    }
    const timeColumn = this.column(columnRole.time);
    const timeProblem = this.readTime(fields[timeColumn]);
    if (timeProblem !== undefined) {
      this.reject(fields, timeColumn, line, timeProblem);
      return;
    }
    if (this.column(columnRole.requests) >= 0) {
      this.addSummed(fields, line);
      return;
    }
    const counted = this.readTokens(fields, columnRole.promptTokens, line);
    if (counted < 0) return;
    const output = this.readTokens(fields, columnRole.outputTokens, line);
    if (output < 0) return;
    const cached = this.readCached(fields, counted, line);
    if (cached < -1) return;
    const prompt = this.plan.isCachedBeside ? counted + Math.max(0, cached) : counted;
    const failed = this.plan.zeroOutputIsFailure && output === 0 ? 1 : 0;
    const { timeS, timeNs, hasZone } = this.instant;
    const { gate, models, tenants, tags } = this.outlet;
    const model = this.readName(fields, columnRole.model, models);
    const tenant = this.readName(fields, columnRole.tenant, tenants);
    const tag = this.readName(fields, columnRole.tag, tags);
    gate.addRow(timeS, timeNs, hasZone, prompt, output, cached, failed, model, tenant, tag);
  }

  private addSummed(fields: readonly string[], line: number): void {
    const { models, tenants, tags } = this.outlet;
    const row: SummedFields = {
      text: (meaning) => fields[this.column(columnRole[meaning])] ?? "",
      reject: (meaning, problem) => {
        const column = this.column(columnRole[meaning]);
        if (column >= 0) this.reject(fields, column, line, problem);
        else this.outlet.rejects.add(line, meaning, "", problem);
      },
    };
    const { time, isCachedBeside = false } = this.plan;
    addSummedRow(row, { time, isCachedBeside }, this.instant, this.outlet, [
      this.readName(fields, columnRole.model, models),
      this.readName(fields, columnRole.tenant, tenants),
      this.readName(fields, columnRole.tag, tags),
    ]);
  }

  private column(role: ColumnRole): number {
    return this.position.get(role) ?? -1;
  }

  private readTime(text: string): FieldProblem | undefined {
    const { time } = this.plan;
    return time === "iso"
      ? parseIsoTime(text, this.instant)
      : parseNumericTime(text, time, this.instant);
  }

  /** The tokens, or -2 when the row was rejected. */
  private readTokens(fields: readonly string[], role: ColumnRole, line: number): number {
    const column = this.column(role);
    const value = parseTokens(fields[column]);
    if (typeof value === "number") return value;
    this.reject(fields, column, line, value);
    return -2;
  }

  /** The cached tokens, -1 where the row names none, -2 when the row was rejected. */
  private readCached(fields: readonly string[], prompt: number, line: number): number {
    const column = this.column(columnRole.cachedTokens);
    if (column < 0 || fields[column].trim() === "") return -1;
    const cached = this.readTokens(fields, columnRole.cachedTokens, line);
    if (this.plan.isCachedBeside) {
      const sum = checkTokens(prompt + Math.max(0, cached));
      if (typeof sum === "number") return cached;
      this.reject(fields, column, line, sum);
      return -2;
    }
    if (cached <= prompt) return cached;
    this.reject(fields, column, line, {
      reason: "cachedAbovePrompt",
      wanted: `at most the row's ${prompt} prompt tokens, of which cached ones are a part`,
    });
    return -2;
  }

  private readName(fields: readonly string[], role: ColumnRole, names: NameTable): number {
    const column = this.column(role);
    return column < 0 ? -1 : names.indexOf(fields[column].trim());
  }

  private reject(
    fields: readonly string[],
    column: number,
    line: number,
    problem: FieldProblem,
  ): void {
    this.outlet.rejects.add(line, this.plan.columns[column], fields[column], problem);
  }
}
