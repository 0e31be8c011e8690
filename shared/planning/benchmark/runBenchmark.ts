/** The virtual benchmark: one replica of the engine under the clients of a benchmark tool. */

import { computeMemoryFit, type MemoryFit } from "../../catalog/memoryFit.ts";
import type { CoefficientSet } from "../../schema/catalog.ts";
import { type Pool, poolSchema } from "../../schema/fleet.ts";
import { type Scenario, scenarioSchema } from "../../schema/scenario.ts";
import { Fleet } from "../../serving/fleet.ts";
import { type LatencyFigures, LatencyMeter } from "../../serving/metrics/requestOutcomes.ts";
import { type UsageRecorder, usageField } from "../../serving/metrics/usageRecorder.ts";
import { Replica } from "../../serving/replica.ts";
import { expectedOutputs, type ResolvedPool, resolvePool } from "../../serving/resolvePool.ts";
import { InputError, InvariantError } from "../../units/errors.ts";
import { groupDigits } from "../../units/figureText.ts";
import { maxHorizonNs, nsPerMs, nsPerS, sPerDay } from "../../units/units.ts";
import type { Workload } from "../../workload/workload.ts";
import { type BenchmarkCase, type BenchmarkTarget, usualEngine } from "./benchmarkCase.ts";
import { buildBenchmarkWorkload, longestRequest } from "./benchmarkWorkload.ts";

/** What a benchmark tool would have printed. Throughput counts output tokens of the whole replica. */
export interface BenchmarkFigures {
  readonly prompts: number;
  /** Arrival to first token over all prompts, the first burst included. */
  readonly ttftMs: LatencyFigures;
  /** Over requests with two output tokens and more; mean null when there is none. */
  readonly tpotMs: LatencyFigures;
  readonly e2eMs: LatencyFigures;
  /** First request sent to last token. */
  readonly durationS: number;
  /** Output tokens over the duration, run-out included. */
  readonly outputTokensPerS: number;
  readonly outputTokensPerSPerGpu: number;
  /** With all clients busy: concurrency * mean output tokens / mean e2e latency; null without clients. */
  readonly steadyTokensPerS: number | null;
  readonly requestsPerS: number;
  /** Prompt tokens over the duration: the throughput of an embedding model. */
  readonly promptTokensPerS: number;
  /** Decode sequences of an iteration, mean over iterations. */
  readonly meanBatch: number;
  /** KV blocks in use over capacity, averaged over busy time. */
  readonly kvUsageMean: number;
  readonly kvUsagePeak: number;
  readonly kvCapacityTokens: number;
  readonly preemptions: number;
  readonly iterations: number;
  /** Iterations beyond the fitted range, share of all. */
  readonly extrapolatedShare: number;
}

/** Figures, or why the case cannot run on that GPU. */
export type BenchmarkOutcome =
  | { readonly fits: true; readonly figures: BenchmarkFigures; readonly notes: readonly string[] }
  | { readonly fits: false; readonly reason: string };

/** Runs one case over the engine. `coefficients` are the catalog's sets. The same case gives the same figures, to the bit. Throws InputError for a load that cannot be. */
export function runBenchmark(
  input: BenchmarkCase,
  coefficients: readonly CoefficientSet[],
): BenchmarkOutcome {
  const { target, load } = input;
  refuseOutput(input);
  const pool = poolOf(target);
  const fit = computeMemoryFit({ ...target, engine: pool.engine });
  const reason = fit.reason ?? tooLong(input, fit);
  if (reason !== undefined) return { fits: false, reason };
  const scenario = scenarioOf(target, pool, coefficients);
  const staggerNs = load.start === "staggered" ? burstLatencyNs(input, scenario, pool) : 0;
  const run = runCase(scenario, pool, buildBenchmarkWorkload(load, staggerNs));
  return {
    fits: true,
    figures: readFigures(input, run),
    notes: run.resolved.notes.map(withoutPool),
  };
}

/** An embedding model takes prompts only. */
function refuseOutput({ target: { model }, load }: BenchmarkCase): void {
  if (model.kind !== "embedding" || load.outputTokens === 0) return;
  throw new InputError(
    `${model.id} is an embedding model and yields no tokens; found ${load.outputTokens} output tokens. Wanted 0 (--osl 0).`,
    { field: "osl" },
  );
}

function withoutPool(note: string): string {
  return note.replace(/^Pool "own": /, "");
}

interface CaseRun {
  readonly fleet: Fleet;
  readonly resolved: ResolvedPool;
  readonly workload: Workload;
  /** When the last request ended. */
  readonly endNs: number;
}

const template: Scenario = scenarioSchema.parse({
  format: "crossover-scenario",
  version: 1,
  name: "benchmark",
  traffic: {
    sources: [
      {
        id: "clients",
        kind: "trace",
        rows: { arrivalS: [0], promptTokens: [1], outputTokens: [1] },
      },
    ],
    classes: [{ id: "all" }],
  },
  rules: [{ id: "all", to: { pool: "own" } }],
});

function poolOf({ model, gpu, profile, ...target }: BenchmarkTarget): Pool {
  const { host, engine, ...sizes } = target;
  const { tensorParallel } = target;
  if (![1, 2, 4, 8, 16].includes(tensorParallel)) {
    throw new InputError(`Tensor parallel is ${tensorParallel}. Wanted 1, 2, 4, 8 or 16.`, {
      field: "tp",
    });
  }
  const parsed = poolSchema.safeParse({
    ...sizes,
    id: "own",
    model: model.id,
    gpu: gpu.id,
    replicas: 1,
    partition: profile === undefined ? undefined : { id: "slices", profile },
    engine: { ...usualEngine(target.backend), ...engine },
    executionTime: { kind: "fitted", host },
  });
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw new InputError(`${path.join(".")}: ${message}. Correct it.`, { field: path.join(".") });
}

function scenarioOf(
  target: BenchmarkTarget,
  pool: Pool,
  coefficients: readonly CoefficientSet[],
): Scenario {
  return {
    ...template,
    gpus: [target.gpu],
    models: [target.model],
    coefficients: [...coefficients],
    pools: [pool],
  };
}

function tooLong(input: BenchmarkCase, fit: MemoryFit): string | undefined {
  const tokens = longestRequest(input.load);
  if (tokens <= fit.maxContextTokens) return undefined;
  return `A request of up to ${groupDigits(tokens)} tokens (prompt + output) is longer than ${groupDigits(fit.maxContextTokens)}, the least of the model's context (${groupDigits(input.target.model.maxContextTokens)}) and the KV cache (${groupDigits(fit.kvCapacityTokens)} tokens). Shorten it, or give the replica more memory.`;
}

function runCase(scenario: Scenario, pool: Pool, workload: Workload): CaseRun {
  const expectedOutput = expectedOutputs(workload, 1);
  const resolved = resolvePool(scenario, pool, expectedOutput);
  const fleet = new Fleet({
    scenario,
    workload,
    configs: [resolved.config],
    seed: 1,
    horizonNs: maxHorizonNs,
    windowNs: maxHorizonNs,
    expectedOutput,
    createReplica: (table, config, usage) => new Replica(table, config, usage),
  });
  fleet.advance();
  let endNs = 0;
  for (const finishNs of fleet.table.finishNs) if (finishNs > endNs) endNs = finishNs;
  if (endNs > maxHorizonNs) {
    throw new InputError(
      `The case takes ${Math.round(endNs / nsPerS / sPerDay)} simulated days; the limit is 104. Send fewer prompts, or faster.`,
      { field: "prompts" },
    );
  }
  return { fleet, resolved, workload, endNs };
}

/** Mean latency under a burst: the time over which staggered clients begin. */
function burstLatencyNs({ load }: BenchmarkCase, scenario: Scenario, pool: Pool): number {
  const run = runCase(scenario, pool, buildBenchmarkWorkload({ ...load, start: "burst" }));
  const { e2eMs } = measure(run);
  return (e2eMs.mean ?? 0) * nsPerMs;
}

function measure({ fleet }: CaseRun) {
  return new LatencyMeter(fleet.table).measure({ classIndex: undefined, fromNs: 0 });
}

function readFigures({ target, load }: BenchmarkCase, run: CaseRun): BenchmarkFigures {
  const { ttftMs, tpotMs, e2eMs } = measure(run);
  const { fleet, resolved, workload, endNs } = run;
  if (e2eMs.n !== load.prompts || e2eMs.mean === null) {
    throw new InvariantError(`${e2eMs.n} of ${load.prompts} benchmark prompts were answered`);
  }
  let outputTokens = 0;
  for (const tokens of fleet.table.generated) outputTokens += tokens;
  const firstNs = load.start === "open" ? workload.arrivalNs[0] : 0;
  const durationS = (endNs - firstNs) / nsPerS;
  const isClosed = workload.closedLoops.length > 0;
  const busyClients = Math.min(load.concurrency, load.prompts);
  const [replica] = fleet.pools[0].replicas;
  return {
    prompts: load.prompts,
    ttftMs,
    tpotMs,
    e2eMs,
    durationS,
    outputTokensPerS: outputTokens / durationS,
    outputTokensPerSPerGpu: outputTokens / durationS / target.tensorParallel,
    steadyTokensPerS: isClosed
      ? (1000 * busyClients * outputTokens) / load.prompts / e2eMs.mean
      : null,
    requestsPerS: load.prompts / durationS,
    promptTokensPerS: sumOf(workload.promptTokens) / durationS,
    ...iterationFigures(fleet.pools[0].usage, resolved.config.capacityBlocks),
    kvUsagePeak: replica.peakBlocks / replica.capacityBlocks,
    kvCapacityTokens: resolved.fit.kvCapacityTokens,
    preemptions: replica.preemptions,
  };
}

function sumOf(values: Int32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function iterationFigures(usage: UsageRecorder, capacityBlocks: number) {
  const iterations = usage.total(usageField.iterations);
  const busyNs = usage.total(usageField.busyNs);
  return {
    iterations,
    meanBatch: usage.total(usageField.decodeTokens) / iterations,
    kvUsageMean: usage.total(usageField.kvBlockNs) / busyNs / capacityBlocks,
    extrapolatedShare: usage.total(usageField.extrapolated) / iterations,
  };
}
