/** Sums over a model's architecture: parameters, bytes of weights, bytes of keys and values. */

import type { Model, precisionSchema } from "../schema/catalog.ts";
import type { z } from "../schema/zod.ts";

/** The number format of weights, or of keys and values. */
export type Precision = z.infer<typeof precisionSchema>;

/** Bytes of one element at a precision: bf16 2, fp8 1. */
export function bytesPerElement(precision: Precision): number {
  return precision === "fp8" ? 1 : 2;
}

/** Parameters of the linear layers: L (h (heads + 2 kvHeads) d + heads d h + 3 h intermediate). */
export function linearParameters(model: Model): number {
  const { layers, hidden, heads, kvHeads, headDim, intermediate } = model;
  const attention = hidden * (heads + 2 * kvHeads) * headDim + heads * headDim * hidden;
  return layers * (attention + 3 * hidden * intermediate);
}

/** Parameters of the output head, and of the input embedding, which has the same shape: vocab * hidden. */
export function headParameters(model: Model): number {
  return model.vocab * model.hidden;
}

/** Copies of the vocabulary matrix in memory: embedding and head, or one where they are tied. */
export function vocabularyMatrices(model: Model): number {
  return model.tiedEmbeddings ? 1 : 2;
}

/** Parameters in all, without norms and biases (under 0.01 %). */
export function parameterCount(model: Model): number {
  return linearParameters(model) + vocabularyMatrices(model) * headParameters(model);
}

/** Bytes of the weights of one replica: linear layers at `precision`, embedding and head at bf16. */
export function weightBytes(model: Model, precision: Precision): number {
  return (
    linearParameters(model) * bytesPerElement(precision) +
    vocabularyMatrices(model) * headParameters(model) * bytesPerElement("bf16")
  );
}

/** Key and value elements of one token: 2 L kvHeads d. */
export function kvElementsPerToken(model: Model): number {
  return 2 * model.layers * model.kvHeads * model.headDim;
}

/** Bytes of keys and values of one token over all GPUs of a replica, without replicated heads. */
export function kvBytesPerToken(model: Model, kvPrecision: Precision): number {
  return kvElementsPerToken(model) * bytesPerElement(kvPrecision);
}

/** Bytes of keys and values of one token on each GPU; with more GPUs than KV heads, each holds a whole head and heads are held more than once. */
export function kvBytesPerTokenPerGpu(
  model: Model,
  kvPrecision: Precision,
  tensorParallel: number,
): number {
  const headsPerGpu = Math.ceil(model.kvHeads / tensorParallel);
  return 2 * model.layers * headsPerGpu * model.headDim * bytesPerElement(kvPrecision);
}
