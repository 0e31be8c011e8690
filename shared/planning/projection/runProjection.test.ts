import { expect, test } from "vitest";
import { projectionPlanSchema } from "../../schema/projectionPlan.ts";
import type { Scenario } from "../../schema/scenario.ts";
import { testScenario } from "../breakEven/testScenario.ts";
import { InlineRunner } from "../jobs/inlineRunner.ts";
import type { Projection } from "./projectionReport.ts";
import { type ProjectionOptions, runProjection } from "./runProjection.ts";

const provenance = [{ source: "test", retrievedOn: "2026-11-26", basis: "estimated" as const }];

function project(
  plan: object,
  options: ProjectionOptions = {},
  scenario: Scenario = testScenario(),
) {
  const runner = new InlineRunner(new Map());
  return runProjection(runner, scenario, projectionPlanSchema.parse(plan), options);
}

function option({ options }: Projection, id: string) {
  return options.find((each) => each.id === id)!;
}

test("a month of the projection costs what the break-even study finds at its volume and prices", async () => {
  const projection = await project({
    ...{ months: 3, growth: { kind: "compound", perMonth: 3 } },
    prices: { gpu: { perYear: -0.5 }, api: { steps: [{ from: 2, factor: 0.5 }] } },
  });
  const tokens = projection.months.map((each) => each.monthTokens);
  expect(tokens[2] / tokens[0]).toBeCloseTo(16, 9);
  const api = option(projection, "api:api").months;
  const listUsd = (monthTokens: number): number => (monthTokens / 1e6) * ((3 * 2 + 8) / 4);
  // Thinning and superposition meet the volume within their spread.
  expect(api[0].costUsd / listUsd(tokens[0])).toBeCloseTo(1, 1);
  expect(api[1].costUsd / listUsd(tokens[1])).toBeCloseTo(0.5, 1);
  const own = option(projection, "own/rented").months;
  for (const [i, each] of own.entries()) {
    const factor = projection.months[i].prices.gpu;
    expect(each.costUsd).toBeCloseTo(each.gpus * 730 * 2 * factor, 6);
    expect(each.basis).toBe("simulated");
    expect(each.simulatedTokens).toBe(tokens[i]);
  }
  expect(own[2].gpus).toBeGreaterThan(own[0].gpus);
  const hybrid = option(projection, "hybrid/rented").months;
  for (const each of hybrid) expect(Object.keys(each.lines)).toContain("api");
}, 60_000);

test("months of equal volume are simulated once and cost the same", async () => {
  let jobs = 0;
  const inline = new InlineRunner(new Map());
  const counting: Pick<InlineRunner, "run"> = {
    run: (name, inputs, watcher) => {
      if (name === "breakEvenPoint") jobs += inputs.length;
      return inline.run(name, inputs, watcher);
    },
  };
  const plan = projectionPlanSchema.parse({ months: 6 });
  const projection = await runProjection(counting, testScenario(), plan);
  expect(jobs).toBe(1);
  const costs = option(projection, "own/rented").months.map((each) => each.costUsd);
  expect(new Set(costs).size).toBe(1);
}, 60_000);

test("on a grid a month has the fleet of the next volume above, which was simulated, and says so", async () => {
  const growth = { kind: "table", monthTokens: [2e9, 3e9, 8e9] };
  const projection = await project({ months: 3, growth }, { grid: 2 });
  expect(projection.gridTokens).toEqual([2e9, 8e9]);
  const own = option(projection, "own/rented").months;
  expect(own.map((each) => each.basis)).toEqual(["simulated", "bracketed", "simulated"]);
  expect(own[1].gpus).toBe(own[2].gpus);
  expect(own[1].simulatedTokens).toBe(8e9);
  const api = option(projection, "api:api").months;
  expect(api[1].costUsd / api[2].costUsd).toBeCloseTo(3 / 8, 9);
  expect(projection.notes.join(" ")).toContain("2 volumes were simulated");
}, 60_000);

test("every way to pay is an option, and all are against the cheapest API", async () => {
  const projection = await project({
    months: 2,
    commitments: [{ id: "year", termMonths: 12, discount: 0.3, provenance }],
    purchase: {
      ...{ usdPerServer: 1000, gpusPerServer: 1, lifeMonths: 10, kwPerServer: 1, pue: 1.2 },
      ...{ usdPerKwh: 0.1, provenance },
    },
  });
  expect(projection.options.map((each) => each.id)).toEqual([
    "api:api",
    ...["own/rented", "own/committed:year", "own/purchased"],
    ...["hybrid/rented", "hybrid/committed:year", "hybrid/purchased"],
  ]);
  const [rented, bound, bought] = ["own/rented", "own/committed:year", "own/purchased"].map((id) =>
    option(projection, id),
  );
  expect(bound.totalUsd).toBeCloseTo(rented.totalUsd * 0.7, 6);
  const gpus = rented.months[0].gpus;
  expect(bought.months[0].lines.power).toBeCloseTo(gpus * 1.2 * 730 * 0.1, 9);
  expect(projection.baseline).toBe("api:api");
  expect(projection.comparisons).toHaveLength(6);
  expect(projection.cheapest).toBe("own/purchased");
  expect(projection.sentence).toContain("Over 2 months the least is all on own GPUs, bought");
}, 60_000);

test("what cannot be projected is refused before a month is simulated", async () => {
  const huge = { months: 60, growth: { kind: "compound", perMonth: 1 } };
  await expect(project(huge)).rejects.toThrow(/GPUs|multiplied/);
  const strict = testScenario();
  const classes = strict.traffic.classes.map((each) => ({
    ...each,
    targets: { ttft: { percentile: 0.95, ms: 1 } },
  }));
  const traffic = { ...strict.traffic, classes };
  await expect(project({ months: 1 }, {}, { ...strict, traffic })).rejects.toThrow(
    /No number of GPUs/,
  );
  await expect(project({ months: 1 }, { strategies: ["owm"] })).rejects.toThrow(
    /no strategy "owm"/,
  );
}, 60_000);
