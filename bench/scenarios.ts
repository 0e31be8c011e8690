/** The loads that the benchmark runs: fixed here, so that figures of different days speak of the same work. */
import { type Scenario, type ScenarioInput, scenarioSchema } from "../shared/schema/scenario.ts";
import { testCatalog } from "../shared/serving/testCatalog.ts";

const provenance = [
  { source: "benchmark", retrievedOn: "2026-11-24", basis: "estimated" as const },
];

/** Lognormal lengths of mean 1000 in and 250 out, Poisson arrivals. */
function traffic(rateRps: number, requests: number, classes: ScenarioInput["traffic"]["classes"]) {
  return {
    sources: [
      {
        id: "load",
        kind: "synthetic" as const,
        arrivals: { process: "poisson" as const, rateRps },
        requests,
        lengths: {
          prompt: { kind: "lognormal" as const, mean: 1000, sigma: 1 },
          output: { kind: "lognormal" as const, mean: 250, sigma: 0.8 },
        },
      },
    ],
    classes,
  };
}

function scenario(parts: Omit<ScenarioInput, "format" | "version" | "name">): Scenario {
  return scenarioSchema.parse({
    format: "crossover-scenario",
    version: 1,
    name: "benchmark",
    ...parts,
  });
}

/** The features of the prototype: reservation of input + output, linear iteration cost, least outstanding tokens. About 40 running a replica at 10 requests/s each. */
export function plainLoad(requests: number, rateRps: number, replicas = 4): Scenario {
  return scenario({
    ...testCatalog(),
    traffic: traffic(rateRps, requests, [{ id: "all" }]),
    pools: [
      {
        id: "own",
        gpu: "h100-sxm",
        model: "llama-3.1-8b",
        backend: "vllm",
        replicas,
        engine: { admission: "reserve", prefixCaching: false, maxNumBatchedTokens: 2048 },
        executionTime: {
          kind: "linear",
          iterationUs: 8000,
          perSequenceUs: 40,
          perContextTokenNs: 25,
          perPrefillTokenUs: 32,
        },
      },
    ],
    rules: [{ id: "own", to: { pool: "own" } }],
  });
}

/** Everything on: paged blocks with preemption, prefix cache, fitted times, three classes with priorities, targets and time-outs, four rules with guards and spillover, a limited provider with errors and retries. */
export function fullLoad(requests: number, rateRps: number): Scenario {
  return scenario({
    ...testCatalog(),
    traffic: traffic(rateRps, requests, [
      {
        id: "chat",
        share: 0.5,
        sharedPrefix: { tokens: 400, reuseProbability: 0.8 },
        targets: { ttft: { ms: 500 }, tpot: { ms: 60 } },
        abandonAfterS: 60,
      },
      { id: "documents", share: 0.3, priority: 1, sharedPrefix: { tokens: 800 } },
      { id: "rest", tier: "nearLine", priority: 1, targets: { e2e: { ms: 60_000 } } },
    ]),
    pools: [
      {
        id: "own",
        gpu: "h100-sxm",
        model: "llama-3.1-8b",
        backend: "vllm",
        replicas: 4,
        price: { usdPerGpuHour: 2.69, provenance },
      },
    ],
    providers: [
      {
        id: "api",
        name: "API",
        model: "api",
        price: { inputUsdPerMTok: 2, outputUsdPerMTok: 8, provenance },
        limits: { requestsPerMinute: 600, tokensPerMinute: 2_000_000 },
        errorRate: 0.01,
      },
    ],
    rules: [
      { id: "long", match: { promptTokens: { min: 12_000 } }, to: { provider: "api" } },
      {
        id: "chat",
        match: { classes: ["chat"] },
        to: { pool: "own" },
        guards: { maxEstimatedWaitS: 20, maxKvUsage: 0.95 },
        spillAfterS: 30,
      },
      { id: "own", to: { pool: "own" }, guards: { maxWaiting: 200 } },
      { id: "spill", to: { provider: "api" } },
    ],
  });
}

/** fullLoad on replicas that come and go with it and fail. */
export function elasticLoad(requests: number, rateRps: number): Scenario {
  const base = fullLoad(requests, rateRps);
  const autoscaler = { target: 0.5, min: 1, provisionS: 60, imagePullS: 30, loadBytesPerS: 2e9 };
  const failures = { mtbfS: 3600, repairS: 300, spares: 1 };
  return scenario({
    ...base,
    pools: base.pools.map((pool) => ({ ...pool, autoscaler, failures })),
  });
}

/** Llama-70B in fp8 on one GPU of H100's speed, the load that another simulator can run too. */
export function llama70Load(requests: number, rateRps: number): Scenario {
  const catalog = testCatalog();
  const model = {
    ...catalog.models![0],
    id: "llama-70b",
    layers: 80,
    hidden: 8192,
    heads: 64,
    intermediate: 28_672,
  };
  return scenario({
    ...catalog,
    models: [model],
    traffic: {
      sources: [
        {
          id: "load",
          kind: "synthetic",
          arrivals: { process: "poisson", rateRps },
          requests,
          lengths: {
            prompt: { kind: "lognormal", mean: 1000, sigma: 1 },
            output: { kind: "lognormal", mean: 250, sigma: 0.8 },
          },
        },
      ],
      classes: [{ id: "all" }],
    },
    pools: [
      {
        id: "own",
        gpu: "h100-sxm",
        model: "llama-70b",
        backend: "vllm",
        precision: "fp8",
        replicas: 1,
        engine: { kvCapacityTokens: 300_000, gpuMemoryUtilization: 1, activationBytes: 0 },
      },
    ],
    rules: [{ id: "own", to: { pool: "own" } }],
  });
}
