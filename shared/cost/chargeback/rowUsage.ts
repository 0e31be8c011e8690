/** What the requests of each row used: tokens, work on each pool, billed tokens at each provider. */
import type { Scenario } from "../../schema/scenario.ts";
import { billField, billFieldCount, type Provider } from "../../serving/api/provider.ts";
import { isAnswered } from "../../serving/metrics/requestOutcomes.ts";
import type { PoolRuntime } from "../../serving/poolRuntime.ts";
import { type RequestTable, requestState } from "../../serving/requestTable.ts";
import { InvariantError } from "../../units/errors.ts";
import type { RequestKeys } from "./requestKeys.ts";
import { requestWork, workPrices } from "./requestWork.ts";

/** Kinds of billed tokens in the order of their columns. */
export const billedKinds = ["input", "cached", "cacheWrite", "output"] as const;
const kindCount = billedKinds.length;

/** A run that has ended, as chargeback sees it. */
export interface ChargedRun {
  readonly scenario: Scenario;
  readonly table: RequestTable;
  readonly pools: readonly PoolRuntime[];
  readonly providers: readonly Provider[];
}

/** Columns of one number for each row. */
export interface RowUsage {
  readonly arrived: Float64Array;
  readonly answered: Float64Array;
  readonly promptTokens: Float64Array;
  readonly cachedTokens: Float64Array;
  readonly outputTokens: Float64Array;
  /** By pool: work in ticks. */
  readonly work: readonly Float64Array[];
  /** By provider: billed trace tokens, column tier * billedKinds.length + kind. */
  readonly billed: readonly (readonly Float64Array[])[];
}

/** Sums over all requests; throws InvariantError where they are not what the providers have billed. */
export function measureRowUsage(run: ChargedRun, keys: RequestKeys): RowUsage {
  const { table, pools, providers } = run;
  const column = (): Float64Array => new Float64Array(keys.names.length);
  const usage: RowUsage = {
    arrived: column(),
    answered: column(),
    promptTokens: column(),
    cachedTokens: column(),
    outputTokens: column(),
    work: pools.map(column),
    billed: providers.map((each) => Array.from({ length: each.tierCount * kindCount }, column)),
  };
  const prices = pools.map(workPrices);
  for (let i = 0; i < table.count; i++) {
    if (table.state[i] === requestState.notArrived) continue;
    const row = keys.rowOf(i);
    usage.arrived[row]++;
    if (isAnswered(table.state[i])) usage.answered[row]++;
    if (Number.isNaN(table.admittedNs[i])) continue;
    usage.promptTokens[row] += table.promptTokens[i];
    usage.cachedTokens[row] += table.cachedTokens[i];
    usage.outputTokens[row] += table.generated[i];
    const at = table.destination[i];
    if (at < pools.length) usage.work[at][row] += requestWork(table, i, prices[at]);
    else addBilled(usage.billed[at - pools.length], providers[at - pools.length], table, i, row);
  }
  providers.forEach((provider, index) => {
    checkBill(provider, usage.billed[index]);
  });
  return usage;
}

function addBilled(
  columns: readonly Float64Array[],
  provider: Provider,
  table: RequestTable,
  request: number,
  row: number,
): void {
  const prompt = table.promptTokens[request];
  const first = provider.tierOf(prompt) * kindCount;
  const cached = table.cachedTokens[request];
  const written = provider.cacheWriteTokens(request);
  columns[first][row] += prompt - cached - written;
  columns[first + 1][row] += cached;
  columns[first + 2][row] += written;
  columns[first + 3][row] += table.generated[request];
}

/** Tokens of all rows are the bill's, exactly: all are whole numbers. */
function checkBill({ bill, tierCount, spec }: Provider, columns: readonly Float64Array[]): void {
  columns.forEach((column, index) => {
    const tier = Math.floor(index / kindCount);
    const kind = billedKinds[index % kindCount];
    let billed = 0;
    for (
      let at = tier * billFieldCount + billField[kind];
      at < bill.length;
      at += tierCount * billFieldCount
    ) {
      billed += bill[at];
    }
    const found = column.reduce((sum, value) => sum + value, 0);
    if (found !== billed) {
      throw new InvariantError(
        `${kind} tokens of tier ${tier} at "${spec.id}": ${billed} billed, ${found} charged`,
      );
    }
  });
}
