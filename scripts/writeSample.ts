/** Writes data/samples/azure-conv-hybrid.crossover from the catalog, so that the sample's prices and GPU data are the catalog's. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { atomicWriteFile } from "../electron/files/atomicWrite.ts";
import { loadCatalog } from "../electron/services/catalogFiles.ts";
import {
  findGpu,
  findLicence,
  findModel,
  findOffer,
  findProvider,
} from "../shared/catalog/catalog.ts";
import { type ScenarioInput, scenarioSchema } from "../shared/schema/scenario.ts";
import { serialiseScenario } from "../shared/schema/scenarioFile.ts";

const samples = join(dirname(dirname(fileURLToPath(import.meta.url))), "data/samples");
const traceFile = "AzureLLMInferenceTrace_conv.csv";

/** The sample as text. */
export function sampleScenario(): string {
  const catalog = loadCatalog();
  const sha256 = createHash("sha256")
    .update(readFileSync(join(samples, traceFile)))
    .digest("hex");
  const offer = findOffer(catalog, "h100-sxm-gpu-cloud");
  const input: ScenarioInput = {
    format: "crossover-scenario",
    version: 1,
    name: "Azure conversations, hybrid",
    notes:
      "One hour of the Azure LLM inference trace (conversation). A seeded 30 % of the requests is real-time and goes to an API; the rest runs on two rented H100s with Llama-3.3-70B in fp8, at most 32 requests at once so that tokens come fast enough, and spills over to the API when more than eight requests wait or one waits four seconds.",
    seed: 2026,
    clock: { startWeekday: "thursday", startTime: "18:15", utcOffsetMinutes: 0 },
    monthHours: 730,
    gpus: [findGpu(catalog, "h100-sxm")],
    models: [findModel(catalog, "llama-3.3-70b")],
    coefficients: catalog.coefficients.filter((each) => each.id === "vllm-fp8"),
    licences: [findLicence(catalog, "nvaie-subscription")],
    traffic: {
      sources: [{ id: "azure-conv", kind: "trace", file: traceFile, format: "azure", sha256 }],
      classes: [
        {
          id: "real-time",
          tier: "realTime",
          share: 0.3,
          targets: { ttft: { percentile: 0.95, ms: 2000 }, tpot: { percentile: 0.95, ms: 50 } },
        },
        {
          id: "near-line",
          tier: "nearLine",
          priority: 1,
          targets: { ttft: { percentile: 0.95, ms: 5000 }, tpot: { percentile: 0.95, ms: 100 } },
        },
      ],
    },
    pools: [
      {
        id: "own-h100",
        gpu: "h100-sxm",
        model: "llama-3.3-70b",
        backend: "vllm",
        precision: "fp8",
        kvPrecision: "fp8",
        tensorParallel: 2,
        replicas: 1,
        engine: { maxNumSeqs: 32 },
        price: { usdPerGpuHour: offer.usdPerGpuHour, provenance: offer.provenance },
        licence: "nvaie-subscription",
      },
    ],
    providers: [findProvider(catalog, "gpt-4.1")],
    rules: [
      { id: "real-time-to-api", match: { tiers: ["realTime"] }, to: { provider: "gpt-4.1" } },
      {
        id: "near-line-to-own",
        match: { tiers: ["nearLine"] },
        to: { pool: "own-h100" },
        guards: { maxWaiting: 8, maxKvUsage: 0.95 },
        spillAfterS: 4,
      },
      { id: "spill-to-api", to: { provider: "gpt-4.1" } },
    ],
  };
  return serialiseScenario(scenarioSchema.parse(input));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  atomicWriteFile(join(samples, "azure-conv-hybrid.crossover"), sampleScenario());
}
