/** A hybrid scenario with every kind of line, and facts of a run of it, for tests. */
import { type Scenario, type ScenarioInput, scenarioSchema } from "../schema/scenario.ts";
import type { CostFacts } from "./costFacts.ts";

const provenance = [{ source: "test", retrievedOn: "2026-11-24", basis: "list price" as const }];

/** Nanoseconds in an hour. */
export const hourNs = 3600e9;

function profile(name: string, memorySlices: number, starts: number[]) {
  const sizes = { computeSlices: memorySlices, memoryGib: 9.75 * memorySlices };
  return { name, memorySlices, ...sizes, smCount: 16 * memorySlices, maxInstances: 7, starts };
}

/** The scenario as written: one pool on two H100s, two on MIG slices, a real-time and a batch provider, a fixed cost. */
export function costScenarioInput(): ScenarioInput {
  const licence = { provenance, production: true };
  const pool = { gpu: "h100", model: "m", backend: "vllm" as const, replicas: 1 };
  return {
    format: "crossover-scenario",
    version: 1,
    name: "cost",
    gpus: [
      {
        ...{ id: "h100", name: "H100", smCount: 132, memoryGib: 79.25, provenance },
        ...{ bandwidthBytesPerS: 3.35e12, f16Flops: 989e12 },
        interconnect: {
          ...{ kind: "nvlink", bytesPerSPerDirection: 450e9, maxGpus: 8 },
          ...{ pcieBytesPerSPerDirection: 64e9, gpusPerNode: 8 },
        },
        migProfiles: [profile("3g.40gb", 4, [0, 4]), profile("1g.10gb", 1, [0, 1, 2, 3, 4, 5, 6])],
      },
    ],
    licences: [
      { id: "yearly", name: "By the year", usdPerGpuYear: 4500, ...licence },
      { id: "hourly", name: "By the hour", usdPerGpuHour: 1, ...licence },
      { id: "trial", name: "Trial", ...licence, production: false, maxGpus: 2, evaluationDays: 90 },
    ],
    traffic: {
      sources: [
        {
          ...{ id: "s", kind: "synthetic", requests: 1 },
          arrivals: { process: "poisson", rateRps: 1 },
          lengths: {
            prompt: { kind: "constant", value: 1 },
            output: { kind: "constant", value: 1 },
          },
        },
      ],
      classes: [{ id: "chat" }, { id: "night", tier: "batch" }],
    },
    partitions: [
      {
        ...{ id: "mig", gpu: "h100", gpus: 1, layout: ["3g.40gb", "1g.10gb", "1g.10gb"] },
        price: { usdPerGpuHour: 2.69, provenance },
        licence: "yearly",
      },
    ],
    pools: [
      {
        ...{ ...pool, id: "whole", tensorParallel: 2, licence: "hourly" },
        price: { usdPerGpuHour: 2.69, provenance },
      },
      { ...pool, id: "half", partition: { id: "mig", profile: "3g.40gb" } },
      { ...pool, id: "slice", replicas: 2, partition: { id: "mig", profile: "1g.10gb" } },
    ],
    providers: [
      {
        ...{ id: "api", name: "API", model: "gpt", tokenizerFactor: 1.1 },
        price: {
          ...{ inputUsdPerMTok: 2, outputUsdPerMTok: 8, cachedInputUsdPerMTok: 0.5, provenance },
          ...{ cacheWriteUsdPerMTok: 2.5 },
          contextTiers: [{ abovePromptTokens: 200_000, inputUsdPerMTok: 4, outputUsdPerMTok: 12 }],
        },
      },
      {
        ...{ id: "apiBatch", name: "API", model: "gpt", api: "batch" },
        price: { inputUsdPerMTok: 2, outputUsdPerMTok: 8, batchDiscount: 0.5, provenance },
      },
    ],
    rules: [{ id: "all", to: { provider: "api" } }],
    fixedCosts: [{ id: "ops", label: "Operations", usdPerMonth: 1000 }],
  };
}

/** The scenario, checked, with changes to what is written. */
export function costScenario(change: Partial<ScenarioInput> = {}): Scenario {
  return scenarioSchema.parse({ ...costScenarioInput(), ...change });
}

/** An hour in which each pool was busy for half of its time; bills are empty. */
export function costFacts(scenario: Scenario = costScenario()): CostFacts {
  const classCount = scenario.traffic.classes.length;
  return {
    scenario,
    horizonNs: hourNs,
    pools: scenario.pools.map(({ id, replicas }) => ({
      ...{ id, promptTokens: 1000, outputTokens: 500 },
      ...{ provisionedReplicaNs: replicas * hourNs, busyReplicaNs: (replicas * hourNs) / 2 },
    })),
    partitions: scenario.partitions.map(({ id, gpus }) => ({
      id,
      provisionedGpuNs: gpus * hourNs,
    })),
    providers: scenario.providers.map(({ id, price }) => {
      const tierCount = 1 + (price.contextTiers?.length ?? 0);
      return { id, tierCount, bill: new Float64Array(classCount * tierCount * 5) };
    }),
  };
}
