/** A row of a calibration file as a case of the virtual benchmark: what its kind, spellings and numbers mean. */
import { type Catalog, findCoefficientSet } from "../../catalog/catalog.ts";
import { sglangMemFraction } from "../../catalog/memoryRules.ts";
import type { CoefficientSet, EarlierEngine, Model } from "../../schema/catalog.ts";
import type { EngineLimits } from "../../schema/fleet.ts";
import { InputError } from "../../units/errors.ts";
import { bytesPerGib } from "../../units/units.ts";
import {
  type BenchmarkCase,
  type BenchmarkLoad,
  type BenchmarkTarget,
  promptsPerClient,
  usualJitter,
} from "./benchmarkCase.ts";
import type { CaseReader, CaseRow } from "./caseTable.ts";
import { builtEngine, contextFactor, earlierEngine, readEngineVersion } from "./earlierEngines.ts";
import { readBackend, readGpu, readModel, readPrecision } from "./spellings.ts";

/** Columns without which no row can be predicted. */
export const requiredCalibrationColumns = [
  "gpu",
  "engine",
  "model",
  "precision",
  "tp",
  "isl",
  "osl",
  "concurrency",
] as const;

/** How a kind of row was measured, and what its tokens_s counts: "steady" is concurrency * output / latency, "whole" all output tokens over the duration. */
interface KindRule {
  readonly start: BenchmarkLoad["start"];
  readonly jitter: number;
  readonly throughput: "steady" | "whole";
  readonly promptsOf: (row: LoadNumbers) => number;
  /** The row gives kernel time: the estimator's own sums, without the host's share. */
  readonly isKernelOnly: boolean;
}

interface LoadNumbers {
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly concurrency: number;
}

/** Requests per client in rows of NIM: their client, genai-perf, sends for as long as its time windows ask, so that the first burst weighs less than among ten. Estimated from the TTFT of such rows. */
const promptsPerWindowedClient = 20;

const closedLoop: KindRule = {
  start: "burst",
  jitter: usualJitter,
  throughput: "steady",
  promptsOf: ({ concurrency }) => promptsPerClient * concurrency,
  isKernelOnly: false,
};

const offline: KindRule = {
  start: "batch",
  jitter: 0,
  throughput: "whole",
  promptsOf: offlinePrompts,
  isKernelOnly: false,
};

/** The kinds by name. mig_offline rows hand over `concurrency` prompts at a time and wait for the last. */
const kindRules: Readonly<Record<string, KindRule>> = {
  concurrency: closedLoop,
  tool_agg: { ...closedLoop, isKernelOnly: true },
  tool_static: {
    ...offline,
    throughput: "steady",
    promptsOf: ({ concurrency }) => concurrency,
    isKernelOnly: true,
  },
  offline_max: offline,
  mlperf_offline: offline,
  mig_offline: { ...offline, jitter: usualJitter, promptsOf: ({ concurrency }) => concurrency },
};

/** Prompts of an offline maximum, as TensorRT-LLM's performance overview (v0.14, "Preparing a Dataset") lists them: fewer for longer sequences. */
function offlinePrompts({ promptTokens, outputTokens }: LoadNumbers): number {
  const tokens = promptTokens + outputTokens;
  if (tokens <= 512) return 30_000;
  if (tokens <= 3500) return 3000;
  return tokens <= 12_000 ? 1500 : 1000;
}

/** A row that can be run. */
export interface CalibrationCase {
  readonly input: BenchmarkCase;
  readonly throughput: KindRule["throughput"];
  /** Replicas that the row's GPUs make up; tokens_s counts all of them. */
  readonly replicas: number;
  readonly notes: readonly string[];
}

/** What a row is about: names of its group. */
export interface RowGroup {
  readonly kind: string;
  readonly backend: string;
  readonly model: string;
  readonly precision: string;
}

/** A row as a case. Throws InputError that says why it cannot be one. */
export function readCalibrationRow(
  row: CaseRow,
  reader: CaseReader,
  catalog: Catalog,
): { readonly case: CalibrationCase; readonly group: RowGroup } {
  const kind = reader.text(row, "kind") || "concurrency";
  const rule = kindRule(kind);
  const backend = readBackend(reader.text(row, "engine"));
  const model = readModel(reader.text(row, "model"), catalog.models);
  const { gpu, profile, gpuCount, note } = readGpu(reader.text(row, "gpu"), catalog.gpus);
  const { label, ...precisions } = readPrecision(
    reader.text(row, "precision"),
    reader.text(row, "kv"),
    backend,
  );
  const tensorParallel = reader.count(row, "tp");
  const load = readLoad(row, reader, clientRule(rule, reader.text(row, "engine")));
  const served = { model, gpu, profile, backend, ...precisions, tensorParallel };
  const { precision, kvPrecision } = precisions;
  const { set } = findCoefficientSet(catalog.coefficients, backend, precision, kvPrecision);
  const earlier = earlierEngine(set, readEngineVersion(reader.text(row, "engine")));
  const host = rule.isKernelOnly ? kernelOnlyHost : earlierHost(earlier, model, tensorParallel);
  const target = { ...served, host, engine: rowEngine(kind, served, load, earlier) };
  return {
    case: {
      input: { target, load },
      throughput: rule.throughput,
      replicas: Math.max(1, Math.floor((gpuCount ?? tensorParallel) / tensorParallel)),
      notes: [...(note === undefined ? [] : [note]), ...roundedLengths(row, reader)],
    },
    group: { kind, backend, model: model.id, precision: label },
  };
}

/** Tokens of an iteration in the usual engine. */
const usualTokens = 8192;

/** Bytes that an engine of TensorRT-LLM for offline maxima keeps from the KV cache: buffers for 2,048 sequences and 8,192 tokens. Estimated from rows on one GPU, where weights leave little else: with 3 GB they would hold twice the requests measured. */
const offlineActivationBytes = 6e9;

/** What a kind of row says of its engine: a static batch computes all its prompts in one iteration; an offline maximum ran on an engine made for it. */
function rowEngine(
  kind: string,
  served: Pick<BenchmarkTarget, "backend" | "gpu" | "model" | "tensorParallel">,
  { promptTokens, outputTokens, prompts }: BenchmarkLoad,
  earlier: EarlierEngine | undefined,
): Partial<EngineLimits> | undefined {
  if (kind === "tool_static") return staticEngine(served, promptTokens * prompts);
  if (kind !== "offline_max" || served.backend !== "trtllm") return undefined;
  if (earlier) return builtEngine(earlier, served, promptTokens + outputTokens);
  return { activationBytes: offlineActivationBytes };
}

/** One iteration for all prompts, in the memory of the usual engine: SGLang would set more aside for so large a chunk. */
function staticEngine(
  { backend, gpu, tensorParallel }: Pick<BenchmarkTarget, "backend" | "gpu" | "tensorParallel">,
  tokens: number,
): Partial<EngineLimits> {
  const maxNumBatchedTokens = Math.max(usualTokens, Math.min(131_072, tokens));
  if (backend !== "sglang") return { maxNumBatchedTokens };
  const usableBytes = gpu.memoryGib * bytesPerGib;
  const memFractionStatic = sglangMemFraction(usableBytes, usualTokens, tensorParallel);
  return { maxNumBatchedTokens, memFractionStatic };
}

function earlierHost(earlier: EarlierEngine | undefined, model: Model, tensorParallel: number) {
  if (earlier === undefined) return undefined;
  return { contextFactor: contextFactor(earlier, model, tensorParallel) };
}

/** Host terms of rows that hold kernel time alone: every term, so that none of a set's own is left. */
export const kernelOnlyHost: Required<CoefficientSet["host"]> = {
  gpuScale: 1,
  oIterUs: 0,
  oSeqUs: 0,
  oTpUs: 0,
  oReqMs: 0,
  prefillShare: 0,
  blockPrefillShare: 0,
  contextFactor: 1,
};

function kindRule(kind: string): KindRule {
  const found = Object.hasOwn(kindRules, kind) ? kindRules[kind] : undefined;
  if (found) return found;
  const known = Object.keys(kindRules).join(", ");
  const why =
    kind === "mlperf_server"
      ? "a row of mlperf_server does not give its arrival rate"
      : `the kind "${kind}" is not known`;
  throw new InputError(`Not predicted: ${why}. Kinds that are: ${known}.`, { field: "kind" });
}

function clientRule(rule: KindRule, engine: string): KindRule {
  if (rule !== closedLoop || !/^\s*nim\b/i.test(engine)) return rule;
  return { ...rule, promptsOf: ({ concurrency }) => promptsPerWindowedClient * concurrency };
}

/** Lengths that are not whole, as means of a benchmark tool, and what they count as. */
function roundedLengths(row: CaseRow, reader: CaseReader): string[] {
  return ["isl", "osl"]
    .filter((name) => !Number.isInteger(reader.number(row, name)))
    .map((name) => `${name} ${reader.text(row, name)} counts as ${reader.tokens(row, name)}`);
}

function readLoad(row: CaseRow, reader: CaseReader, rule: KindRule): BenchmarkLoad {
  const isFree = rule.promptsOf === offlinePrompts;
  const numbers: LoadNumbers = {
    promptTokens: reader.tokens(row, "isl"),
    outputTokens: reader.number(row, "osl") === 0 ? 0 : reader.tokens(row, "osl"),
    concurrency: isFree ? 1 : reader.count(row, "concurrency"),
  };
  const { start, jitter } = rule;
  return { ...numbers, prompts: rule.promptsOf(numbers), start, jitter, seed: 1 };
}
