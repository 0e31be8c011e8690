/** What one GPU does at most: everything queued at t = 0, for models x precisions x backends x ratios. */
import { findCoefficientSet, findGpu, findModel } from "../../../catalog/catalog.ts";
import { listedPrecisions } from "../../../catalog/fitAlternatives.ts";
import type { Backend } from "../../../catalog/memoryRules.ts";
import type { KvPrecision, Precision } from "../../../catalog/modelMath.ts";
import type { Model } from "../../../schema/catalog.ts";
import type { OfflineBatchExperiment } from "../../../schema/claims.ts";
import { type BenchmarkTarget, usualJitter } from "../../benchmark/benchmarkCase.ts";
import { runBenchmark } from "../../benchmark/runBenchmark.ts";
import type { ClaimInputs, QuantityBook } from "../quantities.ts";
import type { ExperimentCase } from "./experimentResult.ts";

type Coefficients = ClaimInputs["catalog"]["coefficients"];

interface Lengths {
  readonly label: string;
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/** One case per combination; a model that does not fit says so. Keys and values are fp8 under fp8 weights where that was fitted, else bf16. */
export function runOfflineBatch(
  experiment: OfflineBatchExperiment,
  { catalog }: ClaimInputs,
  book: QuantityBook,
): ExperimentCase[] {
  const gpu = findGpu(catalog, experiment.gpu);
  const models = modelsOf(experiment, catalog);
  const lengths = lengthsOf(experiment, book);
  const chosenFor = (model: Model) =>
    experiment.precisions === "all" ? listedPrecisions(gpu, model) : experiment.precisions;
  return models.flatMap((model) =>
    chosenFor(model).flatMap((precision) =>
      experiment.backends.flatMap((backend) => {
        const kvPrecision = kvOf(catalog.coefficients, backend, precision);
        const target = { model, gpu, backend, precision, kvPrecision };
        return lengths.map((each) =>
          runOne({ ...target, tensorParallel: 1 }, each, experiment.prompts, catalog.coefficients),
        );
      }),
    ),
  );
}

function modelsOf(experiment: OfflineBatchExperiment, catalog: ClaimInputs["catalog"]): Model[] {
  if (experiment.models === "all") {
    return catalog.models.filter((model) => model.kind !== "embedding");
  }
  return experiment.models.map((id) => findModel(catalog, id));
}

/** fp8 keys and values under fp8 weights where that was fitted for the backend, else bf16. */
function kvOf(sets: Coefficients, backend: Backend, precision: Precision): KvPrecision {
  if (precision !== "fp8") return "bf16";
  return findCoefficientSet(sets, backend, precision, "fp8").note === undefined ? "fp8" : "bf16";
}

function lengthsOf(experiment: OfflineBatchExperiment, book: QuantityBook): Lengths[] {
  const tokens = book.evaluate(experiment.tokensPerRequest);
  return experiment.ratios.map((ratio) => {
    const input = book.evaluate(ratio.input);
    const output = book.evaluate(ratio.output);
    const promptTokens = Math.max(1, Math.round((tokens * input) / (input + output)));
    const outputTokens = Math.max(1, Math.round(tokens) - promptTokens);
    return { label: ratio.label, promptTokens, outputTokens };
  });
}

function runOne(
  target: BenchmarkTarget,
  { label: ratio, promptTokens, outputTokens }: Lengths,
  prompts: number,
  coefficients: Coefficients,
): ExperimentCase {
  const { model, precision, backend } = target;
  const label = `${model.id} ${precision}, ${backend}, ${ratio}`;
  const lengths = { promptTokens, outputTokens };
  const clients = { concurrency: 1, start: "batch" as const, jitter: usualJitter, seed: 1 };
  const outcome = runBenchmark({ target, load: { ...lengths, ...clients, prompts } }, coefficients);
  const place = { row: model.id, column: ratio, variant: `${precision}, ${backend}` };
  if (!outcome.fits) return { label, place, figures: {}, notes: [], impossible: outcome.reason };
  const { outputTokensPerS, meanBatch, extrapolatedShare, kvCapacityTokens } = outcome.figures;
  const tokensPerS = (outputTokensPerS * (promptTokens + outputTokens)) / outputTokens;
  const figures = { tokensPerS, outputTokensPerS, meanBatch, extrapolatedShare, kvCapacityTokens };
  return { label, place, figures: { ...figures, ...lengths }, notes: outcome.notes };
}
