import { describe, expect, it, vi } from "vitest";
import { blendedPrice, breakEvenTokens, gpuMonthUsd } from "../../cost/closedForms.ts";
import type { Scenario } from "../../schema/scenario.ts";
import { InputError } from "../../units/errors.ts";
import { InlineRunner } from "../jobs/inlineRunner.ts";
import { JobCancelled, type JobWatcher } from "../jobs/job.ts";
import { type JobInput, type JobName, type JobOutput, type JobRunner, jobs } from "../jobs/jobs.ts";
import type { BreakEvenOptions } from "./breakEvenStudy.ts";
import { runBreakEven } from "./runBreakEven.ts";
import { idleContext, testPool, testProvider, testScenario } from "./testScenario.ts";

/** Studies are many runs; other work on the machine must not fail them. */
vi.setConfig({ testTimeout: 60_000 });

const provenance = [{ source: "test", retrievedOn: "2026-11-26", basis: "estimated" as const }];

function study(scenario: Scenario, options: BreakEvenOptions) {
  return runBreakEven(new InlineRunner(new Map()), scenario, options);
}

/** Answers within microseconds: queueing plays no part. */
const instant = testPool({
  executionTime: { kind: "linear", iterationUs: 0.01 },
  licence: "yearly",
});

describe("break-even volumes", () => {
  it("without queueing are those of the closed form", async () => {
    const scenario = testScenario({ pools: [instant] }, 10);
    const { crossings, own } = await study(scenario, {
      from: 100e6,
      to: 2000e6,
      points: 4,
      replications: 3,
      strategies: ["api", "own"],
    });
    const licence = { usdPerGpuYear: 4500, usdPerGpuHour: 0 };
    const monthUsd = gpuMonthUsd(2, 730, licence);
    const price = blendedPrice(
      { inputUsdPerMTok: 2, outputUsdPerMTok: 8 },
      { input: 300, output: 100 },
    );
    const wanted = breakEvenTokens(monthUsd, price)!;
    const pair = crossings.find(({ first, second }) => first === "api:api" && second === "own")!;
    expect(pair.crossings).toHaveLength(1);
    const [crossing] = pair.crossings;
    expect(crossing.monthTokens / wanted).toBeCloseTo(1, 9);
    expect(crossing.low! / wanted).toBeCloseTo(1, 9);
    expect(crossing.high! / wanted).toBeCloseTo(1, 9);
    expect(crossing.monthUsd).toBeCloseTo(monthUsd, 6);
    expect(crossing).toMatchObject({
      cheaperBelow: "api:api",
      cheaperAbove: "own",
      isAtStep: false,
      isValid: true,
      isHollow: false,
    });
    expect(pair.alwaysFrom).toBe(crossing.monthTokens);
    expect(own[0].leastMonthUsd).toBeCloseTo(monthUsd, 9);
  });

  it("are several where whole GPUs make the curve step: the first, the last, and from where on it stays", async () => {
    const price = { inputUsdPerMTok: 0.085, outputUsdPerMTok: 0.085, provenance };
    const scenario = testScenario({ providers: [testProvider({ price })] }, 10);
    const result = await study(scenario, {
      from: 12e9,
      to: 80e9,
      points: 12,
      replications: 2,
      strategies: ["api", "own"],
    });
    const [{ crossings, alwaysFrom, cheaperAtFirst }] = result.crossings;
    expect(cheaperAtFirst).toBe("api:api");
    expect(crossings.length).toBeGreaterThanOrEqual(3);
    expect(crossings.map((each) => each.cheaperAbove).slice(0, 3)).toEqual([
      "own",
      "api:api",
      "own",
    ]);
    const monthUsd = gpuMonthUsd(2, 730);
    expect(crossings[0].monthTokens / ((monthUsd / 0.085) * 1e6)).toBeCloseTo(1, 2);
    const back = crossings[1];
    expect(back.isAtStep).toBe(true);
    expect(back.own.gpus[1]).toBe(back.own.gpus[0] + 1);
    expect(back.between[1] / back.between[0]).toBeLessThan(1.05);
    expect(back.low!).toBeLessThanOrEqual(back.between[0]);
    expect(back.high!).toBeGreaterThanOrEqual(back.between[1]);
    expect(alwaysFrom).toBe(crossings[crossings.length - 1].monthTokens);
    expect(result.refinements.length).toBeGreaterThan(0);
  });

  it("are the same bytes whatever the order in which jobs run and through what text their results pass", async () => {
    const options = { from: 500e6, to: 4000e6, points: 3, replications: 2 };
    const scenario = testScenario({}, 10);
    const inline = await study(scenario, options);
    const other = await runBreakEven(new BackwardRunner(), scenario, options);
    expect(JSON.stringify(other)).toBe(JSON.stringify(inline));
  });
});

/** Runs the last job first, over JSON text, as threads with a store of results might. */
class BackwardRunner implements JobRunner {
  async run<Name extends JobName>(
    name: Name,
    inputs: readonly JobInput<Name>[],
    _watcher: JobWatcher<JobOutput<Name>> = {},
  ): Promise<JobOutput<Name>[]> {
    const outputs: JobOutput<Name>[] = new Array(inputs.length);
    for (let i = inputs.length - 1; i >= 0; i--) {
      const input = JSON.parse(JSON.stringify(inputs[i])) as JobInput<Name>;
      outputs[i] = JSON.parse(JSON.stringify(jobs[name](input, idleContext))) as JobOutput<Name>;
    }
    return outputs;
  }
}

describe("a point of the study", () => {
  it("has enough requests at each volume, keeps the traffic's ratio, and is searched to the fewest valid GPUs", async () => {
    const { points, measured } = await study(testScenario({}, 10), {
      from: 100e6,
      to: 60e9,
      points: 4,
      replications: 2,
    });
    expect(measured.promptTokens / measured.outputTokens).toBe(3);
    for (const point of points) {
      expect(point.requests).toBeGreaterThanOrEqual(20_000);
      expect(point.isHollow).toBe(false);
      for (const offered of point.offeredMonthTokens) {
        expect(offered / point.monthTokens).toBeCloseTo(1, 1);
      }
    }
    const own = points.map((point) => point.strategies.find((e) => e.strategy === "own")!);
    for (const each of own) {
      expect(each.isValid).toBe(true);
      const smaller = each.tried.filter(({ gpus }) => gpus === each.gpus - 1);
      if (smaller.length > 0) expect(smaller[0].missed).not.toEqual([]);
    }
    expect(own[3].gpus).toBeGreaterThan(own[0].gpus);
  });

  it("is hollow where 104 days have too few requests, and says so", async () => {
    const { points, warnings } = await study(testScenario({}, 10), {
      from: 0.5e6,
      to: 1e9,
      points: 2,
      replications: 1,
      strategies: ["api", "own"],
    });
    expect(points[0].isHollow).toBe(true);
    expect(points[0].hollowBecause).toMatch(/104 days/);
    expect(points[0].requests).toBeLessThan(points[0].wantedRequests);
    expect(points[1].isHollow).toBe(false);
    expect(warnings.join()).toMatch(/1 of 3 volumes are hollow/);
  });

  it("is marked where a target is missed that no number of GPUs of the mix mends", async () => {
    const { sources } = testScenario({}, 10).traffic;
    const scenario = testScenario(
      {
        traffic: { sources, classes: [{ id: "all", targets: { ttft: { ms: 300 } } }] },
        rules: [
          { id: "half", share: 0.5, to: { provider: "api" } },
          { id: "rest", to: { pool: "own" } },
        ],
      },
      10,
    );
    const { points, verdict } = await study(scenario, {
      from: 1e9,
      to: 2e9,
      points: 2,
      replications: 1,
      maxGpus: 8,
    });
    const at = (id: string) => points[0].strategies.find((each) => each.strategy === id)!;
    expect(at("api:api").isValid).toBe(false);
    expect(at("api:api").missed[0]).toMatch(/TTFT p95 of class "all" is \d+ ms, wanted 300 ms/);
    expect(at("hybrid").isValid).toBe(false);
    expect(at("own").isValid).toBe(true);
    expect(verdict.winner).toBe("own");
    expect(verdict.rival).toBeUndefined();
  });
});

describe("the range of a study", () => {
  it("holds the traffic's own volume where no end is given, and starts or ends at a lone end", async () => {
    const scenario = testScenario({}, 10);
    const asked = { points: 2, replications: 1, strategies: ["api", "own"] };
    const rangeOf = async (options: BreakEvenOptions): Promise<number[]> =>
      (await study(scenario, { ...asked, ...options })).points.map((each) => each.monthTokens);
    const own = 10 * 400 * 730 * 3600;
    const [from, to] = await rangeOf({});
    expect(from).toBeLessThan(own);
    expect(to).toBeGreaterThan(own);
    expect(await rangeOf({ to: 1e6 })).toEqual([1e6 / 64, 1e6]);
    expect((await rangeOf({ from: 1e9 }))[0]).toBe(1e9);
    expect(await rangeOf({ from: 2e9, to: 2e9, points: 1 })).toEqual([2e9]);
  });
});

describe("the verdict", () => {
  it("names the cheapest valid strategy and factors at which both cost the same", async () => {
    const scenario = testScenario({ pools: [testPool({ licence: "yearly" })] }, 10);
    const options = { from: 1e9, to: 20e9, points: 3, replications: 2, strategies: ["api", "own"] };
    const { verdict, ownPoint, measured } = await study(scenario, options);
    expect(verdict.winner).toBe("own");
    expect(verdict.rival).toBe("api:api");
    expect(verdict.savedShare).toBeGreaterThan(0);
    const distances = verdict.flips.map(({ factor }) => Math.abs(Math.log(factor)));
    expect([...distances].sort((a, b) => a - b)).toEqual(distances);
    const gpu = verdict.flips.find(({ assumption }) => assumption === "gpuPrice")!;
    const dearer = testScenario(
      {
        pools: [
          testPool({ licence: "yearly", price: { usdPerGpuHour: 2 * gpu.factor, provenance } }),
        ],
      },
      10,
    );
    const turned = await study(dearer, options);
    const costs = turned.ownPoint.strategies.map(({ monthUsd }) => monthUsd.mean);
    expect(costs[0] / costs[1]).toBeCloseTo(1, 6);
    expect(ownPoint.monthTokens).toBe(measured.monthTokens);
  });
});

describe("a study that cannot be made is refused before a volume is run", () => {
  const options = { from: 1e9, to: 2e9, points: 2, replications: 1 };
  const refusal = async (scenario: Scenario, asked: BreakEvenOptions): Promise<string> => {
    const error: unknown = await study(scenario, asked).catch((found: unknown) => found);
    expect(error).toBeInstanceOf(InputError);
    return error instanceof Error ? error.message : "";
  };

  it("without a provider or a pool", async () => {
    const bare = { rules: [{ id: "own", to: { pool: "own" } }] };
    expect(await refusal(testScenario({ ...bare, providers: [] }), options)).toMatch(/no provider/);
    const api = { rules: [{ id: "api", to: { provider: "api" } }] };
    expect(await refusal(testScenario({ ...api, pools: [] }), options)).toMatch(/no pool/);
  });

  it("with an empty range or an unknown strategy", async () => {
    const scenario = testScenario();
    expect(await refusal(scenario, { from: 2e9, to: 1e9 })).toMatch(/is empty/);
    expect(await refusal(scenario, { from: 0 })).toMatch(/is empty/);
    expect(await refusal(scenario, { strategies: ["cloud"] })).toMatch(/no strategy "cloud"/);
  });

  it("with a target that no fleet meets, telling the best there is", async () => {
    const { sources } = testScenario().traffic;
    const classes = [{ id: "all", targets: { tpot: { ms: 9 } } }];
    const scenario = testScenario({ traffic: { sources, classes } });
    expect(await refusal(scenario, options)).toMatch(
      /No number of GPUs keeps the targets of "own".*TPOT p95 of class "all" is 10\.1 ms, wanted 9\.00 ms/,
    );
  });

  it("unless a mix can still keep them: the fleet is then left out, and a warning says why", async () => {
    const long = testScenario({ pools: [testPool({ engine: { maxModelLen: 250 } })] }, 10);
    const { strategies, warnings } = await study(long, options);
    expect(strategies.map(({ id }) => id)).toEqual(["api:api", "hybrid"]);
    expect(warnings.join()).toMatch(/of "own".*It is left out/);
    expect(await refusal(long, { ...options, strategies: ["own", "hybrid"] })).toMatch(/of "own"/);
  });

  it("with a volume whose work alone is more than the GPUs allowed, telling the most there is", async () => {
    expect(await refusal(testScenario(), { from: 1e9, to: 900e9, maxGpus: 4 })).toMatch(
      /keep \d+ GPUs of "own" busy at least.*the limit is 4 GPUs/,
    );
  });

  it("with a closed loop, whose volume is the fleet's doing", async () => {
    const scenario = testScenario({
      traffic: {
        sources: [
          {
            id: "clients",
            kind: "closedLoop",
            clients: 4,
            requests: 100,
            lengths: {
              prompt: { kind: "constant", value: 300 },
              output: { kind: "constant", value: 100 },
            },
          },
        ],
        classes: [{ id: "all" }],
      },
    });
    expect(await refusal(scenario, options)).toMatch(/"clients" is a closed loop/);
  });

  it("and one that is cancelled ends as cancelled", async () => {
    const run = runBreakEven(new InlineRunner(new Map()), testScenario(), options, {
      isCancelled: () => true,
    });
    await expect(run).rejects.toThrow(JobCancelled);
  });
});
