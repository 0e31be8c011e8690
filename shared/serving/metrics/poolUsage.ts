/** Utilization of a pool three ways, from the whole-number sums of its windows. */
import { peakTime, touchedExperts } from "../executionTime/expertWork.ts";
import {
  type Accelerator,
  acceleratorOf,
  type ModelShape,
  modelShape,
  peakFlops,
} from "../executionTime/iterationWork.ts";
import type { PoolRuntime } from "../poolRuntime.ts";
import type { ResolvedPool } from "../resolvePool.ts";
import { usageField } from "./usageRecorder.ts";

/** Shares of the provisioned time, 0..1; null when nothing was provisioned. */
export interface PoolUsage {
  /** Any batch running: what DCGM_FI_DEV_GPU_UTIL shows. */
  readonly busyFraction: number | null;
  /** Useful flops over peak flops of the provisioned GPUs. */
  readonly computeFraction: number | null;
  /** Bytes that weights and KV cache move over peak bandwidth of the provisioned GPUs. */
  readonly bandwidthFraction: number | null;
  /** KV blocks in use over capacity, averaged over provisioned time. */
  readonly kvUsageMean: number | null;
  /** Iterations beyond the fitted range of the time model, share of all. */
  readonly extrapolatedShare: number;
}

/** Turns sums of a pool's windows into shares. */
export class PoolUsageMeter {
  private readonly pool: PoolRuntime;
  private readonly shape: ModelShape;
  private readonly tensorParallel: number;
  private readonly gpu: Accelerator;
  private readonly f16Flops: number;
  private readonly bandwidthBytesPerS: number;

  constructor(pool: PoolRuntime, resolved: ResolvedPool) {
    const { spec } = pool;
    this.pool = pool;
    this.shape = modelShape(resolved.model, spec.precision, spec.kvPrecision);
    this.tensorParallel = spec.tensorParallel;
    const gpu = acceleratorOf(resolved.gpu, spec.tensorParallel, spec.partition?.profile);
    this.gpu = gpu;
    this.f16Flops = gpu.f16Flops;
    this.bandwidthBytesPerS = gpu.bandwidthBytesPerS;
  }

  /** Usage over windows from .. to - 1 in which `provisionedNs` replica-nanoseconds were provisioned. */
  measure(from: number, to: number, provisionedNs: number): PoolUsage {
    const { usage } = this.pool;
    const sum = (field: number): number => usage.total(field, from, to);
    const iterations = sum(usageField.iterations);
    const share = (value: number): number | null =>
      provisionedNs > 0 ? value / provisionedNs : null;
    return {
      busyFraction: share(sum(usageField.busyNs)),
      computeFraction: share(this.computeNs(sum)),
      bandwidthFraction: share(this.bandwidthNs(sum)),
      kvUsageMean: share(sum(usageField.kvBlockNs) / this.pool.config.capacityBlocks),
      extrapolatedShare: iterations > 0 ? sum(usageField.extrapolated) / iterations : 0,
    };
  }

  /** Time that the flops would take at peak, ns per replica. */
  private computeNs(sum: (field: number) => number): number {
    const { shape } = this;
    const tokens = sum(usageField.prefillTokens) + sum(usageField.decodeTokens);
    const gemm = peakTime(tokens, shape, 1, (unit) => peakFlops(unit, this.gpu));
    const head = (2 * shape.headParameters * sum(usageField.headRows)) / this.f16Flops;
    const perPair = 4 * shape.layers * shape.attentionWidth;
    const decodePairs =
      (shape.decodeFlopsPerContextToken / perPair) * sum(usageField.contextTokens);
    const pairs = sum(usageField.pairs2) / 2 + decodePairs;
    const attention = (perPair * pairs) / this.f16Flops;
    return ((gemm + head + attention) / this.tensorParallel) * 1e9;
  }

  /** Time that the bytes would take at peak, ns per replica: weights once an iteration, keys and values read and written. Of routed experts those that an iteration of mean size touches, which is a little more than the mean of what iterations touch. */
  private bandwidthNs(sum: (field: number) => number): number {
    const { shape, tensorParallel } = this;
    const iterations = sum(usageField.iterations);
    const computed = sum(usageField.prefillTokens) + sum(usageField.decodeTokens);
    const meanTokens = iterations > 0 ? computed / iterations : 0;
    const weights = weightBytesTouched(shape, meanTokens) + 2 * shape.headParameters;
    const tokens = sum(usageField.contextTokens) + computed;
    const local = sum(usageField.decodeTokens) * shape.localKvElements(tensorParallel);
    const kv = (tokens * shape.kvElements(tensorParallel) + local) * shape.kvBytes;
    return (((weights * iterations) / tensorParallel + kv) / this.bandwidthBytesPerS) * 1e9;
  }
}

/** Bytes of the layers' weights that an iteration of so many tokens reads. */
function weightBytesTouched({ dense, experts }: ModelShape, tokens: number): number {
  const always = dense.parameters * dense.elementBytes;
  if (experts === undefined) return always;
  const touched = touchedExperts(tokens, experts.count, experts.active);
  return always + touched * experts.parameters * experts.elementBytes;
}
