/** Pools, providers, notes and warnings of a report. */
import { billField, billFieldCount, type Provider } from "../serving/api/provider.ts";
import type { PoolUsageMeter } from "../serving/metrics/poolUsage.ts";
import { isAnswered } from "../serving/metrics/requestOutcomes.ts";
import { usageField } from "../serving/metrics/usageRecorder.ts";
import type { PoolRuntime } from "../serving/poolRuntime.ts";
import type { RequestTable } from "../serving/requestTable.ts";
import { formatSeconds, groupDigits } from "../units/figureText.ts";
import { nsPerS } from "../units/units.ts";
import type { EndedRun } from "./endedRun.ts";
import { type LateWork, lateWork, toleratedLateShare } from "./lateWork.ts";
import { describeCapacity } from "./poolCapacity.ts";
import type { PoolReport, ProviderReport } from "./runReport.ts";

/** Replica-nanoseconds of a pool that are provisioned within the horizon: by the life of its replicas, or its schedule and what it drained after closing. */
export function provisionedNs(run: EndedRun, pool: PoolRuntime, horizonNs: number): number {
  return pool.provisionedNs(run.fleet.clock, horizonNs);
}

/** What one pool served. */
export interface Served {
  finished: number;
  promptTokens: number;
  outputTokens: number;
}

/** Requests and tokens served, by destination index (pools first, then providers). */
export function servedByDestination(table: RequestTable, destinations: number): Served[] {
  const served = Array.from({ length: destinations }, () => ({
    finished: 0,
    promptTokens: 0,
    outputTokens: 0,
  }));
  for (let i = 0; i < table.count; i++) {
    if (Number.isNaN(table.admittedNs[i])) continue;
    const own = served[table.destination[i]];
    if (isAnswered(table.state[i])) own.finished++;
    own.promptTokens += table.promptTokens[i];
    own.outputTokens += table.generated[i];
  }
  return served;
}

/** One row per pool. */
export function describePools(
  run: EndedRun,
  meters: readonly PoolUsageMeter[],
  served: readonly Served[],
  horizonNs: number,
): PoolReport[] {
  const { pools } = run.fleet;
  return pools.map((pool, index) => {
    const { windowCount } = pool.usage;
    const usage = meters[index].measure(0, windowCount, provisionedNs(run, pool, horizonNs));
    const sum = (pick: (each: PoolRuntime["replicas"][number]) => number): number =>
      pool.replicas.reduce((total, each) => total + pick(each), 0);
    const queried = sum((each) => each.prefixQueryTokens);
    const capacity = describeCapacity(pool, horizonNs);
    const peak = Math.max(...pool.replicas.map((each) => each.peakBlocks));
    return {
      name: pool.spec.id,
      replicas: pool.spec.replicas,
      ...(capacity === undefined ? {} : { capacity }),
      gpu: pool.spec.gpu,
      model: pool.spec.model,
      ...usage,
      kvUsageMax: peak / pool.config.capacityBlocks,
      kvCapacityTokens: pool.config.capacityBlocks * pool.config.blockTokens,
      preemptions: sum((each) => each.preemptions),
      prefixHitTokenFraction: queried > 0 ? sum((each) => each.prefixHitTokens) / queried : null,
      ...served[index],
    };
  });
}

/** One row per provider. */
export function describeProviders(providers: readonly Provider[]): ProviderReport[] {
  return providers.map((provider) => {
    const { bill } = provider;
    const sum = (field: number): number => {
      let total = 0;
      for (let at = field; at < bill.length; at += billFieldCount) total += bill[at];
      return total;
    };
    const cached = sum(billField.cached);
    const written = sum(billField.cacheWrite);
    return {
      name: provider.spec.id,
      requests: provider.sentCount,
      attempts: provider.attemptCount,
      limited429: provider.limitedCount,
      errors: provider.errorCount,
      ...(provider.spec.maxContextTokens !== undefined && { tooLong: provider.tooLongCount }),
      inputTokens: sum(billField.input) + cached + written,
      cachedTokens: cached,
      cacheWriteTokens: written,
      outputTokens: sum(billField.output),
    };
  });
}

/** What was assumed on the way to this run. */
export function gatherNotes(run: EndedRun, further: readonly string[]): string[] {
  const notes = [...run.workload.notes, ...run.pools.flatMap((pool) => pool.notes), ...further];
  for (const provider of run.fleet.providers) {
    const isUnknown = "share" in provider.spec.promptCache && provider.spec.promptCache.share === 0;
    const hasColumn = run.workload.cachedTokens !== undefined;
    if (provider.sentCount > 0 && isUnknown && !hasColumn) {
      notes.push(
        `Provider "${provider.spec.id}": no prompt tokens are billed as cached, because neither the trace nor promptCache says otherwise.`,
      );
    }
  }
  return [...new Set(notes)];
}

/** What a reader must know before trusting the figures. */
export function gatherWarnings(run: EndedRun, horizonNs: number, unfinished: number): string[] {
  const warnings = [...run.warnings];
  if (run.scenario.run.drain && unfinished > 0) {
    warnings.push(
      `${unfinished} requests never ended: nothing in the scenario will ever serve or release them. Look at held work and at pools that never open.`,
    );
  }
  const { unroutableCount } = run.fleet;
  if (unroutableCount > 0) {
    warnings.push(
      `${unroutableCount} requests were rejected because no rule could take them, for example requests longer than the context of the pool or provider that the last rule sends to.`,
    );
  }
  for (const [index, pool] of run.fleet.pools.entries()) {
    const id = pool.spec.id;
    warnings.push(...lateWarnings(id, lateWork(run, index, horizonNs), horizonNs));
    if (pool.tooLongCount > 0) {
      const context = groupDigits(pool.config.maxModelLen);
      warnings.push(
        `Pool "${id}" turned requests away ${groupDigits(pool.tooLongCount)} times: with their prompts they are longer than its context of ${context} tokens. They went on to the next rule.`,
      );
    }
    const beyond = pool.usage.total(usageField.extrapolated);
    const share = beyond / Math.max(1, pool.usage.total(usageField.iterations));
    if (share > 0) {
      warnings.push(
        `Pool "${id}": ${percent(share)} of its iterations lie outside the range to which the time model was fitted; their times are extrapolated.`,
      );
    }
  }
  for (const { spec, tooLongCount } of run.fleet.providers) {
    if (tooLongCount === 0) continue;
    warnings.push(
      `Provider "${spec.id}" turned requests away ${groupDigits(tooLongCount)} times: prompt and output are longer than its context of ${groupDigits(spec.maxContextTokens ?? 0)} tokens. They went on to the next rule.`,
    );
  }
  return warnings;
}

function lateWarnings(id: string, work: LateWork, horizonNs: number): string[] {
  const { lateShare, heldOverShare } = work;
  const horizon = formatSeconds(horizonNs / nsPerS);
  const late = `Pool "${id}" did ${percent(lateShare)} of its work after the horizon of ${horizon}: it could not keep up. Latencies include the backlog, and $ per million tokens counts only the share of its tokens that the billed hours served. Add replicas, or lengthen run.horizonS.`;
  const heldOver = `Pool "${id}" did ${percent(heldOverShare)} of its work after the horizon of ${horizon}, in the hours for which it was held. The work counts, as that of a window which repeats, but utilization and series leave it out, and those hours had only this window's work to do. Take traffic of two days or more.`;
  return [
    ...(lateShare > toleratedLateShare ? [late] : []),
    ...(heldOverShare > toleratedLateShare ? [heldOver] : []),
  ];
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
