import { describe, expect, it } from "vitest";
import { type ScenarioInput, scenarioSchema } from "../schema/scenario.ts";
import { testCatalog } from "../serving/testCatalog.ts";
import { checkScenario, requireSound } from "./checkScenario.ts";

const provenance = [{ source: "test", retrievedOn: "2026-11-24", basis: "estimated" as const }];
const price = { usdPerGpuHour: 2, provenance };
const constant = { kind: "constant" as const, value: 100 };
const lengths = { prompt: constant, output: constant };
const poisson = { process: "poisson" as const, rateRps: 1 };
const synthetic = {
  id: "chat",
  kind: "synthetic" as const,
  requests: 10,
  arrivals: poisson,
  lengths,
};
const pool = {
  id: "own",
  gpu: "h100-sxm",
  model: "llama-3.1-8b",
  backend: "vllm" as const,
  replicas: 1,
  price,
};
const provider = {
  id: "api",
  name: "API",
  model: "api-model",
  price: { inputUsdPerMTok: 1, outputUsdPerMTok: 2, provenance },
};
const mig = {
  name: "3g.40gb",
  memorySlices: 4,
  computeSlices: 3,
  memoryGib: 39.5,
  smCount: 60,
  maxInstances: 2,
  starts: [0, 4],
};
const onlyPool = [{ id: "all", to: { pool: "own" } }];

function check(changes: Partial<ScenarioInput>) {
  const catalog = testCatalog();
  const gpus = catalog.gpus!.map((gpu) => ({ ...gpu, migProfiles: [mig] }));
  const findings = checkScenario(
    scenarioSchema.parse({
      format: "crossover-scenario",
      version: 1,
      name: "test",
      ...catalog,
      gpus,
      traffic: { sources: [synthetic], classes: [{ id: "live" }] },
      pools: [pool],
      rules: onlyPool,
      ...changes,
    }),
  );
  const lines = (list: typeof findings.problems): string[] =>
    list.map(({ field, message }) => `${field}: ${message}`);
  return { problems: lines(findings.problems), warnings: lines(findings.warnings) };
}

const traffic = (source: object, classes: object[] = [{ id: "live" }]): Partial<ScenarioInput> =>
  ({ traffic: { sources: [source], classes } }) as Partial<ScenarioInput>;
const histogram = (values: number[], probabilities: number[]) =>
  traffic({
    ...synthetic,
    lengths: { prompt: { kind: "histogram", values, probabilities }, output: constant },
  });
const cut = { id: "cut", gpu: "h100-sxm", gpus: 1, layout: ["3g.40gb", "3g.40gb"], price };
const slicePool = { ...pool, price: undefined, partition: { id: "cut", profile: "3g.40gb" } };

const problems: [string, Partial<ScenarioInput>, string][] = [
  ["a doubled id", { pools: [pool, pool] }, 'pools[1].id: "own" is also the id of pools[0]'],
  [
    "an unknown GPU",
    { pools: [{ ...pool, gpu: "h100-sxn" }] },
    'pools[0].gpu: found "h100-sxn", wanted the id of an entry of gpus; did you mean h100-sxm?',
  ],
  ["an unknown model", { pools: [{ ...pool, model: "x" }] }, 'pools[0].model: found "x"'],
  ["an unknown licence", { pools: [{ ...pool, licence: "x" }] }, "pools[0].licence"],
  ["an unknown pool", { rules: [{ id: "all", to: { pool: "oven" } }] }, "did you mean own?"],
  [
    "a rule with two targets",
    { rules: [{ id: "all", to: { pool: "own", provider: "api" } }] },
    "found pool and provider, wanted one of",
  ],
  [
    "an unknown provider",
    {
      rules: [
        { id: "a", to: { provider: "z" } },
        { id: "b", to: { pool: "own" } },
      ],
    },
    "rules[0].to.provider",
  ],
  [
    "an unknown class",
    { rules: [{ id: "a", match: { classes: ["x"] }, to: { pool: "own" } }, ...onlyPool] },
    "rules[0].match.classes[0]",
  ],
  [
    "an unknown source of a class",
    traffic(synthetic, [{ id: "a", match: { sources: ["x"] } }, { id: "b" }]),
    "traffic.classes[0].match.sources[0]",
  ],
  [
    "lengths of an unknown trace",
    traffic({ ...synthetic, lengths: { fromTrace: "x" } }),
    "traffic.sources[0].lengths.fromTrace",
  ],
  [
    "probabilities that do not sum to 1",
    histogram([1, 2], [0.2, 0.2]),
    "found a sum of 0.4, wanted 1",
  ],
  ["values without probabilities", histogram([1, 2], [1]), "found 2 values and 1 probabilities"],
  [
    "a range upside down",
    traffic(synthetic, [{ id: "a", match: { promptTokens: { min: 5, max: 4 } } }, { id: "b" }]),
    "found min 5 above max 4",
  ],
  [
    "an endless source",
    traffic({ ...synthetic, requests: undefined }),
    "wanted durationS, requests or run.horizonS",
  ],
  [
    "a horizon over the limit",
    { run: { horizonS: 1e7 } },
    "run.horizonS: found 10000000 s (115.7 days), wanted at most 104 days",
  ],
  [
    "a source over the limit",
    traffic({ ...synthetic, durationS: 1e7 }),
    "traffic.sources[0].durationS",
  ],
  [
    "a warm-up as long as the horizon",
    { run: { horizonS: 10, warmup: { kind: "seconds", seconds: 10 } } },
    "run.warmup.seconds",
  ],
  [
    "a curve of zeros",
    traffic({ ...synthetic, arrivals: { process: "curve", windowS: 1, ratesRps: [0, 0] } }),
    "found only zeros",
  ],
  [
    "inline columns of unequal length",
    traffic({
      id: "t",
      kind: "trace",
      rows: { arrivalS: [0, 1], promptTokens: [1], outputTokens: [1, 2] },
    }),
    "traffic.sources[0].rows.promptTokens: found 1 entries, wanted 2",
  ],
  [
    "classes that are all shares",
    traffic(synthetic, [
      { id: "a", share: 0.5 },
      { id: "b", share: 0.5 },
    ]),
    'no class takes the rest of source "chat"',
  ],
  [
    "a guarded last rule",
    { rules: [{ id: "all", to: { pool: "own" }, guards: { maxWaiting: 1 } }] },
    'the policy is not total: a request of class "live" can fall through, because its last rule "all" has a guard',
  ],
  ["a shared last rule", { rules: [{ ...onlyPool[0]!, share: 0.9 }] }, "has a share below 1"],
  [
    "a last rule by hours",
    { rules: [{ ...onlyPool[0]!, match: { hours: { from: "08:00", to: "20:00" } } }] },
    "has a match on hours",
  ],
  ["a last rule that spills", { rules: [{ ...onlyPool[0]!, spillAfterS: 1 }] }, "has spillAfterS"],
  [
    "a last pool that sleeps",
    { pools: [{ ...pool, schedule: { kind: "hours", hours: [{ from: "08:00", to: "20:00" }] } }] },
    "has a pool that is not always on",
  ],
  [
    "a class without a rule",
    { rules: [{ ...onlyPool[0]!, match: { tiers: ["batch"] } }] },
    "because no rule is for it",
  ],
  [
    "a target with a model that the class refuses",
    {
      providers: [provider],
      ...traffic(synthetic, [{ id: "live", models: ["api-model"] }]),
      rules: [
        { id: "a", match: { classes: ["live"] }, to: { pool: "own" } },
        { id: "b", to: { provider: "api" } },
      ],
    },
    'sends class "live", which accepts api-model, to model "llama-3.1-8b"',
  ],
  [
    "tensor parallel on MIG",
    { partitions: [cut], pools: [{ ...slicePool, tensorParallel: 2 }] },
    "pools[0].tensorParallel: found 2, wanted 1",
  ],
  ["an unknown partition", { pools: [slicePool] }, "pools[0].partition.id"],
  [
    "a profile that is not in the layout",
    { partitions: [cut], pools: [{ ...slicePool, partition: { id: "cut", profile: "1g.10gb" } }] },
    "pools[0].partition.profile",
  ],
  [
    "more replicas than instances",
    { partitions: [cut], pools: [{ ...slicePool, replicas: 3 }] },
    "pools own want 3 instances of 3g.40gb, but 1 GPU x 2 in the layout are 2",
  ],
  [
    "an illegal MIG layout",
    { partitions: [{ ...cut, layout: ["3g.40gb", "3g.40gb", "3g.40gb"] }] },
    "partitions[0].layout: the MIG layout is not legal",
  ],
  [
    "prices for long prompts out of order",
    {
      providers: [
        {
          ...provider,
          price: {
            ...provider.price,
            contextTiers: [200_000, 100].map((abovePromptTokens) => ({
              ...{ abovePromptTokens, inputUsdPerMTok: 3, outputUsdPerMTok: 9 },
            })),
          },
        },
      ],
    },
    "providers[0].price.contextTiers[1].abovePromptTokens: found 100 after 200000, wanted thresholds that rise",
  ],
  [
    "an unknown coefficient set",
    { pools: [{ ...pool, executionTime: { kind: "fitted", set: "x" } }] },
    "pools[0].executionTime.set",
  ],
  [
    "a backend without coefficients",
    { pools: [{ ...pool, backend: "trtllm" }] },
    "pools[0].executionTime: No coefficients",
  ],
  [
    "a model that does not fit, with the arithmetic",
    { pools: [{ ...pool, engine: { gpuMemoryUtilization: 0.1 } }] },
    "does not fit: Weights",
  ],
];

const licence = {
  id: "dev",
  name: "Dev",
  production: false,
  maxGpus: 2,
  evaluationDays: 1,
  provenance,
};
const warnings: [string, Partial<ScenarioInput>, string][] = [
  [
    "production without the right",
    { licences: [licence], pools: [{ ...pool, licence: "dev" }] },
    'under "Dev", which does not allow it',
  ],
  [
    "more GPUs than a licence allows",
    { licences: [licence], pools: [{ ...pool, replicas: 3, licence: "dev", production: false }] },
    "allows at most 2 GPUs, and 3 stand under it",
  ],
  [
    "an evaluation that ends",
    { run: { horizonS: 2e5 }, licences: [licence], pools: [{ ...pool, licence: "dev" }] },
    "ends after 1 days",
  ],
  [
    "a provider for trials",
    {
      providers: [{ ...provider, production: false }],
      rules: [{ id: "a", to: { provider: "api" } }, ...onlyPool],
    },
    "is not for production",
  ],
  ["a pool without a price", { pools: [{ ...pool, price: undefined }] }, "GPU hours count as $0"],
  [
    "a rule that is never reached",
    { rules: [...onlyPool, { id: "later", to: { reject: true } }] },
    'rules[1]: rule "later" is never reached.',
  ],
  [
    "a pool that nobody uses",
    { pools: [pool, { ...pool, id: "idle" }] },
    'no rule sends to pool "idle"',
  ],
  [
    "a guard without effect",
    { rules: [{ ...onlyPool[0]!, id: "a", guards: { monthlyBudgetUsd: 5 } }, ...onlyPool] },
    "rules[0].guards.monthlyBudgetUsd: has no effect",
  ],
  [
    "classes with conditions only",
    traffic(synthetic, [
      { id: "a", match: { promptTokens: { max: 50 } } },
      { id: "b", match: { promptTokens: { min: 51 } } },
    ]),
    'every class for source "chat" has a condition',
  ],
  ["a trace without rows", traffic({ id: "t", kind: "trace" }), "needs --trace FILE"],
  [
    "more clients than requests",
    traffic({ id: "c", kind: "closedLoop", clients: 5, requests: 2, lengths }),
    "some never send one",
  ],
];

describe("checkScenario", () => {
  it("finds nothing in a sound scenario", () => {
    expect(check({})).toEqual({ problems: [], warnings: [] });
  });

  it("finds nothing in MIG slices that are enough", () => {
    expect(check({ partitions: [cut], pools: [{ ...slicePool, replicas: 2 }] })).toEqual({
      problems: [],
      warnings: [],
    });
  });

  it.each(problems)("refuses %s", (_name, changes, message) => {
    expect(check(changes).problems.join("\n")).toContain(message);
  });

  it.each(warnings)("warns of %s, and lets it run", (_name, changes, message) => {
    const found = check(changes);
    expect(found.warnings.join("\n")).toContain(message);
    expect(found.problems).toEqual([]);
  });

  it("counts the requests of all sources together", () => {
    const one = { id: "c", kind: "closedLoop", clients: 1, requests: 20_000_000, lengths };
    const both = { traffic: { sources: [one, synthetic], classes: [{ id: "l" }] } };
    expect(check(both as Partial<ScenarioInput>).problems.join()).toContain(
      "found 20000010 requests",
    );
  });

  it("takes a pool whose hours are the whole day as always on", () => {
    const hours = [{ from: "00:00", to: "24:00" }];
    expect(check({ pools: [{ ...pool, schedule: { kind: "hours", hours } }] }).problems).toEqual(
      [],
    );
  });

  it("lets a later rule be reached through a provider's failover", () => {
    const rules = [{ id: "a", to: { provider: "api" } }, ...onlyPool];
    expect(check({ providers: [provider], rules }).warnings).toEqual([]);
  });

  it("throws all problems at once where soundness is required", () => {
    const bad = scenarioSchema.parse({
      format: "crossover-scenario",
      version: 1,
      name: "bad",
      traffic: { sources: [synthetic], classes: [{ id: "live" }] },
      rules: [
        { id: "a", to: { pool: "p" } },
        { id: "b", to: { pool: "q" } },
      ],
    });
    expect(() => requireSound(bad, "bad.crossover")).toThrow("bad.crossover: 2 problems");
  });
});
