/** Engines before the version to which a coefficient set is fitted: what they did otherwise, and how NVIDIA's benchmark built them. */
import type { CoefficientSet, EarlierEngine, Model } from "../../schema/catalog.ts";
import type { EngineLimits } from "../../schema/fleet.ts";
import type { BenchmarkTarget } from "./benchmarkCase.ts";

/** Version of an engine. */
export interface EngineVersion {
  readonly major: number;
  readonly minor: number;
}

/** The version behind an engine's name: "trtllm 1.0.0rc3" is 1.0, "TensorRT-LLM 0.14" is 0.14. Undefined without one ("vllm ?"), and for NIM, whose versions are its own. */
export function readEngineVersion(text: string): EngineVersion | undefined {
  const found = /^\s*(?!nim)[a-z_-]+[\s_:=-]*v?(\d+)\.(\d+)/i.exec(text);
  return found ? { major: Number(found[1]), minor: Number(found[2]) } : undefined;
}

/** The set's entry for that version: of those that it comes before, the first. Undefined for none, and for an unknown version, which counts as current. */
export function earlierEngine(
  set: CoefficientSet,
  version: EngineVersion | undefined,
): EarlierEngine | undefined {
  if (version === undefined) return undefined;
  return set.earlierEngines?.find(({ before }) => {
    const [major, minor] = before.split(".").map(Number);
    return version.major < major || (version.major === major && version.minor < minor);
  });
}

/** Heads of keys and values on a GPU from which on an engine reads them as fast as it can. */
const fullHeads = 8;

/** Factor on the time of reading keys and values: earlier engines were slower the fewer heads of them a GPU held. */
export function contextFactor(
  { contextFactor: full, contextSplit }: EarlierEngine,
  { kvHeads }: Model,
  tensorParallel: number,
): number {
  const heads = Math.max(1, kvHeads / tensorParallel);
  return full * (1 + contextSplit * Math.max(0, fullHeads / heads - 1));
}

/** Sequences and tokens that an engine is built for. */
type BuiltLimits = readonly [maxNumSeqs: number, maxNumBatchedTokens: number];

/** Built limits by GPUs in tensor parallel; `tokens` overrides them for requests of that many tokens in all. */
interface BuildRule {
  readonly models: RegExp;
  readonly byGpus: Readonly<Record<number, BuiltLimits>>;
  readonly tokens?: Readonly<Record<string, BuiltLimits>>;
}

/** What `trtllm-bench build` chose before it computed limits by itself: benchmark_config.yml of TensorRT-LLM (Apache-2.0), read on 2026-11-26 as of commit 8fcf9fc2. The same for every GPU and precision. */
const buildRules: readonly BuildRule[] = [
  { models: /^llama-3(\.\d)?-8b/, byGpus: { 1: [2048, 8192] } },
  {
    models: /^llama-3(\.\d)?-70b/,
    byGpus: { 1: [2048, 2048], 2: [256, 1024], 4: [2048, 1024], 8: [8192, 16_384] },
    tokens: { "2/4096": [2048, 1024] },
  },
  { models: /^llama-2-7b/, byGpus: { 1: [4096, 8192] } },
  {
    models: /^llama-2-70b/,
    byGpus: { 2: [2048, 2048], 4: [4096, 8192], 8: [8192, 16_384] },
    tokens: { "4/4224": [256, 8192], "8/2176": [1024, 16_384] },
  },
  { models: /^mixtral-8x7b/, byGpus: { 2: [2048, 3072], 4: [8192, 8192] } },
  { models: /^mistral-7b/, byGpus: { 1: [4098, 8192] } },
];

/** What it builds for where nothing is listed. */
const usualBuild: BuiltLimits = [2048, 8192];
/** The most sequences of a pool (schema/fleet.ts). */
const mostSequences = 4096;
const logitBytes = 4;
/** Copies of the logits of every sequence that the engine keeps. */
const logitCopies = 2;

/** Limits and memory of an engine that was built by NVIDIA's benchmark for requests of `requestTokens` (prompt and output). */
export function builtEngine(
  { bufferBytes }: EarlierEngine,
  { model, tensorParallel }: Pick<BenchmarkTarget, "model" | "tensorParallel">,
  requestTokens: number,
): Partial<EngineLimits> {
  const rule = buildRules.find(({ models }) => models.test(model.id));
  const [sequences, maxNumBatchedTokens] =
    rule?.tokens?.[`${tensorParallel}/${requestTokens}`] ??
    rule?.byGpus[tensorParallel] ??
    usualBuild;
  const logits = logitCopies * logitBytes * model.vocab * sequences;
  return {
    maxNumSeqs: Math.min(mostSequences, sequences),
    maxNumBatchedTokens,
    activationBytes: bufferBytes + logits,
  };
}
