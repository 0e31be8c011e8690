/** Iteration times in ticks of 2^-10 ns: what replicas ask, many times a second, and the models it is built from. */
import type { KvPrecision, Precision } from "../../catalog/modelMath.ts";
import type { CoefficientSet, Gpu, Model, PnormKernel } from "../../schema/catalog.ts";
import type { ExecutionTimeChoice } from "../../schema/fleet.ts";
import { peakTime } from "./expertWork.ts";
import {
  type Accelerator,
  acceleratorOf,
  type ModelShape,
  modelShape,
  peakFlops,
} from "./iterationWork.ts";
import {
  type KnotInput,
  knotAllReduceTime,
  knotContextTokenTime,
  knotElementwiseTime,
  knotGemmTime,
  knotHeadTime,
  knotLocalTime,
  knotPairTime,
  knotPrefillTokenTime,
  layersTime,
} from "./knotTerms.ts";
import {
  allReduceTime,
  attentionPairTime,
  contextTokenTime,
  elementwiseTokenTime,
  gemmTime,
  headTime,
  localTime,
} from "./pnormTerms.ts";

/** Ticks in a nanosecond: fine enough for a slope of 2.6 ns per context token. */
export const ticksPerNs = 1024;
const ticksPerS = ticksPerNs * 1e9;

/** The parts that IterationTimes is made of; seconds. */
export interface TimeParts {
  /** Terms that depend on the tokens of the iteration alone. */
  readonly ofTokens: (tokens: number) => number;
  readonly ofHeadRows: (rows: number) => number;
  readonly perContextTokenS: number;
  readonly perAttentionPairS: number;
  readonly perPrefillTokenS: number;
  readonly perDecodeS: number;
  /** Per prompt that finishes in the iteration. */
  readonly perFinishingPromptS: number;
  readonly fixedS: number;
  /** Once in an iteration with decodes, and once in one that finishes a prompt; default 0. */
  readonly withDecodesS?: number;
  readonly withFinishingS?: number;
  /** Added once to every request's first-token time. */
  readonly requestOverheadS: number;
}

/** What requests ask of replicas, in tokens. */
export interface RequestWork {
  /** Prompt tokens that must be computed. */
  readonly prefillTokens: number;
  /** Output tokens after the first of each request, which its prefill yields. */
  readonly decodeTokens: number;
  /** Sum over decode tokens of the context that each reads. */
  readonly decodeContextTokens: number;
}

/** Predicts iteration times of one replica. The context term is an integer slope, so that m decode iterations of one batch take exactly m * A + slope * m (m - 1) / 2 ticks. */
export class IterationTimes {
  /** Ticks per context token and iteration, an integer. */
  readonly contextTicks: number;
  /** Nanoseconds between the engine's first token and the client's, whole. */
  readonly requestOverheadNs: number;
  /** What it is built from. */
  readonly parts: TimeParts;
  private readonly decodeTable: Float64Array;
  private readonly tokenTable: Float64Array;
  private readonly pairTicks: number;
  private readonly prefillTicks: number;
  private readonly decodeTicksEach: number;
  private readonly finishingTicks: number;
  private readonly fixedTicks: number;
  private readonly withDecodesTicks: number;
  private readonly withFinishingTicks: number;

  constructor(parts: TimeParts, maxNumSeqs: number, maxNumBatchedTokens: number) {
    this.parts = parts;
    this.contextTicks = Math.round(parts.perContextTokenS * ticksPerS);
    this.requestOverheadNs = Math.round(parts.requestOverheadS * 1e9);
    this.pairTicks = (parts.perAttentionPairS * ticksPerS) / 2;
    this.prefillTicks = parts.perPrefillTokenS * ticksPerS;
    this.decodeTicksEach = parts.perDecodeS * ticksPerS;
    this.finishingTicks = parts.perFinishingPromptS * ticksPerS;
    this.fixedTicks = parts.fixedS * ticksPerS;
    this.withDecodesTicks = (parts.withDecodesS ?? 0) * ticksPerS;
    this.withFinishingTicks = (parts.withFinishingS ?? 0) * ticksPerS;
    this.decodeTable = new Float64Array(maxNumSeqs + 1).fill(-1);
    this.tokenTable = new Float64Array(maxNumBatchedTokens + 1).fill(-1);
  }

  /** Ticks of an iteration of `sequences` decodes and nothing else, without its context term; at least 1. */
  decodeTicks(sequences: number): number {
    const known = this.decodeTable[sequences];
    if (known >= 0) return known;
    const ticks = this.mixedTicks(0, sequences, 0, 0);
    this.decodeTable[sequences] = ticks;
    return ticks;
  }

  /** Ticks of an iteration with prefill, without its context term. `pairs2` is twice the attention pairs: sum of chunk * (2 past + chunk). `finishingPrompts` may be a share for an average iteration (stepWork.ts). */
  mixedTicks(
    prefillTokens: number,
    decodes: number,
    finishingPrompts: number,
    pairs2: number,
  ): number {
    const rows = decodes + finishingPrompts;
    const ticks =
      this.ofTokens(prefillTokens + decodes) +
      (rows === 0 ? 0 : this.parts.ofHeadRows(rows) * ticksPerS) +
      this.pairTicks * pairs2 +
      this.prefillTicks * prefillTokens +
      this.decodeTicksEach * decodes +
      this.finishingTicks * finishingPrompts +
      (decodes > 0 ? this.withDecodesTicks : 0) +
      this.withFinishingTicks * Math.min(1, finishingPrompts) +
      this.fixedTicks;
    return Math.max(1, Math.round(ticks));
  }

  /**
   * Least ticks of prompts and outputs in all, however they are batched: each token costs its share of the best-filled
   * iteration, each decode its own terms and its context. No schedule is faster, so that work over time is a lower bound
   * of the replicas. Context ticks are those of decodes whose context is the whole prompt at least.
   */
  leastTicks(work: RequestWork): number {
    const { prefillTokens, decodeTokens, decodeContextTokens } = work;
    const each = this.leastTokenTicks();
    return (
      (prefillTokens + decodeTokens) * each +
      prefillTokens * this.prefillTicks +
      decodeTokens * this.decodeTicksEach +
      decodeContextTokens * this.contextTicks
    );
  }

  /** The least over full and part-filled iterations of their token-dependent and fixed ticks per token. */
  private leastTokenTicks(): number {
    let least = Infinity;
    for (let tokens = 1; tokens < this.tokenTable.length; tokens++) {
      const ticks = (this.ofTokens(tokens) + this.fixedTicks) / tokens;
      if (ticks < least) least = ticks;
    }
    return least;
  }

  private ofTokens(tokens: number): number {
    const known = this.tokenTable[tokens];
    if (known >= 0) return known;
    const ticks = this.parts.ofTokens(tokens) * ticksPerS;
    this.tokenTable[tokens] = ticks;
    return ticks;
  }
}

/** What selects the time model of a pool. */
export interface TimeModelInput {
  readonly gpu: Gpu;
  readonly model: Model;
  readonly precision: Precision;
  readonly kvPrecision: KvPrecision;
  readonly tensorParallel: number;
  readonly migProfile?: string;
  readonly coefficients: CoefficientSet;
  readonly host?: Partial<CoefficientSet["host"]>;
}

type KernelParts = Omit<TimeParts, "perFinishingPromptS" | "requestOverheadS">;

/** The fitted model's parts: gpu_scale * kernel terms + host terms (o_iter, o_seq, o_tp * log2 tp, o_req). */
export function fittedParts(input: TimeModelInput): TimeParts {
  const { coefficients, tensorParallel } = input;
  const { kernel } = coefficients;
  const host = { ...coefficients.host, ...input.host };
  const shape = modelShape(input.model, input.precision, input.kvPrecision);
  const gpu = acceleratorOf(input.gpu, tensorParallel, input.migProfile);
  const scale = host.gpuScale;
  const parts =
    kernel.form === "knots"
      ? knotParts({ shape, gpu, kernel, tensorParallel }, scale)
      : pnormParts(shape, gpu, kernel, tensorParallel, scale);
  const isBlockScaled = input.precision === "fp8" && input.model.fp8Scaling === "block";
  const prefillShare =
    (host.prefillShare ?? 0) + (isBlockScaled ? (host.blockPrefillShare ?? 0) : 0);
  const prefillTokenS = peakTime(1, shape, tensorParallel, (unit) => peakFlops(unit, gpu));
  return {
    ...parts,
    perContextTokenS: (host.contextFactor ?? 1) * parts.perContextTokenS,
    perPrefillTokenS: parts.perPrefillTokenS + prefillShare * prefillTokenS,
    perDecodeS: parts.perDecodeS + host.oSeqUs * 1e-6,
    perFinishingPromptS: host.oSeqUs * 1e-6,
    fixedS:
      parts.fixedS +
      host.oIterUs * 1e-6 +
      (host.oTpUs * 1e-6 * Math.log(tensorParallel)) / Math.LN2,
    requestOverheadS: host.oReqMs * 1e-3,
  };
}

function pnormParts(
  shape: ModelShape,
  gpu: Accelerator,
  kernel: PnormKernel,
  tensorParallel: number,
  scale: number,
): KernelParts {
  const elementwise = elementwiseTokenTime(shape, gpu, kernel);
  return {
    ofTokens: (tokens) =>
      scale *
      (gemmTime(tokens, shape, gpu, kernel, tensorParallel) +
        tokens * elementwise +
        allReduceTime(tokens, shape, gpu, kernel, tensorParallel)),
    ofHeadRows: (rows) => scale * headTime(rows, shape, gpu, kernel, tensorParallel),
    perContextTokenS: scale * contextTokenTime(shape, gpu, kernel, tensorParallel),
    perAttentionPairS: scale * attentionPairTime(shape, gpu, kernel, tensorParallel),
    perPrefillTokenS: 0,
    perDecodeS: scale * localTime(shape, gpu, kernel, tensorParallel),
    fixedS: scale * shape.layers * kernel.oLayerUs * 1e-6,
  };
}

function knotParts(input: KnotInput, scale: number): KernelParts {
  const { kernel } = input;
  const elementwise = knotElementwiseTime(input);
  return {
    ofTokens: (tokens) =>
      scale *
      (knotGemmTime(tokens, input) + tokens * elementwise + knotAllReduceTime(tokens, input)),
    ofHeadRows: (rows) => scale * knotHeadTime(rows, input),
    perContextTokenS: scale * knotContextTokenTime(input),
    perAttentionPairS: scale * knotPairTime(input),
    perPrefillTokenS: scale * knotPrefillTokenTime(input),
    perDecodeS: scale * knotLocalTime(input),
    fixedS: scale * layersTime(kernel.layerUs, input),
    withDecodesS: scale * layersTime(kernel.decodeLayerUs, input),
    withFinishingS: scale * layersTime(kernel.finishingLayerUs, input),
  };
}

/** A textbook cost a + b * decodes + c * context + d * prefill tokens, for closed forms and experiments. */
export function linearParts(choice: ExecutionTimeChoice & { kind: "linear" }): TimeParts {
  return {
    ofTokens: () => 0,
    ofHeadRows: () => 0,
    perContextTokenS: choice.perContextTokenNs * 1e-9,
    perAttentionPairS: 0,
    perPrefillTokenS: choice.perPrefillTokenUs * 1e-6,
    perDecodeS: choice.perSequenceUs * 1e-6,
    perFinishingPromptS: 0,
    fixedS: choice.iterationUs * 1e-6,
    requestOverheadS: 0,
  };
}
