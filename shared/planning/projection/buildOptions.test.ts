/** Crossings and payback, worked out by hand over made-up months. */
import { expect, test } from "vitest";
import { projectionPlanSchema } from "../../schema/projectionPlan.ts";
import type { Strategy } from "../breakEven/strategies.ts";
import { buildOptions, type StrategyMonths } from "./buildOptions.ts";
import { cheapestOption, chooseBaseline, compareOption, holdsFrom } from "./compareOptions.ts";
import type { MonthFleet } from "./monthFleets.ts";
import { monthsOf } from "./timeline.ts";

const provenance = [{ source: "test", retrievedOn: "2026-11-26", basis: "estimated" as const }];
const plan = projectionPlanSchema.parse({
  ...{ months: 12, discountPerYear: 0 },
  purchase: {
    ...{ usdPerServer: 48_000, lifeMonths: 48, kwPerServer: 0, pue: 1, usdPerKwh: 0, provenance },
    staffUsdPerMonth: 500,
  },
});

function fleet(choice: Partial<MonthFleet>): MonthFleet {
  return {
    ...{ basis: "simulated", simulatedTokens: 1e9, counts: {}, gpus: 0, heldShare: 1 },
    ...{ isValid: true, isHollow: false, missed: [], busyFraction: null },
    ...{ gpuUsd: 0, licenceUsd: 0, apiUsd: 0, fixedUsd: 0 },
    ...choice,
  };
}

const api: Strategy = { id: "api:a", kind: "api", label: "all on A" };
const own: Strategy = { id: "own", kind: "own", label: "all on own GPUs" };
const months = monthsOf(plan, 1e9);

function strategies(apiUsd: (i: number) => number): StrategyMonths[] {
  return [
    { strategy: api, fleets: months.map((_, i) => fleet({ apiUsd: apiUsd(i) })) },
    {
      strategy: own,
      fleets: months.map(() => fleet({ gpus: 8, gpuUsd: 9000, licenceUsd: 1000 })),
    },
  ];
}

const options = (apiUsd: (i: number) => number) =>
  buildOptions(strategies(apiUsd), { plan, months, monthHours: 730 });

test("a purchase of 48,000 that saves 8,500 a month is paid back in month 6", () => {
  const [all, rent, bought] = options(() => 10_000);
  expect([all.id, rent.id, bought.id]).toEqual(["api:a", "own/rented", "own/purchased"]);
  // 48,000 / (10,000 - 1,000 licence - 500 staff) = 5.6 months.
  const found = compareOption(bought, all);
  expect(found.paybackMonth).toBe(6);
  expect(found.firstCheaperMonth).toBe(1);
  expect(bought.residualUsd).toBe(36_000);
  expect(bought.totalUsd).toBe(12 * (1000 + 1000 + 500));
  expect(bought.totalCashUsd).toBe(48_000 - 36_000 + 12 * 1500);
  expect(bought.presentCostUsd).toBeCloseTo(bought.totalCashUsd, 9);
  expect(bought.lineTotals).toMatchObject({ amortization: 12_000, staff: 6000, licence: 12_000 });
});

test("rent of 10,000 a month passes an API bill that grows by 1,000 a month where it should", () => {
  const [all, rent] = options((i) => 5000 + 1000 * i);
  const found = compareOption(rent, all);
  expect(found.firstCheaperMonth).toBe(7);
  expect(found.cheaperFromMonth).toBe(7);
  // Sums: 5,000 m + 500 m (m - 1) against 10,000 m: equal at m = 11.
  expect(found.paybackMonth).toBe(11);
  expect(found.savedUsd).toBe(12 * 5000 + 500 * 12 * 11 - 120_000);
});

test("the lines of every month sum to its cost, and the months to the total", () => {
  for (const each of options((i) => 100 * i)) {
    for (const { lines, costUsd } of each.months) {
      expect(Object.values(lines).reduce((sum, usd) => sum + usd, 0)).toBe(costUsd);
    }
    const sum = each.months.reduce((total, month) => total + month.costUsd, 0);
    expect(each.totalUsd).toBeCloseTo(sum, 9);
    expect(each.usdPerMTok).toBeCloseTo(each.totalUsd / 12_000, 12);
  }
});

test("the baseline is the cheapest API, and an option that misses a target is never the cheapest", () => {
  const built = options(() => 20_000);
  expect(chooseBaseline(built).id).toBe("api:a");
  expect(cheapestOption(built)?.id).toBe("own/purchased");
  const invalid = built.map((each) =>
    each.strategy === "own" ? { ...each, invalidMonths: [3] } : each,
  );
  expect(cheapestOption(invalid)?.id).toBe("api:a");
  expect(chooseBaseline(built.slice(1)).id).toBe("own/rented");
});

test("a condition holds from the first month after which it is never broken", () => {
  expect(holdsFrom([true, false, true, true])).toBe(3);
  expect(holdsFrom([true, false])).toBe(null);
  expect(holdsFrom([true, true])).toBe(1);
});
