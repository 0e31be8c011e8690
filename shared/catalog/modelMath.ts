/** Sums over a model's architecture: parameters, bytes of weights, bytes of keys and values. */
import type { kvPrecisionSchema, Model, precisionSchema } from "../schema/catalog.ts";
import type { z } from "../schema/zod.ts";

/** The number format of weights. */
export type Precision = z.infer<typeof precisionSchema>;
/** The number format of keys and values. */
export type KvPrecision = z.infer<typeof kvPrecisionSchema>;

/**
 * Bytes of one weight with its share of scales. int4 is AWQ and GPTQ with groups of 128: 4 bits, a 16-bit scale and a 4-bit zero
 * point. nvfp4: 4 bits and an 8-bit scale per 16; mxfp4: the same per 32.
 */
const weightElementBytes: Readonly<Record<Precision, number>> = {
  bf16: 2,
  fp8: 1,
  int4: 0.5 + 2.5 / 128,
  nvfp4: 0.5 + 1 / 16,
  mxfp4: 0.5 + 1 / 32,
};

/** Bytes of one element at a precision: bf16 2, fp8 1, formats of 4 bits a little over a half for their scales. */
export function bytesPerElement(precision: Precision): number {
  return weightElementBytes[precision];
}

/** Weights of one layer's attention: queries, keys and values, output. Latent attention: the matrices that compress and expand them. */
function attentionParameters(model: Model): number {
  const { hidden, heads, kvHeads, headDim, latentAttention: latent } = model;
  if (latent === undefined) {
    return hidden * (heads + 2 * kvHeads) * headDim + heads * headDim * hidden;
  }
  const { kvRank, queryRank, nopeDim, ropeDim, valueDim } = latent;
  const queryWidth = heads * (nopeDim + ropeDim);
  const queries = queryRank === undefined ? hidden * queryWidth : queryRank * (hidden + queryWidth);
  const keysAndValues = hidden * (kvRank + ropeDim) + kvRank * heads * (nopeDim + valueDim);
  return queries + keysAndValues + heads * valueDim * hidden;
}

/** Matrices of an MLP. */
export function mlpMatrices(model: Model): number {
  return model.mlpMatrices ?? 3;
}

/** Layers with routed experts. */
export function expertLayers({ layers, experts }: Model): number {
  return experts === undefined ? 0 : Math.max(0, layers - experts.denseLayers);
}

/** Parameters of one routed expert, summed over the layers that have it; 0 without experts. */
export function expertParameters(model: Model): number {
  const { hidden, experts } = model;
  if (experts === undefined) return 0;
  return expertLayers(model) * mlpMatrices(model) * hidden * experts.intermediate;
}

/** Parameters of the linear layers that every token goes through: attention, plain MLPs, shared experts and the routers. */
export function denseParameters(model: Model): number {
  const { layers, hidden, intermediate, experts } = model;
  const attention = attentionParameters(model);
  const mlp = mlpMatrices(model) * hidden;
  if (experts === undefined) return layers * (attention + mlp * intermediate);
  const shared = experts.shared * (experts.sharedIntermediate ?? experts.intermediate);
  const withExperts = expertLayers(model);
  return (
    layers * attention +
    (layers - withExperts) * mlp * intermediate +
    withExperts * (mlp * shared + hidden * experts.count)
  );
}

/** Parameters of the linear layers in all: L (h (heads + 2 kvHeads) d + heads d h + 3 h intermediate), and every routed expert. */
export function linearParameters(model: Model): number {
  return denseParameters(model) + (model.experts?.count ?? 0) * expertParameters(model);
}

/** Parameters of the linear layers that one token takes: as many flops per token are twice this. */
export function activeLinearParameters(model: Model): number {
  return denseParameters(model) + (model.experts?.active ?? 0) * expertParameters(model);
}

/** Parameters of the output head, and of the input embedding, which has the same shape: vocab * hidden. */
export function headParameters(model: Model): number {
  return model.vocab * model.hidden;
}

/** Copies of the vocabulary matrix in memory: embedding and head, or one where they are tied or where there is no head. */
export function vocabularyMatrices(model: Model): number {
  return model.tiedEmbeddings || model.kind === "embedding" ? 1 : 2;
}

/** Parameters in all, without norms and biases (under 0.01 %). */
export function parameterCount(model: Model): number {
  return linearParameters(model) + vocabularyMatrices(model) * headParameters(model);
}

/** Parameters that one token takes, as models name them ("A3B"): active linear layers, embedding and head. */
export function activeParameterCount(model: Model): number {
  return activeLinearParameters(model) + vocabularyMatrices(model) * headParameters(model);
}

/** Bytes of one weight outside the routed experts. mxfp4 checkpoints with experts (gpt-oss) hold only the experts in it. */
export function denseElementBytes(model: Model, precision: Precision): number {
  const isExpertsOnly = precision === "mxfp4" && model.experts !== undefined;
  return bytesPerElement(isExpertsOnly ? "bf16" : precision);
}

/** Bytes of the weights of one replica: linear layers at `precision`, embedding and head at bf16. */
export function weightBytes(model: Model, precision: Precision): number {
  const experts = (model.experts?.count ?? 0) * expertParameters(model);
  return (
    denseParameters(model) * denseElementBytes(model, precision) +
    experts * bytesPerElement(precision) +
    vocabularyMatrices(model) * headParameters(model) * bytesPerElement("bf16")
  );
}

/** Layers whose keys and values grow with the whole context. */
function globalLayers({ layers, localAttention }: Model): number {
  return layers - (localAttention?.layers ?? 0);
}

/** Key and value elements of one token in one layer: 2 kvHeads d, or the latent vector with its rotary part. */
function layerKvElements({ kvHeads, headDim, latentAttention: latent }: Model): number {
  return latent === undefined ? 2 * kvHeads * headDim : latent.kvRank + latent.ropeDim;
}

/** Key and value elements of one token: 2 L kvHeads d over the layers that see the whole context. */
export function kvElementsPerToken(model: Model): number {
  return globalLayers(model) * layerKvElements(model);
}

/** Key and value elements of the layers with a window, for one sequence longer than it. 0 without such layers. */
export function localKvElements(model: Model): number {
  const { layers, tokens } = model.localAttention ?? { layers: 0, tokens: 0 };
  return layers * tokens * layerKvElements(model);
}

/** Bytes of keys and values of one token over all GPUs of a replica, without replicated heads. */
export function kvBytesPerToken(model: Model, kvPrecision: KvPrecision): number {
  return kvElementsPerToken(model) * bytesPerElement(kvPrecision);
}

/** Of `total` bytes or elements of all KV heads, what each GPU of a replica holds; with more GPUs than KV heads each holds a whole head, and a latent vector is held whole by every GPU. */
export function kvPerGpu(
  total: number,
  { kvHeads, latentAttention }: Model,
  tensorParallel: number,
): number {
  if (latentAttention !== undefined) return total;
  return (total * Math.ceil(kvHeads / tensorParallel)) / kvHeads;
}

/** Bytes of keys and values of one token on each GPU. */
export function kvBytesPerTokenPerGpu(
  model: Model,
  kvPrecision: KvPrecision,
  tensorParallel: number,
): number {
  return kvPerGpu(kvBytesPerToken(model, kvPrecision), model, tensorParallel);
}
