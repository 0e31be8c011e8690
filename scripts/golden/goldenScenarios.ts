/** Fixed scenarios whose results must be the same bytes everywhere. Their GPU, model and coefficients stand here, so that a new catalog changes nothing. */
import type { ScenarioInput } from "../../shared/schema/scenario.ts";

const provenance = [
  { source: "fixed for the golden hash", retrievedOn: "2026-11-24", basis: "estimated" as const },
];

const gpu: NonNullable<ScenarioInput["gpus"]>[number] = {
  id: "gpu",
  name: "GPU",
  bandwidthBytesPerS: 3.35e12,
  f16Flops: 989e12,
  f8Flops: 1979e12,
  memoryGib: 79.25,
  smCount: 132,
  interconnect: {
    kind: "nvlink",
    bytesPerSPerDirection: 450e9,
    maxGpus: 8,
    pcieBytesPerSPerDirection: 64e9,
    gpusPerNode: 8,
  },
  migProfiles: [
    {
      name: "3g.40gb",
      memorySlices: 4,
      computeSlices: 3,
      memoryGib: 39.5,
      smCount: 60,
      maxInstances: 2,
      starts: [0, 4],
    },
  ],
  provenance,
};

const model: NonNullable<ScenarioInput["models"]>[number] = {
  id: "model-8b",
  name: "Model 8B",
  layers: 32,
  hidden: 4096,
  heads: 32,
  kvHeads: 8,
  headDim: 128,
  intermediate: 14336,
  vocab: 128256,
  maxContextTokens: 131072,
  provenance,
};

const coefficients: NonNullable<ScenarioInput["coefficients"]>[number] = {
  id: "set",
  backend: "vllm",
  precision: "bf16",
  kvPrecision: "bf16",
  kernel: {
    mbuW: 0.869,
    mfu: 0.7,
    mfuHi: 0.76,
    t0Tokens: 1923.1,
    p: 3.35,
    mbuKv: 0.91,
    mfuAttn: 0.5,
    cElem: 46.4,
    ar2Us: 1.45,
    ar4Us: 2.2,
    ar8Us: 3.31,
    arBw: 1.5,
    oLayerUs: 60.3,
  },
  host: { gpuScale: 0.93, oIterUs: 518.7, oSeqUs: 5.15, oTpUs: 295.2, oReqMs: 3 },
  fitted: { gpus: ["gpu"], maxPrefillTokens: 8192, maxMeanContextTokens: 8192, maxBatch: 256 },
  statedError: "none; fixed for the golden hash",
  provenance,
};

type Parts = Pick<ScenarioInput, "traffic" | "rules"> & Partial<ScenarioInput>;

function scenario(name: string, parts: Parts): ScenarioInput {
  return {
    format: "crossover-scenario",
    version: 1,
    name,
    seed: 20261124,
    gpus: [gpu],
    models: [model],
    coefficients: [coefficients],
    ...parts,
  };
}

const price = { usdPerGpuHour: 2.69, provenance };
const poolOf = { gpu: "gpu", model: "model-8b", backend: "vllm" as const };
const lengths = {
  prompt: { kind: "lognormal" as const, mean: 900, sigma: 1 },
  output: { kind: "gamma" as const, mean: 220, cv: 0.9 },
};

/** Own GPUs with spillover to a provider with limits, errors and retries; batch work held for capacity. */
const hybrid = scenario("hybrid", {
  run: { horizonS: 3600, warmup: { kind: "mser5" } },
  traffic: {
    sources: [
      {
        id: "chat",
        kind: "synthetic",
        arrivals: { process: "gamma", rateRps: 8, cv: 2 },
        durationS: 3600,
        lengths,
      },
    ],
    classes: [
      { id: "night", tier: "batch", share: 0.2, priority: 5, deadline: { withinS: 5400 } },
      {
        id: "live",
        targets: { ttft: { ms: 1000 }, tpot: { ms: 60 } },
        abandonAfterS: 20,
        sharedPrefix: { tokens: 512, reuseProbability: 0.6 },
      },
    ],
  },
  pools: [{ ...poolOf, id: "own", replicas: 2, engine: { maxNumSeqs: 24 }, price }],
  providers: [
    {
      id: "api",
      name: "API",
      model: "api-model",
      price: { inputUsdPerMTok: 2, outputUsdPerMTok: 8, batchDiscount: 0.5, provenance },
      limits: { requestsPerMinute: 240, tokensPerMinute: 400_000 },
      errorRate: 0.02,
    },
  ],
  rules: [
    {
      id: "night",
      match: { tiers: ["batch"] },
      to: { pool: "own" },
      hold: { whenRunningBelow: 0.5, releaseBeforeDeadlineS: 3600 },
    },
    { id: "live", to: { pool: "own" }, guards: { maxWaiting: 3 }, spillAfterS: 2 },
    { id: "api", to: { provider: "api" } },
  ],
});

/** Little KV memory, both admission rules, preemption, MIG instances, two balancers that draw or hash. */
const tight = scenario("tight", {
  traffic: {
    sources: [
      {
        id: "curve",
        kind: "synthetic",
        arrivals: { process: "curve", windowS: 300, ratesRps: [2, 6, 3, 0.5], cv: 1.5 },
        durationS: 1200,
        lengths,
      },
      {
        id: "week",
        kind: "synthetic",
        arrivals: {
          process: "weekly",
          meanRps: 1,
          hourWeights: Array.from({ length: 24 }, (_, hour) => 1 + (hour % 12)),
          dayWeights: [1, 1, 1, 1, 1, 0.4, 0.3],
        },
        durationS: 1200,
        lengths,
      },
    ],
    classes: [{ id: "small", match: { promptTokens: { max: 600 } } }, { id: "large" }],
  },
  partitions: [{ id: "cut", gpu: "gpu", gpus: 1, layout: ["3g.40gb", "3g.40gb"], price }],
  pools: [
    {
      ...poolOf,
      id: "slices",
      replicas: 2,
      partition: { id: "cut", profile: "3g.40gb" },
      engine: { kvCapacityTokens: 12_000, maxNumSeqs: 32 },
      balancer: "powerOfTwoChoices",
    },
    {
      ...poolOf,
      id: "whole",
      replicas: 2,
      engine: { kvCapacityTokens: 20_000, admission: "reserve", maxNumBatchedTokens: 2048 },
      balancer: "prefixAffinity",
      price,
    },
  ],
  rules: [
    { id: "small", match: { classes: ["small"] }, to: { pool: "slices" } },
    { id: "rest", to: { pool: "whole" } },
  ],
});

/** Users who wait for their answer before they ask again. */
const closedLoop = scenario("closed loop", {
  traffic: {
    sources: [
      {
        id: "users",
        kind: "closedLoop",
        clients: 40,
        requests: 4000,
        thinkTimeS: { kind: "exponential", mean: 3 },
        staggerS: 10,
        lengths,
      },
    ],
    classes: [{ id: "all" }],
  },
  pools: [{ ...poolOf, id: "own", replicas: 1, tensorParallel: 2, price }],
  rules: [{ id: "all", to: { pool: "own" } }],
});

/** Replicas that come and go with the load and fail: scale to zero, cold starts, active hours, a spare, both ways to move requests on. */
const elastic = scenario("elastic", {
  run: { horizonS: 7200 },
  traffic: {
    sources: [
      {
        id: "bursts",
        kind: "synthetic",
        arrivals: { process: "curve", windowS: 600, ratesRps: [0, 5, 12, 0, 0, 8], cv: 2 },
        durationS: 6000,
        lengths,
      },
    ],
    classes: [
      { id: "half", share: 0.5, abandonAfterS: 90 },
      { id: "rest", priority: 1 },
    ],
  },
  pools: [
    {
      ...poolOf,
      id: "scaled",
      replicas: 3,
      engine: { maxNumSeqs: 16 },
      balancer: "prefixAffinity",
      autoscaler: {
        ...{ target: 0.6, min: 0, provisionS: 40, imagePullS: 20, loadBytesPerS: 2e9 },
        scaleDownDelayS: 120,
      },
      failures: { mtbfS: 1500, repairS: 120, onFailure: "requeue" },
      price,
    },
    {
      ...poolOf,
      id: "fixed",
      replicas: 2,
      engine: { maxNumSeqs: 32 },
      schedule: { kind: "hours", hours: [{ from: "00:05", to: "01:20" }] },
      failures: { mtbfS: 900, repairS: 200, repair: "constant", spares: 1 },
      price,
    },
  ],
  rules: [
    { id: "half", match: { classes: ["half"] }, to: { pool: "scaled" }, spillAfterS: 60 },
    { id: "fixed", to: { pool: "fixed" }, guards: { maxEstimatedWaitS: 30 } },
    { id: "rest", to: { pool: "scaled" } },
  ],
});

/** By name. */
export const goldenScenarios: Record<string, ScenarioInput> = {
  ...{ hybrid, tight, closedLoop, elastic },
};
