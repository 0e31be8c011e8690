/** Known answers computed by hand. */
import { expect, test } from "vitest";
import {
  type Commitment,
  type Purchase,
  projectionPlanSchema,
} from "../../schema/projectionPlan.ts";
import { committed, type GpuNeed, purchased, rented } from "./financing.ts";
import { presentValue } from "./money.ts";

const provenance = [{ source: "test", retrievedOn: "2026-11-26", basis: "estimated" as const }];
const hours = 730;

/** Fleets that are always on at $2 a GPU-hour. */
function always(gpus: readonly number[], usdPerHour = 2): GpuNeed[] {
  return gpus.map((each) => ({
    gpus: each,
    gpuHours: each * hours,
    rentUsd: each * hours * usdPerHour,
    busyFraction: 0.5,
  }));
}

function commitment(choice: object): Commitment {
  const base = { id: "c", termMonths: 12, discount: 0.4, provenance };
  return projectionPlanSchema.parse({ commitments: [{ ...base, ...choice }] }).commitments[0];
}

function purchase(choice: object): Purchase {
  const base = { usdPerServer: 240_000, lifeMonths: 48, kwPerServer: 10, pue: 1.3, usdPerKwh: 0.1 };
  return projectionPlanSchema.parse({ purchase: { ...base, provenance, ...choice } }).purchase!;
}

const total = (months: readonly { readonly costUsd: number }[]): number =>
  months.reduce((sum, each) => sum + each.costUsd, 0);

test("rent is paid for the hours held, at the end of each month", () => {
  const [month] = rented(always([3]));
  expect(month).toMatchObject({ costUsd: 4380, cash: { beginUsd: 0, endUsd: 4380 }, boundGpus: 0 });
});

test("a commitment covers the least need, and what goes beyond is rented on demand", () => {
  const { months } = committed(always([2, 3, 3, 4]), commitment({ termMonths: 2 }), hours);
  expect(months.map((each) => each.boundGpus)).toEqual([2, 2, 3, 3]);
  const full = hours * 2;
  expect(months.map((each) => each.costUsd / full)).toEqual(
    [1.2, 2.2, 1.8, 2.8].map((each) => expect.closeTo(each, 12)),
  );
});

test("of a fleet that is held for part of the time, the whole GPUs of its mean are committed", () => {
  const needs = always([4, 4]).map((each) => ({
    ...each,
    gpuHours: each.gpuHours * 0.6,
    rentUsd: each.rentUsd * 0.6,
  }));
  const [month] = committed(needs, commitment({}), hours).months;
  expect(month.boundGpus).toBe(2);
  expect(month.lines.gpuOnDemand).toBeCloseTo(0.4 * hours * 2, 9);
});

test("a committed GPU breaks even with on demand when it is needed for 1 - discount of the term", () => {
  const needed = (months: number) =>
    always(Array.from({ length: 10 }, (_, i) => (i < months ? 1 : 0)));
  const bound = commitment({ termMonths: 10, gpus: 1 });
  expect(total(committed(needed(6), bound, hours).months)).toBeCloseTo(total(rented(needed(6))), 6);
  expect(total(committed(needed(5), bound, hours).months)).toBeGreaterThan(
    total(rented(needed(5))),
  );
  expect(total(committed(needed(7), bound, hours).months)).toBeLessThan(total(rented(needed(7))));
});

test("the rent of the month of signing holds for the term, and an upfront share is paid at its beginning", () => {
  const needs = [...always([1], 2), ...always([1], 1), ...always([1], 1)];
  const { months, obligationUsd } = committed(
    needs,
    commitment({ termMonths: 2, upfrontShare: 0.5 }),
    hours,
  );
  const signed = hours * 2 * 0.6;
  expect(months[0].cash).toEqual({ beginUsd: signed, endUsd: signed / 2 });
  expect(months[1].cash).toEqual({ beginUsd: 0, endUsd: signed / 2 });
  // The second term is signed at $1 and goes on after the plan: one of its two months counts.
  const again = hours * 0.6;
  expect(months[2].cash).toEqual({ beginUsd: again / 2, endUsd: again / 2 });
  expect(months.map((each) => each.costUsd)).toEqual([signed, signed, again]);
  expect(obligationUsd).toBe(again);
});

test("a commitment that is not renewed leaves its later months to on demand", () => {
  const { months } = committed(
    always([1, 1, 1]),
    commitment({ termMonths: 2, renew: false }),
    hours,
  );
  expect(months.map((each) => each.boundGpus)).toEqual([1, 1, 0]);
  expect(months[2].costUsd).toBe(hours * 2);
});

const free = { kwPerServer: 0, usdPerKwh: 0 };
const flat = (count: number) => Array.from({ length: count }, () => ({ hardware: 1, power: 1 }));

test("servers are bought whole, kept for their life, replaced where still needed, and sold for their residual", () => {
  const spec = purchase({ ...free, lifeMonths: 3, residualShare: 0.25, gpusPerServer: 8 });
  const needs = always([8, 9, 9, 9, 3]);
  const { months, capexUsd, residualUsd } = purchased(needs, spec, flat(5), hours);
  expect(months.map((each) => each.boundGpus)).toEqual([8, 16, 16, 16, 8]);
  expect(months.map((each) => each.cash.beginUsd)).toEqual([240e3, 240e3, 0, 180e3, -60e3]);
  expect(capexUsd).toBe(3 * 240e3);
  expect(months.map((each) => each.costUsd)).toEqual([60e3, 120e3, 120e3, 120e3, 60e3]);
  // The third server is two months old: 240 - 2 x 60.
  expect(residualUsd).toBe(120e3);
});

test("booked cost over a whole life is what was paid less the residual", () => {
  const spec = purchase({
    ...free,
    lifeMonths: 24,
    residualShare: 0.1,
    networkUsdPerServer: 40_000,
  });
  const { months, capexUsd, residualUsd } = purchased(
    always(Array(24).fill(8)),
    spec,
    flat(24),
    hours,
  );
  expect(capexUsd).toBe(280_000);
  expect(residualUsd).toBe(28_000);
  expect(total(months)).toBeCloseTo(280_000 - 28_000, 6);
  const paid = months.reduce((sum, { cash }) => sum + cash.beginUsd + cash.endUsd, 0);
  expect(paid - residualUsd).toBeCloseTo(total(months), 6);
});

test("power is kW x PUE x hours x price, with the idle share of it while nothing runs", () => {
  const spec = purchase({ idlePowerShare: 0.4, colocationUsdPerKwMonth: 150 });
  const needs: GpuNeed[] = [{ gpus: 8, gpuHours: 8 * hours, rentUsd: 1, busyFraction: 0.5 }];
  const [month] = purchased(needs, spec, [{ hardware: 1, power: 2 }], hours).months;
  expect(month.lines.power).toBeCloseTo(10 * (0.5 + 0.5 * 0.4) * 1.3 * 730 * 0.1 * 2, 9);
  expect(month.lines.colocation).toBe(10 * 150 * 2);
});

test("upkeep: maintenance by price, staff while anything is owned and by the server", () => {
  const spec = purchase({
    ...{ maintenanceSharePerYear: 0.06, staffUsdPerMonth: 5000, staffUsdPerServerMonth: 100 },
  });
  const [none, two] = purchased(always([0, 16]), spec, flat(2), hours).months;
  expect(none.costUsd).toBe(0);
  expect(two.lines.maintenance).toBeCloseTo((2 * 240_000 * 0.06) / 12, 9);
  expect(two.lines.staff).toBe(5200);
});

test("hardware that gets dearer costs what it costs in the month in which it is bought", () => {
  const prices = [
    { hardware: 1, power: 1 },
    { hardware: 1.5, power: 1 },
  ];
  const { capexUsd } = purchased(always([8, 16]), purchase(free), prices, hours);
  expect(capexUsd).toBe(240_000 + 360_000);
});

test("financed at the discount rate, a server's payments are worth its price at present", () => {
  const spec = purchase({ ...free, lifeMonths: 36, interestPerYear: 0.08 });
  const { months } = purchased(always(Array(36).fill(8)), spec, flat(36), hours);
  const payments = months.map((each) => ({ beginUsd: 0, endUsd: each.lines.amortization }));
  expect(presentValue(payments, 0.08)).toBeCloseTo(240_000, 4);
});
