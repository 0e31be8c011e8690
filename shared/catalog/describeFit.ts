/** A fit as plain data for people and programs: what was asked, the answer with its arithmetic, and requests at once. */
import { type FitCase, requestsAtOnce } from "./fitAlternatives.ts";
import type { MemoryFitInput } from "./memoryFit.ts";

/** Prompt + output lengths for which the requests at once are shown. */
export const shownContexts = [2048, 8192, 32_768];

/** Placement, answer and requests at once; `profile` and `reason` are undefined where there are none. */
export function describeFit({ input, fit }: FitCase) {
  return {
    model: input.model.id,
    gpu: input.gpu.id,
    profile: input.profile,
    backend: input.backend,
    precision: input.precision,
    kvPrecision: input.kvPrecision,
    tensorParallel: input.tensorParallel,
    ...fit,
    requestsAtOnce: shownContexts.map((contextTokens) => ({
      contextTokens,
      requests: requestsAtOnce(fit, input.engine.blockTokens, contextTokens),
    })),
  };
}

/** What of the GPU's constants is estimated and not from a datasheet or measured. */
export function estimatedNotes({ gpu }: Pick<MemoryFitInput, "gpu">): string[] {
  return gpu.provenance
    .filter(({ basis }) => basis === "estimated")
    .map(({ source, note }) => `Estimated for ${gpu.name}: ${note ?? source}`);
}
