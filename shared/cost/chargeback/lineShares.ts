/** By which weights each line of the bill is divided over the rows. */
import type { Scenario } from "../../schema/scenario.ts";
import { InvariantError } from "../../units/errors.ts";
import type { CostLine, CostLineKind } from "../costReport.ts";
import type { ChargeColumn, FixedRule, IdleRule } from "./chargebackReport.ts";
import type { RequestKeys } from "./requestKeys.ts";
import { billedKinds, type RowUsage } from "./rowUsage.ts";

const tokenKindOf: Readonly<Partial<Record<CostLineKind, (typeof billedKinds)[number]>>> = {
  apiInput: "input",
  apiCached: "cached",
  apiCacheWrite: "cacheWrite",
  apiOutput: "output",
  apiBatchInput: "input",
  apiBatchCached: "cached",
  apiBatchCacheWrite: "cacheWrite",
  apiBatchOutput: "output",
};

/** The column in which a line is charged. */
export function columnOfLine({ kind }: CostLine): ChargeColumn {
  if (kind === "gpuUsed" || kind === "gpuIdle" || kind === "licence" || kind === "fixed")
    return kind;
  return "api";
}

/** Weights over the rows of the keys and two more: what nobody used, and idle hours kept apart. */
export class LineShares {
  private readonly scenario: Scenario;
  private readonly lines: readonly CostLine[];
  private readonly keys: RequestKeys;
  private readonly usage: RowUsage;
  private readonly rules: { readonly idle: IdleRule; readonly fixed: FixedRule };
  private readonly unusedRow: number;
  private readonly idleRow: number;

  constructor(
    scenario: Scenario,
    lines: readonly CostLine[],
    keys: RequestKeys,
    usage: RowUsage,
    rules: { readonly idle: IdleRule; readonly fixed: FixedRule },
  ) {
    this.scenario = scenario;
    this.lines = lines;
    this.keys = keys;
    this.usage = usage;
    this.rules = rules;
    this.unusedRow = keys.names.length;
    this.idleRow = this.unusedRow + 1;
  }

  /** Weights of a line that is not a fixed cost; never all 0. */
  of(line: CostLine): Float64Array {
    if (line.subjectKind === "provider") return this.ofTokens(line);
    if (line.kind === "gpuIdle" && this.rules.idle === "separate") return this.only(this.idleRow);
    const isEven = line.kind === "gpuIdle" && this.rules.idle === "even";
    return line.subjectKind === "pool"
      ? this.ofPool(line.subject, isEven)
      : this.ofPartition(line.subject, isEven);
  }

  /** Weights of fixed costs; `charged` are the units of all other lines by row. */
  ofFixed(charged: Float64Array): Float64Array {
    const { arrived, promptTokens, outputTokens } = this.usage;
    const { fixed } = this.rules;
    const weights = this.weights((row) => {
      if (fixed === "even") return arrived[row] > 0 ? 1 : 0;
      return fixed === "cost" ? charged[row] : promptTokens[row] + outputTokens[row];
    });
    if (hasAny(weights)) return weights;
    const present = this.weights((row) => (arrived[row] > 0 ? 1 : 0));
    return hasAny(present) ? present : this.only(this.unusedRow);
  }

  private ofTokens({ id, kind, subject, quantity }: CostLine): Float64Array {
    const provider = this.scenario.providers.findIndex((each) => each.id === subject);
    const tier = Number(/:tier(\d+)$/.exec(id)?.[1] ?? Number.NaN);
    const at = tier * billedKinds.length + billedKinds.indexOf(tokenKindOf[kind]!);
    const tokens = this.usage.billed[provider]?.[at];
    if (tokens === undefined) throw new InvariantError(`no billed tokens behind the line "${id}"`);
    if (quantity === 0) return this.only(this.unusedRow);
    return this.weights((row) => tokens[row]);
  }

  private ofPool(id: string, isEven: boolean): Float64Array {
    const pool = this.scenario.pools.findIndex((each) => each.id === id);
    const work = this.usage.work[pool];
    const weights = this.weights((row) => (isEven ? Number(work[row] > 0) : work[row]));
    return hasAny(weights) ? weights : this.only(this.keys.rowOfPool(pool) ?? this.unusedRow);
  }

  /** What no pool has of a partition goes by the GPU-hours that its pools used. */
  private ofPartition(id: string, isEven: boolean): Float64Array {
    const sum = this.weights(() => 0);
    this.scenario.pools.forEach((pool, index) => {
      if (pool.partition?.id !== id) return;
      const work = this.usage.work[index];
      const all = work.reduce((total, each) => total + each, 0);
      const used = this.lines.find((line) => line.id === `gpuUsed:pool:${pool.id}`)?.quantity ?? 0;
      work.forEach((own, row) => {
        if (own > 0) sum[row] += (used * own) / all;
      });
    });
    const weights = isEven ? sum.map((each) => Number(each > 0)) : sum;
    return hasAny(weights) ? weights : this.only(this.unusedRow);
  }

  private weights(of: (row: number) => number): Float64Array {
    const weights = new Float64Array(this.idleRow + 1);
    for (let row = 0; row < this.unusedRow; row++) weights[row] = Math.max(0, of(row));
    return weights;
  }

  private only(row: number): Float64Array {
    const weights = new Float64Array(this.idleRow + 1);
    weights[row] = 1;
    return weights;
  }
}

function hasAny(weights: Float64Array): boolean {
  return weights.some((weight) => weight > 0);
}
