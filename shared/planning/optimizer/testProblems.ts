/** Small optimization problems for tests: a catalog of two GPUs, a model, made traffic. */
import type { Catalog } from "../../catalog/catalog.ts";
import {
  coefficientSetSchema,
  gpuSchema,
  licenceSchema,
  modelSchema,
} from "../../schema/catalog.ts";
import { type Scenario, type ScenarioInput, scenarioSchema } from "../../schema/scenario.ts";
import { defaultSearchSpace, type SearchSpaceFile } from "../../schema/searchSpace.ts";
import { testCatalog } from "../../serving/testCatalog.ts";

const provenance = [{ source: "test", retrievedOn: "2026-11-26", basis: "estimated" as const }];

/** H100s of the engine's tests with two MIG profiles, and one half as fast at a third of the price. */
export function problemCatalog(): Catalog {
  const { gpus, models, coefficients } = testCatalog();
  const [h100] = gpus!;
  const slice = { maxInstances: 2, smCount: 60, memorySlices: 4, starts: [0, 4] };
  const small = { ...slice, name: "3g.40gb", computeSlices: 3, memoryGib: 39.5 };
  const quarter = {
    ...{ name: "2g.20gb", computeSlices: 2, memoryGib: 19.62, memorySlices: 2 },
    ...{ maxInstances: 3, smCount: 32, starts: [0, 2, 4] },
  };
  const fast = { ...h100, migProfiles: [quarter, small] };
  const slow = {
    ...h100,
    ...{ id: "slow", name: "Slow", bandwidthBytesPerS: 1.6e12, f16Flops: 400e12, f8Flops: 800e12 },
  };
  const offer = (gpu: string, usdPerGpuHour: number) => ({
    ...{ id: `${gpu}-offer`, gpu, name: `offer of ${gpu}`, usdPerGpuHour, provenance },
  });
  const licence = { usdPerGpuYear: 0, usdPerGpuHour: 0, production: true, provenance };
  return {
    gpus: [fast, slow].map((each) => gpuSchema.parse(each)),
    models: models!.map((each) => modelSchema.parse(each)),
    coefficients: coefficients!.map((each) => coefficientSetSchema.parse(each)),
    offers: [offer("h100-sxm", 2.69), offer("h100-sxm", 3.5), offer("slow", 0.9)],
    licences: [
      { ...licence, id: "free", name: "Free" },
      { ...licence, id: "paid", name: "Paid", usdPerGpuYear: 4500 },
      { ...licence, id: "trial", name: "Trial", production: false },
    ].map((each) => licenceSchema.parse(each)),
    providers: [],
  };
}

/** What a problem may be made of. */
export interface ProblemParts {
  readonly seed?: number;
  readonly requests?: number;
  readonly rateRps?: number;
  readonly promptMean?: number;
  readonly outputMean?: number;
  readonly ttftMs?: number;
  readonly tpotMs?: number;
  readonly hasApi?: boolean;
  readonly apiUsdPerMTok?: number;
  readonly rule?: Partial<ScenarioInput["rules"][number]>;
  readonly pool?: Partial<NonNullable<ScenarioInput["pools"]>[number]>;
  readonly more?: Partial<ScenarioInput>;
}

/** A scenario of one class, one pool and, unless it is said not to, an API for what the pool does not take. */
export function problem(parts: ProblemParts = {}): Scenario {
  const { hasApi = true, apiUsdPerMTok = 2, ttftMs = 2000, tpotMs = 60 } = parts;
  const catalog = problemCatalog();
  const guarded = hasApi ? { guards: { maxWaiting: 4 } } : {};
  return scenarioSchema.parse({
    format: "crossover-scenario",
    version: 1,
    name: "problem",
    seed: parts.seed ?? 1,
    gpus: catalog.gpus.slice(0, 1),
    models: catalog.models,
    coefficients: catalog.coefficients,
    traffic: {
      sources: [
        {
          id: "load",
          kind: "synthetic",
          requests: parts.requests ?? 400,
          arrivals: { process: "poisson", rateRps: parts.rateRps ?? 8 },
          lengths: {
            prompt: { kind: "lognormal", mean: parts.promptMean ?? 800, sigma: 0.8 },
            output: { kind: "lognormal", mean: parts.outputMean ?? 150, sigma: 0.7 },
          },
        },
      ],
      classes: [{ id: "all", targets: { ttft: { ms: ttftMs }, tpot: { ms: tpotMs } } }],
    },
    pools: [
      {
        ...{ id: "own", gpu: "h100-sxm", model: "llama-3.1-8b", backend: "vllm", replicas: 1 },
        engine: { maxNumSeqs: 32 },
        price: { usdPerGpuHour: 2.69, provenance },
        ...parts.pool,
      },
    ],
    providers: hasApi
      ? [
          {
            id: "api",
            name: "API",
            model: "api",
            price: {
              inputUsdPerMTok: apiUsdPerMTok,
              outputUsdPerMTok: 4 * apiUsdPerMTok,
              provenance,
            },
            latency: { ttftMedianS: 0.3, ttftSigma: 0.2, outputTokensPerS: 80, outputSigma: 0.1 },
          },
        ]
      : [],
    rules: [
      { id: "own", to: { pool: "own" }, ...guarded, ...parts.rule },
      ...(hasApi ? [{ id: "api", to: { provider: "api" } }] : []),
    ],
    ...parts.more,
  });
}

/** A space with what is said in place of the defaults. */
export function spaceOf(parts: Partial<SearchSpaceFile> = {}): SearchSpaceFile {
  return { ...defaultSearchSpace(), backends: ["vllm"], precisions: ["bf16"], ...parts };
}
