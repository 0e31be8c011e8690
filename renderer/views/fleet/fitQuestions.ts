/** What the editors ask about memory: each pool on its place, each model on each instance. */
import type { Draft } from "../../components/editing.tsx";
import type { FitQuestion } from "../../state/catalogShelf.ts";
import type { PoolInput } from "./poolEdits.ts";

/** Limits of the engine that decide about memory. */
const memoryLimits = [
  "blockTokens",
  "gpuMemoryUtilization",
  "activationBytes",
  "memFractionStatic",
  "freeMemoryFraction",
  "maxModelLen",
  "kvCapacityTokens",
  "maxNumSeqs",
  "maxNumBatchedTokens",
] as const;

/** The question whether a pool's model fits, on its own place or on the instance named. Undefined while the pool names no model or GPU. */
export function fitQuestion(
  input: Draft,
  pool: PoolInput,
  profile: string | undefined = pool.partition?.profile,
): FitQuestion | undefined {
  if (!pool.model || !pool.gpu) return undefined;
  const gpus = (input.gpus ?? []).filter(({ id }) => id === pool.gpu);
  const models = (input.models ?? []).filter(({ id }) => id === pool.model);
  const limits = memoryLimits.flatMap((key) => {
    const value = pool.engine?.[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return {
    ...{ model: pool.model, gpu: pool.gpu, backend: pool.backend },
    precision: pool.precision ?? "bf16",
    kvPrecision: pool.kvPrecision ?? "bf16",
    tensorParallel: profile === undefined ? (pool.tensorParallel ?? 1) : 1,
    engine: Object.fromEntries(limits),
    ...(profile !== undefined && { profile }),
    document: { gpus, models },
  };
}
