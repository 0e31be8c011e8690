import { expect, test } from "vitest";
import { type ProjectionPlan, projectionPlanSchema } from "../../schema/projectionPlan.ts";
import { monthsOf } from "./timeline.ts";

function plan(choice: object): ProjectionPlan {
  return projectionPlanSchema.parse(choice);
}

test("compound growth is the closed form, and month 1 is the traffic's own volume", () => {
  const months = monthsOf(plan({ months: 60, growth: { kind: "compound", perMonth: 0.08 } }), 5e8);
  expect(months[0].monthTokens).toBe(5e8);
  expect(months[59].monthTokens / (5e8 * 1.08 ** 59)).toBeCloseTo(1, 12);
  const tokens = months.reduce((sum, each) => sum + each.monthTokens, 0);
  expect(tokens / ((5e8 * (1.08 ** 60 - 1)) / 0.08)).toBeCloseTo(1, 12);
});

test("a table gives each month its volume, and its last one stays", () => {
  const table = plan({ months: 4, growth: { kind: "table", monthTokens: [1e9, 3e9] } });
  expect(monthsOf(table, 5).map((each) => each.monthTokens)).toEqual([1e9, 3e9, 3e9, 3e9]);
});

test("a rate reaches its yearly change after twelve months; steps replace the factor and the rate goes on", () => {
  const prices = {
    gpu: { perYear: -0.2 },
    api: {
      perYear: -0.2,
      steps: [
        { from: "2027-06", factor: 0.5 },
        { from: 10, factor: 0.4 },
      ],
    },
  };
  const months = monthsOf(plan({ months: 14, start: "2026-12", prices }), 1);
  expect(months[12].prices.gpu).toBeCloseTo(0.8, 12);
  expect(months[5].prices.api / months[5].prices.gpu).toBeCloseTo(1, 12);
  expect(months[6].prices.api / months[6].prices.gpu).toBeCloseTo(0.5, 12);
  expect(months[9].prices.api / months[9].prices.gpu).toBeCloseTo(0.4, 12);
  expect(months.map((each) => each.date).slice(0, 2)).toEqual(["2026-12", "2027-01"]);
  expect(months.every(({ prices: { licence } }) => licence === 1)).toBe(true);
});

test("a step before the plan holds from its first month", () => {
  const api = { steps: [{ from: "2026-01", factor: 0.7 }] };
  expect(monthsOf(plan({ months: 1, start: "2026-12", prices: { api } }), 1)[0].prices.api).toBe(
    0.7,
  );
});

test("a dated step without a start is refused by name", () => {
  const api = { steps: [{ from: "2026-01", factor: 0.7 }] };
  expect(() => monthsOf(plan({ prices: { api } }), 1)).toThrow(/prices\.api is dated 2026-01/);
});
