/** A scenario for tests of break-even studies: made traffic, one pool with textbook times, one API. */
import { type Scenario, type ScenarioInput, scenarioSchema } from "../../schema/scenario.ts";
import { testCatalog } from "../../serving/testCatalog.ts";
import type { JobContext } from "../jobs/job.ts";
import type { RunFigures } from "../points/runFigures.ts";
import { runPoint, WorkloadCache } from "../points/runPoint.ts";

const provenance = [{ source: "test", retrievedOn: "2026-11-26", basis: "estimated" as const }];

type PoolInput = NonNullable<ScenarioInput["pools"]>[number];
type ProviderInput = NonNullable<ScenarioInput["providers"]>[number];

/** A job's context without traces, never cancelled. */
export const idleContext: JobContext = {
  traces: new Map(),
  isCancelled: () => false,
  onProgress: () => {},
};

/** A pool of one H100 a replica: 10 ms an iteration and 0.1 ms a sequence, 20 us a prompt token, $2 an hour. */
export function testPool(change: Partial<PoolInput> = {}): PoolInput {
  return {
    id: "own",
    gpu: "h100-sxm",
    model: "llama-3.1-8b",
    backend: "vllm",
    replicas: 1,
    engine: { maxNumSeqs: 32 },
    executionTime: {
      kind: "linear",
      iterationUs: 10_000,
      perSequenceUs: 100,
      perPrefillTokenUs: 20,
    },
    price: { usdPerGpuHour: 2, provenance },
    ...change,
  };
}

/** An API at $2 in and $8 out per million tokens. */
export function testProvider(change: Partial<ProviderInput> = {}): ProviderInput {
  return {
    id: "api",
    name: "API",
    model: "big",
    price: { inputUsdPerMTok: 2, outputUsdPerMTok: 8, provenance },
    ...change,
  };
}

/** Poisson requests of 300 prompt and 100 output tokens; a pool with spill to an API. */
export function testScenario(change: Partial<ScenarioInput> = {}, rateRps = 4): Scenario {
  return scenarioSchema.parse({
    format: "crossover-scenario",
    version: 1,
    name: "test",
    ...testCatalog(),
    licences: [{ id: "yearly", name: "Yearly", usdPerGpuYear: 4500, production: true, provenance }],
    traffic: {
      sources: [
        {
          id: "chat",
          kind: "synthetic",
          durationS: 600,
          arrivals: { process: "poisson", rateRps },
          lengths: {
            prompt: { kind: "constant", value: 300 },
            output: { kind: "constant", value: 100 },
          },
        },
      ],
      classes: [{ id: "all", targets: { ttft: { ms: 1500 }, tpot: { ms: 25 } } }],
    },
    pools: [testPool()],
    providers: [testProvider()],
    rules: [
      { id: "own-first", to: { pool: "own" }, guards: { maxWaiting: 1 } },
      { id: "spill", to: { provider: "api" } },
    ],
    ...change,
  } satisfies ScenarioInput);
}

/** Runs replications of scenarios that share their traffic, and counts the runs. */
export function countingRunner(): {
  readonly run: (scenario: Scenario, replication: number) => RunFigures;
  readonly runs: () => number;
} {
  const workloads = new WorkloadCache(8);
  let count = 0;
  return {
    run: (scenario, replication) => {
      count++;
      return runPoint({ scenario, replication }, idleContext, workloads);
    },
    runs: () => count,
  };
}
