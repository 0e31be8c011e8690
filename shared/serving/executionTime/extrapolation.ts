/** What of a pool lies outside that to which the iteration-time coefficients were fitted, whatever its load. */
import type { KvPrecision, Precision } from "../../catalog/modelMath.ts";
import type { CoefficientSet, Gpu, Model } from "../../schema/catalog.ts";

/** The pool's names. */
export interface ExtrapolationInput {
  readonly gpu: Gpu;
  readonly model: Model;
  readonly precision: Precision;
  readonly kvPrecision: KvPrecision;
  readonly migProfile?: string;
  readonly coefficients: CoefficientSet;
}

/** One sentence for each thing that no fitted row has: the GPU, a MIG instance, a number format, the model, routed experts, compressed keys and values, prompts alone. Where there is one, every iteration counts as extrapolated. */
export function extrapolationReasons(input: ExtrapolationInput): string[] {
  const { gpu, model, migProfile, coefficients } = input;
  const reasons = formatReasons(input);
  if (!coefficients.fitted.gpus.includes(gpu.id)) reasons.unshift(gpuReason(gpu, coefficients));
  if (migProfile !== undefined) {
    reasons.push(
      `times on ${migProfile} are extrapolated: flops by its SMs and bandwidth by its memory slices, overheads as on a whole GPU`,
    );
  }
  if (model.experts !== undefined) {
    reasons.push(
      `times of ${model.name} are extrapolated: weights read by the experts that a batch touches, E (1 - (1 - k/E)^T) of them, flops by the active ones; no mixture of experts was fitted`,
    );
  }
  if (model.latentAttention !== undefined) {
    reasons.push(`attention of ${model.name} is extrapolated: one compressed vector for all heads`);
  }
  if (model.kind === "embedding") {
    reasons.push(`times of ${model.name} are extrapolated: no embedding model was fitted`);
  }
  if (isOtherModel(model, coefficients)) reasons.push(modelReason(model, coefficients));
  return reasons;
}

/** A model like the fitted ones that is none of them. A set that lists none is not asked. */
function isOtherModel({ id, experts, kind }: Model, { fitted }: CoefficientSet): boolean {
  if (fitted.models === undefined || fitted.models.includes(id)) return false;
  return experts === undefined && kind !== "embedding";
}

function modelReason({ name }: Model, { id, fitted: { models = [] } }: CoefficientSet): string {
  return `times of ${name} are extrapolated: ${id} was fitted to ${models.join(", ")}, this model stands by its architecture`;
}

function gpuReason(gpu: Gpu, { id }: CoefficientSet): string {
  const isEstimated = gpu.provenance.some(({ basis }) => basis === "estimated");
  const basis = isEstimated ? "datasheet constants, some of them estimated" : "datasheet constants";
  return `times on ${gpu.name} are extrapolated: ${id} was fitted on others; the GPU stands by its ${basis}`;
}

function formatReasons({ precision, kvPrecision, coefficients }: ExtrapolationInput): string[] {
  const { servesKvPrecisions = [coefficients.kvPrecision] } = coefficients;
  if (precision !== coefficients.precision) {
    return [
      `times at ${precision} are extrapolated: ${coefficients.id} was fitted to ${coefficients.precision}`,
    ];
  }
  if (servesKvPrecisions.includes(kvPrecision)) return [];
  return [
    `times with a ${kvPrecision} KV cache are extrapolated: ${coefficients.id} was fitted with ${coefficients.kvPrecision}`,
  ];
}
