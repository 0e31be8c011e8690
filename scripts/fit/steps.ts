/** The rows that the iteration-time model is fitted to: data/fidelity/iterationTimes.csv with the catalog's models and GPU. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadCatalog } from "../../electron/services/catalogFiles.ts";
import { findGpu, findModel } from "../../shared/catalog/catalog.ts";
import {
  type Accelerator,
  acceleratorOf,
  type IterationWork,
  type ModelShape,
  modelShape,
} from "../../shared/serving/executionTime/iterationWork.ts";
import { workOfStep } from "../../shared/serving/executionTime/stepWork.ts";

export const stepsPath = join(import.meta.dirname, "../../data/fidelity/iterationTimes.csv");

/** One iteration time of the file. */
export interface StepRow {
  /** Coefficient set it belongs to: backend-precision. */
  readonly set: string;
  readonly model: string;
  readonly tensorParallel: number;
  /** Rows of one block differ only in context: cross-validation holds whole blocks back. */
  readonly block: string;
  readonly work: IterationWork;
  readonly shape: ModelShape;
  readonly gpu: Accelerator;
  readonly seconds: number;
}

/** Every row of the file, in its order. */
export function readSteps(): StepRow[] {
  const [header, ...lines] = readFileSync(stepsPath, "utf8").trim().split("\n");
  const columns = header.split(",");
  const catalog = loadCatalog();
  const gpu = findGpu(catalog, "h100-sxm");
  const accelerators = new Map<number, Accelerator>();
  const shapes = new Map<string, ModelShape>();
  const acceleratorFor = (tensorParallel: number): Accelerator =>
    keep(accelerators, tensorParallel, () => acceleratorOf(gpu, tensorParallel));
  const shapeFor = (model: string, precision: string): ModelShape =>
    keep(shapes, `${model} ${precision}`, () => {
      const kvPrecision = precision === "fp8kv" ? "fp8" : "bf16";
      const entry = findModel(catalog, model.toLowerCase());
      return modelShape(entry, precision === "bf16" ? "bf16" : "fp8", kvPrecision);
    });
  return lines.map((line) => {
    const cells = line.split(",");
    const text = (name: string): string => cells[columns.indexOf(name)];
    const tensorParallel = Number(text("tp"));
    return {
      set: `${text("backend")}-${text("precision")}`,
      model: text("model"),
      tensorParallel,
      block: `${text("prefill_tokens")}/${text("decode_bs")}`,
      work: workOfStep({
        prefillTokens: Number(text("prefill_tokens")),
        decodeSequences: Number(text("decode_bs")),
        contextTokens: Number(text("ctx_len")),
      }),
      shape: shapeFor(text("model"), text("precision")),
      gpu: acceleratorFor(tensorParallel),
      seconds: Number(text("latency_ms")) / 1000,
    };
  });
}

function keep<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
