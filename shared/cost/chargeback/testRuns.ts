/** An ended run with every kind of bill line, tenants and parts of a GPU, for tests. */
import { type ScenarioInput, scenarioSchema } from "../../schema/scenario.ts";
import { Fleet } from "../../serving/fleet.ts";
import { settleInFlight } from "../../serving/metrics/requestOutcomes.ts";
import { Replica } from "../../serving/replica.ts";
import { expectedOutputs, resolvePool } from "../../serving/resolvePool.ts";
import { testCatalog } from "../../serving/testCatalog.ts";
import { buildWorkload } from "../../workload/buildWorkload.ts";
import type { ChargedRun } from "./rowUsage.ts";

const provenance = [{ source: "test", retrievedOn: "2026-11-24", basis: "list price" as const }];

function profile(name: string, memorySlices: number, smCount: number, starts: number[]) {
  const sizes = { memorySlices, computeSlices: memorySlices, memoryGib: 9.75 * memorySlices };
  return { name, smCount, starts, maxInstances: 7, ...sizes };
}

function source(id: string, tenant: string | undefined, rateRps: number) {
  return {
    ...{ id, kind: "synthetic" as const, durationS: 120, tenant },
    arrivals: { process: "poisson" as const, rateRps },
    lengths: {
      prompt: { kind: "lognormal" as const, mean: 900, sigma: 0.8 },
      output: { kind: "lognormal" as const, mean: 60, sigma: 0.8 },
    },
  };
}

/** Two tenants and requests without one; a pool on whole GPUs, two on MIG slices of which one stays unused, a provider with cache writes and a context tier, a batch provider, licences, fixed costs. */
export function chargedInput(): ScenarioInput {
  const { gpus, ...catalog } = testCatalog();
  const pool = {
    ...{ gpu: "h100-sxm", model: "llama-3.1-8b", backend: "vllm" as const, replicas: 1 },
    engine: { maxNumSeqs: 16 },
  };
  return {
    ...{ format: "crossover-scenario", version: 1, name: "charged", seed: 3 },
    ...catalog,
    gpus: gpus!.map((gpu) => ({
      ...gpu,
      migProfiles: [profile("3g.40gb", 4, 60, [0, 4]), profile("2g.20gb", 2, 32, [0, 2, 4])],
    })),
    traffic: {
      sources: [source("s1", "ana", 2), source("s2", "bo", 1), source("s3", undefined, 0.5)],
      classes: [
        { id: "night", tier: "batch", share: 0.2 },
        { id: "chat", sharedPrefix: { tokens: 2048, reuseProbability: 0.7 } },
      ],
    },
    licences: [
      { id: "yearly", name: "By the year", usdPerGpuYear: 4500, production: true, provenance },
      { id: "hourly", name: "By the hour", usdPerGpuHour: 1, production: true, provenance },
    ],
    partitions: [
      {
        ...{ id: "mig", gpu: "h100-sxm", gpus: 1, layout: ["3g.40gb", "2g.20gb", "2g.20gb"] },
        ...{ price: { usdPerGpuHour: 2.69, provenance }, licence: "yearly" },
      },
    ],
    pools: [
      { ...pool, id: "whole", licence: "hourly", price: { usdPerGpuHour: 2.69, provenance } },
      { ...pool, id: "half", partition: { id: "mig", profile: "3g.40gb" } },
      {
        ...{ ...pool, id: "spare", precision: "fp8" as const },
        partition: { id: "mig", profile: "2g.20gb" },
      },
    ],
    providers: [
      {
        ...{ id: "api", name: "API", model: "gpt", tokenizerFactor: 1.1 },
        ...{ errorRate: 0.05, promptCache: { ttlS: 3, minTokens: 1024 } },
        price: {
          ...{ inputUsdPerMTok: 2, outputUsdPerMTok: 8, cachedInputUsdPerMTok: 0.5, provenance },
          ...{ cacheWriteUsdPerMTok: 2.5 },
          contextTiers: [{ abovePromptTokens: 3000, inputUsdPerMTok: 4, outputUsdPerMTok: 12 }],
        },
      },
      {
        ...{ id: "apiBatch", name: "API", model: "gpt", api: "batch" as const },
        price: { inputUsdPerMTok: 2, outputUsdPerMTok: 8, batchDiscount: 0.5, provenance },
      },
    ],
    rules: [
      { id: "night", match: { tiers: ["batch"] }, to: { provider: "apiBatch" } },
      { id: "whole", share: 0.4, to: { pool: "whole" }, guards: { maxWaiting: 4 } },
      { id: "half", share: 0.4, to: { pool: "half" }, guards: { maxWaiting: 4 } },
      { id: "refused", share: 0.1, to: { reject: true } },
      { id: "api", to: { provider: "api" } },
    ],
    fixedCosts: [
      { id: "ops", label: "Operations", usdPerMonth: 1000.01 },
      { id: "credit", label: "Credit", usdPerMonth: -100 },
    ],
  };
}

/** A run to its end, over the horizon of its traffic. */
export function chargedRun(changes: Partial<ScenarioInput> = {}): ChargedRun & {
  readonly fleet: Fleet;
  readonly horizonNs: number;
} {
  const scenario = scenarioSchema.parse({ ...chargedInput(), ...changes });
  const { traffic, clock, seed } = scenario;
  const workload = buildWorkload({ traffic, clock, traces: new Map(), seed, replication: 0 });
  const expectedOutput = expectedOutputs(workload, traffic.classes.length);
  const horizonNs = workload.spanNs;
  const fleet = new Fleet({
    ...{ scenario, workload, seed, horizonNs, expectedOutput, windowNs: horizonNs },
    configs: scenario.pools.map((pool) => resolvePool(scenario, pool, expectedOutput).config),
    createReplica: (table, config, usage) => new Replica(table, config, usage),
  });
  while (fleet.advance());
  settleInFlight(fleet.table, Infinity);
  const { table, pools, providers } = fleet;
  return { scenario, table, pools, providers, fleet, horizonNs };
}
