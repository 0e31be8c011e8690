/** From a pool of the scenario to what its replicas run on: memory, iteration times, limits. */
import { findCoefficientSet, findGpu, findModel } from "../catalog/catalog.ts";
import { computeMemoryFit, type MemoryFit } from "../catalog/memoryFit.ts";
import { engineOf } from "../catalog/memoryRules.ts";
import type { CoefficientSet, Gpu, Model } from "../schema/catalog.ts";
import { type Pool, partitionLayouts } from "../schema/fleet.ts";
import type { Scenario } from "../schema/scenario.ts";
import type { TrafficClass } from "../schema/traffic.ts";
import { InputError } from "../units/errors.ts";
import type { Workload } from "../workload/workload.ts";
import { coldStartOf } from "./autoscaler/coldStart.ts";
import { extrapolationReasons } from "./executionTime/extrapolation.ts";
import { fittedParts, IterationTimes, linearParts } from "./executionTime/iterationTimes.ts";
import type { ReplicaConfig } from "./replicaEngine.ts";

/** A pool with its catalog entries and what was computed from them. */
export interface ResolvedPool {
  readonly gpu: Gpu;
  readonly model: Model;
  readonly fit: MemoryFit;
  /** Undefined for a pool with linear execution time. */
  readonly coefficients: CoefficientSet | undefined;
  readonly config: ReplicaConfig;
  /** What was assumed, one sentence each. */
  readonly notes: readonly string[];
}

/** Priority levels of the classes: equal priorities share a level, level 0 goes first. */
export function priorityLevels(classes: readonly TrafficClass[]): Uint8Array {
  const distinct = [...new Set(classes.map((each) => each.priority))].sort((a, b) => a - b);
  return Uint8Array.from(classes, (each) => distinct.indexOf(each.priority));
}

/** Resolves one pool. `expectedOutput` is what a gateway expects of each class, whole tokens. Throws InputError with the arithmetic when the model does not fit. */
export function resolvePool(
  scenario: Scenario,
  pool: Pool,
  expectedOutput: Float64Array,
): ResolvedPool {
  const gpu = findGpu(scenario, pool.gpu);
  const model = findModel(scenario, pool.model);
  const fit = computeMemoryFit({ ...pool, gpu, model, profile: pool.partition?.profile });
  if (!fit.fits) {
    throw new InputError(`Pool "${pool.id}": ${fit.reason}`, {
      field: `pools.${pool.id}`,
      hint: "crossover fit shows the whole arithmetic and what would fit",
    });
  }
  const coldStart = coldStartOf(pool, model);
  const time = resolveTimes(scenario, pool, gpu, model);
  const { engine } = pool;
  const isPrefillOnly = model.kind === "embedding";
  const levels = priorityLevels(scenario.traffic.classes);
  const config: ReplicaConfig = {
    times: time.times,
    maxNumSeqs: engine.maxNumSeqs,
    maxNumBatchedTokens: engine.maxNumBatchedTokens,
    blockTokens: engine.blockTokens,
    capacityBlocks: fit.kvBlocks,
    isReserving: engine.admission === "reserve",
    watermarkBlocks: Math.floor(engine.kvWatermark * fit.kvBlocks),
    hasPrefixCache: engine.prefixCaching && !isPrefillOnly,
    maxModelLen: isPrefillOnly ? fit.maxContextTokens + 1 : fit.maxContextTokens,
    isPrefillOnly,
    levelOfClass: levels,
    levelCount: Math.max(...levels) + 1,
    expectedOutput,
    fittedPrefillTokens: time.coefficients?.fitted.maxPrefillTokens ?? Infinity,
    fittedMeanContext: time.coefficients?.fitted.maxMeanContextTokens ?? Infinity,
    fittedBatch: time.isBeyondFit ? -1 : (time.coefficients?.fitted.maxBatch ?? Infinity),
    coldStartNs: coldStart.ns,
  };
  const found = coldStart.note === undefined ? [] : [coldStart.note];
  const only = isPrefillOnly
    ? [`${model.name} yields no tokens: requests that want some go to the next rule`]
    : [];
  const notes = [...fit.notes, ...only, ...time.notes, ...found].map(
    (note) => `Pool "${pool.id}": ${note}`,
  );
  return { gpu, model, fit, coefficients: time.coefficients, config, notes };
}

interface ResolvedTimes {
  readonly times: IterationTimes;
  readonly coefficients: CoefficientSet | undefined;
  /** No iteration lies within the fitted range. */
  readonly isBeyondFit: boolean;
  readonly notes: readonly string[];
}

function resolveTimes(scenario: Scenario, pool: Pool, gpu: Gpu, model: Model): ResolvedTimes {
  const { maxNumSeqs, maxNumBatchedTokens } = pool.engine;
  const choice = pool.executionTime;
  if (choice.kind === "linear") {
    const times = new IterationTimes(linearParts(choice), maxNumSeqs, maxNumBatchedTokens);
    return { times, coefficients: undefined, isBeyondFit: false, notes: [] };
  }
  const { set: coefficients, notes } = chooseCoefficients(scenario, pool, choice.set);
  const { precision, kvPrecision, tensorParallel, partition } = pool;
  const names = {
    gpu,
    model,
    precision,
    kvPrecision,
    migProfile: partition?.profile,
    coefficients,
  };
  const neighbours = neighbourEffect(scenario, pool);
  const host = {
    ...choice.host,
    gpuScale: (choice.host?.gpuScale ?? coefficients.host.gpuScale) * neighbours.factor,
  };
  const parts = fittedParts({ ...names, tensorParallel, host });
  const times = new IterationTimes(parts, maxNumSeqs, maxNumBatchedTokens);
  const reasons = extrapolationReasons(names);
  return {
    times,
    coefficients,
    isBeyondFit: reasons.length > 0,
    notes: [...notes, ...reasons, ...neighbours.notes],
  };
}

/** What other instances on the same GPU do to a pool's kernel times: nothing known, unless the partition states a factor. */
function neighbourEffect(scenario: Scenario, pool: Pool) {
  const partition = scenario.partitions.find(({ id }) => id === pool.partition?.id);
  const isAlone =
    partition === undefined || partitionLayouts(partition).every((each) => each.length < 2);
  if (isAlone) return { factor: 1, notes: [] };
  const factor = partition.neighbourSlowdown ?? 1;
  const note =
    factor === 1
      ? `neighbours on its GPUs are taken to cost it nothing: SMs, L2 and memory slices are an instance's own, while power, clocks, PCIe and the host are shared (neighbourSlowdown of partition "${partition.id}" sets a factor)`
      : `kernel times are ${factor} times as long for neighbours on its GPUs, as partition "${partition.id}" says`;
  return { factor, notes: [note] };
}

function chooseCoefficients(
  scenario: Scenario,
  pool: Pool,
  wanted: string | undefined,
): { set: CoefficientSet; notes: readonly string[] } {
  const { coefficients } = scenario;
  if (wanted === undefined) {
    const { precision, kvPrecision } = pool;
    const backend = engineOf(pool.backend, pool.partition?.profile);
    const choice = findCoefficientSet(coefficients, backend, precision, kvPrecision);
    return { set: choice.set, notes: choice.note === undefined ? [] : [choice.note] };
  }
  const set = coefficients.find((each) => each.id === wanted);
  if (set) return { set, notes: [] };
  throw new InputError(
    `Pool "${pool.id}" names the coefficient set "${wanted}", which the scenario does not carry. It carries: ${coefficients.map((each) => each.id).join(", ") || "none"}.`,
    { field: `pools.${pool.id}.executionTime.set` },
  );
}

/** Mean output tokens per class, whole: what a gateway would have learnt to expect. 1 for a class without requests. */
export function expectedOutputs(workload: Workload, classCount: number): Float64Array {
  const sums = new Float64Array(classCount);
  const counts = new Float64Array(classCount);
  const { classIndex, outputTokens } = workload;
  for (let i = 0; i < workload.count; i++) {
    sums[classIndex[i]] += outputTokens[i];
    counts[classIndex[i]]++;
  }
  return sums.map((sum, index) => (counts[index] === 0 ? 1 : Math.round(sum / counts[index])));
}
