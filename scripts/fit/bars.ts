/** The errors that the model is to reach, and those of NVIDIA's estimator: what the card holds its own against. */
import type { ErrorPair } from "../../shared/schema/fidelityCard.ts";

const pair = (medianPct: number, p90Pct: number): ErrorPair => ({ medianPct, p90Pct });

/** Times of single iterations. */
export const iterationBar = pair(4, 12);

/** A group of measured rows. */
interface MeasuredGroup {
  readonly figure: string;
  readonly kind: string;
  readonly backend: string;
  readonly model: string;
  readonly precision: string;
}

/** The bar of a group, null where none is set. */
export function servingBar({ figure, kind, backend, precision }: MeasuredGroup): ErrorPair | null {
  if (kind === "offline_max") return pair(8, 20);
  if (kind !== "concurrency") return null;
  if (figure === "ttft") return pair(15, 30);
  if (figure === "throughput") return pair(6, 15);
  if (precision === "fp8" && backend === "vllm") return pair(5, 12);
  if (precision === "fp8" && backend === "trtllm") return pair(8, 20);
  return pair(6, 15);
}

/** TPOT errors of NVIDIA aiconfigurator 0.12.0 on the measured points of its own silicon sample, compared with them on 2026-11-24. */
const estimatorTpot: Readonly<Record<string, ErrorPair>> = {
  "vllm llama-3.1-70b fp8": pair(5.8, 12.3),
  "vllm qwen3-32b bf16": pair(13.9, 26.5),
  "trtllm llama-3.1-8b bf16": pair(6.8, 24.6),
  "trtllm qwen3-32b fp8": pair(10.4, 17.1),
};

/** The estimator's error in a group, null where it is not known. */
export function estimatorError(group: MeasuredGroup): ErrorPair | null {
  const { figure, kind, backend, model, precision } = group;
  if (figure !== "tpot" || kind !== "concurrency") return null;
  return estimatorTpot[`${backend} ${model} ${precision}`] ?? null;
}
