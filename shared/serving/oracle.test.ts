import fc from "fast-check";
import { expect, test } from "vitest";
import { type Scenario, scenarioSchema } from "../schema/scenario.ts";
import type { PrefixChains } from "../schema/traceColumns.ts";
import type { Workload } from "../workload/workload.ts";
import { requestState } from "./requestTable.ts";
import { testCatalog } from "./testCatalog.ts";
import { buildFleet } from "./testFleets.ts";

interface Row {
  gapMs: number;
  prompt: number;
  output: number;
  classIndex: number;
  chain: number[];
}

const blockTokens = fc.constantFrom(1, 4, 16);

const rowArbitrary: fc.Arbitrary<Row> = fc.record({
  gapMs: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 0, max: 40 }),
    fc.integer({ min: 0, max: 5 }),
    fc.integer({ min: 0, max: 3000 }),
  ),
  prompt: fc.integer({ min: 1, max: 220 }),
  output: fc.integer({ min: 0, max: 90 }),
  classIndex: fc.integer({ min: 0, max: 2 }),
  chain: fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 5, size: "max" }),
});

/** Ids of a chain name a block given all blocks before it: extend ids to prefixes. */
function chainsOf(rows: readonly Row[], idTokens: number): PrefixChains {
  const known = new Map<string, number>();
  const offsets = [0];
  const ids: number[] = [];
  for (const row of rows) {
    const length = Math.min(row.chain.length, Math.ceil(row.prompt / idTokens));
    for (let i = 1; i <= length; i++) {
      const key = row.chain.slice(0, i).join("/");
      if (!known.has(key)) known.set(key, known.size);
      ids.push(known.get(key)!);
    }
    offsets.push(ids.length);
  }
  return {
    offsets: Int32Array.from(offsets),
    ids: Int32Array.from(ids),
    idTokens: new Int32Array(known.size).fill(idTokens),
  };
}

function workloadOf(rows: readonly Row[], idTokens: number, loops: number): Workload {
  let now = 0;
  const open = rows.length - loops;
  const arrivalNs = rows.map((row, index) => {
    now += row.gapMs * 1e6 + (index % 3 === 0 ? 137 : 0);
    return index < open ? now : NaN;
  });
  return {
    count: rows.length,
    openCount: open,
    arrivalNs: Float64Array.from(arrivalNs),
    promptTokens: Int32Array.from(rows, (row) => row.prompt),
    outputTokens: Int32Array.from(rows, (row) => row.output),
    classIndex: Uint8Array.from(rows, (row) => row.classIndex),
    models: [],
    tenants: [],
    prefix: chainsOf(rows, idTokens),
    closedLoops:
      loops === 0
        ? []
        : [
            {
              firstRequest: open,
              requestCount: loops,
              clientStartNs: Float64Array.from([0, 5e6].slice(0, loops)),
              thinkNs: new Float64Array(loops).fill(2e6),
            },
          ],
    spanNs: Math.max(1, now),
    notes: [],
  };
}

const engineArbitrary = fc.record({
  maxNumSeqs: fc.integer({ min: 1, max: 12 }),
  maxNumBatchedTokens: fc.integer({ min: 16, max: 300 }),
  blockTokens,
  admission: fc.constantFrom("allocateAsYouGo", "reserve"),
  prefixCaching: fc.boolean(),
  kvWatermark: fc.constantFrom(0, 0.05),
  kvCapacityTokens: fc.oneof(
    fc.integer({ min: 64, max: 500 }),
    fc.integer({ min: 320, max: 1500 }),
  ),
});

const timeArbitrary = fc.oneof(
  fc.constant({ kind: "fitted" }),
  fc.record({
    kind: fc.constant("linear"),
    iterationUs: fc.integer({ min: 100, max: 20_000 }),
    perSequenceUs: fc.integer({ min: 0, max: 500 }),
    perContextTokenNs: fc.integer({ min: 0, max: 4000 }),
    perPrefillTokenUs: fc.integer({ min: 0, max: 80 }),
  }),
);

const guardArbitrary = fc.record(
  {
    maxEstimatedWaitS: fc.constantFrom(0.05, 0.5),
    maxWaiting: fc.integer({ min: 0, max: 4 }),
    maxKvUsage: fc.constantFrom(0.3, 0.8),
    maxRunningShare: fc.constantFrom(0.4, 1),
  },
  { requiredKeys: [] },
);

/** Absent in half of the scenarios, which then run as they did before there were any. */
const autoscalerArbitrary = fc.option(
  fc.record({
    signal: fc.constantFrom("runningShare", "waitingPerReplica", "requestsPerReplica"),
    target: fc.constantFrom(0.4, 1, 3),
    min: fc.constantFrom(0, 1),
    evaluationIntervalS: fc.constantFrom(0.1, 0.35),
    scaleDownDelayS: fc.constantFrom(0, 0.5),
    provisionS: fc.constantFrom(0, 0.2),
    imagePullS: fc.constantFrom(0, 0.05),
    weightLoadS: fc.constantFrom(0, 0.1234),
  }),
  { nil: undefined, freq: 2 },
);

const failuresArbitrary = fc.option(
  fc.record({
    mtbfS: fc.constantFrom(2, 6),
    repairS: fc.constantFrom(0.05, 0.8),
    repair: fc.constantFrom("constant", "exponential"),
    onFailure: fc.constantFrom("reroute", "requeue"),
    spares: fc.constantFrom(0, 1),
  }),
  { nil: undefined, freq: 2 },
);

/** The plain model beside a mixture of experts, one with compressed keys and values and a window, and an embedding model. */
function oracleModels() {
  const [plain] = testCatalog().models ?? [];
  const experts = { count: 32, active: 4, intermediate: 512, shared: 1, denseLayers: 2 };
  const latentAttention = { kvRank: 64, nopeDim: 32, ropeDim: 16, valueDim: 32 };
  return [
    plain,
    { ...plain, id: "mixture", experts },
    { ...plain, id: "latent", latentAttention, localAttention: { layers: 8, tokens: 64 } },
    { ...plain, id: "encoder", kind: "embedding", attention: "bidirectional", mlpMatrices: 2 },
  ];
}

const scenarioArbitrary = fc
  .record({
    autoscaler: autoscalerArbitrary,
    failures: failuresArbitrary,
    model: fc.oneof(
      { weight: 19, arbitrary: fc.constantFrom("llama-3.1-8b", "mixture", "latent") },
      { weight: 1, arbitrary: fc.constant("encoder") },
    ),
    precision: fc.constantFrom("bf16", "int4", "nvfp4", "mxfp4"),
    engine: engineArbitrary,
    time: timeArbitrary,
    guards: guardArbitrary,
    replicas: fc.integer({ min: 1, max: 3 }),
    balancer: fc.constantFrom(
      "roundRobin",
      "leastOutstandingTokens",
      "powerOfTwoChoices",
      "prefixAffinity",
    ),
    spillAfterS: fc.constantFrom(undefined, 0.02, 0.4),
    abandonAfterS: fc.constantFrom(undefined, 0.03, 0.6),
    hasHold: fc.boolean(),
    whenRunningBelow: fc.constantFrom(undefined, 0.3),
    isScheduled: fc.boolean(),
    concurrency: fc.constantFrom(undefined, 1, 3),
    maxContextTokens: fc.constantFrom(undefined, undefined, 150),
    onLimit: fc.constantFrom("retry", "failover"),
    drain: fc.boolean(),
    priorities: fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })),
  })
  .map((choice) =>
    scenarioSchema.parse({
      format: "crossover-scenario",
      version: 1,
      name: "random",
      ...testCatalog(),
      models: oracleModels(),
      run: { drain: choice.drain, horizonS: choice.drain ? undefined : 2 },
      traffic: {
        sources: [
          {
            id: "rows",
            kind: "trace",
            rows: { arrivalS: [0], promptTokens: [1], outputTokens: [1] },
          },
        ],
        classes: [
          { id: "a", priority: choice.priorities[0], abandonAfterS: choice.abandonAfterS },
          { id: "b", priority: choice.priorities[1] },
          { id: "batch", tier: "batch", priority: 3, deadline: { withinS: 1801 } },
        ],
      },
      pools: [
        {
          id: "own",
          gpu: "h100-sxm",
          model: choice.model,
          precision: choice.precision,
          backend: "vllm",
          replicas: choice.replicas,
          balancer: choice.balancer,
          engine: choice.engine,
          executionTime: choice.time,
          autoscaler: choice.autoscaler,
          failures: choice.failures,
          schedule: choice.isScheduled
            ? { kind: "hours", hours: [{ from: "00:00", to: "00:01" }] }
            : { kind: "always" },
        },
      ],
      providers: [
        {
          id: "api",
          name: "API",
          model: "llama-3.1-8b",
          price: {
            inputUsdPerMTok: 1,
            outputUsdPerMTok: 2,
            provenance: [{ source: "test", retrievedOn: "2026-11-24", basis: "estimated" }],
          },
          limits: { concurrency: choice.concurrency, requestsPerMinute: 600 },
          maxContextTokens: choice.maxContextTokens,
          errorRate: 0.1,
          retry: { maxAttempts: 2, baseS: 0.01, onLimit: choice.onLimit, thenFailover: false },
        },
      ],
      rules: [
        ...(choice.hasHold
          ? [
              {
                id: "hold",
                match: { tiers: ["batch"] },
                to: { pool: "own" },
                hold: {
                  window: { from: "00:00", to: "12:00" },
                  whenRunningBelow: choice.whenRunningBelow,
                  releaseBeforeDeadlineS: 1800,
                },
              },
            ]
          : []),
        {
          id: "own",
          to: { pool: "own" },
          guards: choice.guards,
          spillAfterS: choice.spillAfterS,
        },
        { id: "api", to: { provider: "api" } },
      ],
    }),
  );

function runBoth(scenario: Scenario, workload: Workload) {
  const fleets = (["skipping", "plain"] as const).map((engine) =>
    buildFleet(scenario, workload, engine, 7, 250e6),
  );
  for (const fleet of fleets) fleet.advance();
  return fleets as [(typeof fleets)[0], (typeof fleets)[0]];
}

const runs = Number(process.env.CROSSOVER_ORACLE_RUNS ?? 1300);

test("the skipping engine gives the same times as the plain one, to the bit, over random scenarios", () => {
  let preemptions = 0;
  let hits = 0;
  let spilled = 0;
  let aborted = 0;
  const lives = { scaleUps: 0, scaleDowns: 0, coldStarts: 0, failures: 0 };
  const moved = { hitRunning: 0, hitWaiting: 0, lostOutputTokens: 0 };
  fc.assert(
    fc.property(
      scenarioArbitrary,
      fc.array(rowArbitrary, { minLength: 1, maxLength: 120, size: "max" }),
      fc.constantFrom(8, 16, 40),
      fc.integer({ min: 0, max: 12 }),
      (scenario, rows, idTokens, loops) => {
        const workload = workloadOf(rows, idTokens, Math.min(loops, rows.length - 1));
        const [skipping, plain] = runBoth(scenario, workload);
        for (const column of [
          "firstTokenNs",
          "finishNs",
          "admittedNs",
          "arrivalNs",
          "state",
          "destination",
          "spilled",
          "cachedTokens",
          "attempts",
          "generated",
        ] as const) {
          expect(skipping.table[column], column).toEqual(plain.table[column]);
        }
        skipping.pools.forEach((pool, index) => {
          const other = plain.pools[index];
          for (let field = 0; field < 7; field++) {
            for (let w = 0; w <= pool.usage.windowCount; w++) {
              expect(pool.usage.total(field, w, w + 1), `usage ${field} of window ${w}`).toBe(
                other.usage.total(field, w, w + 1),
              );
            }
          }
          const facts = (each: (typeof pool.replicas)[0]) => [
            each.preemptions,
            each.peakBlocks,
            each.prefixHitTokens,
            each.waitingCount,
            each.runningCount,
            each.outstandingTokens,
          ];
          expect(pool.replicas.map(facts)).toEqual(other.replicas.map(facts));
          expect(pool.life?.counts).toEqual(other.life?.counts);
          expect(pool.life?.capacity).toEqual(other.life?.capacity);
          for (const counts of [lives, moved] as Record<string, number>[]) {
            for (const name of Object.keys(counts)) {
              counts[name] +=
                (pool.life?.counts as Record<string, number> | undefined)?.[name] ?? 0;
            }
          }
          for (const each of pool.replicas) {
            preemptions += each.preemptions;
            hits += each.prefixHitTokens;
          }
        });
        for (const each of skipping.table.spilled) spilled += each;
        for (const each of skipping.table.state) {
          if (each === requestState.aborted) aborted++;
        }
      },
    ),
    { numRuns: runs, seed: Number(process.env.CROSSOVER_ORACLE_SEED ?? 20261124) },
  );
  const seen = { preemptions, hits, spilled, aborted, ...lives, ...moved };
  for (const [name, count] of Object.entries(seen)) expect(count, name).toBeGreaterThan(150);
}, 600_000);
