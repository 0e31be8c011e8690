import { describe, expect, it } from "vitest";
import type { Arrivals } from "../schema/traffic.ts";
import { createRandomStream } from "../sim/random.ts";
import { summarize } from "../stats/summary.ts";
import { nsPerS } from "../units/units.ts";
import { expectedCount, firstGammaGap, generateArrivals, rateCurveOf } from "./arrivals.ts";

interface Options {
  endS?: number;
  limit?: number;
  seed?: number;
  secondOfWeek?: number;
}

function generate(arrivals: Arrivals, options: Options = {}): Float64Array {
  return generateArrivals(arrivals, {
    endNs: (options.endS ?? Number.POSITIVE_INFINITY) * nsPerS,
    limit: options.limit ?? Number.POSITIVE_INFINITY,
    secondOfWeek: options.secondOfWeek ?? 0,
    stream: createRandomStream(options.seed ?? 1, "arrivals/test"),
    sourceId: "test",
  });
}

/** Arrivals in each window. */
function countsOf(arrivalNs: Float64Array, windowS: number, windows: number): Float64Array {
  const counts = new Float64Array(windows);
  for (const ns of arrivalNs) counts[Math.floor(ns / nsPerS / windowS)]!++;
  return counts;
}

function gapCv(arrivalNs: Float64Array): number {
  const gaps = arrivalNs.slice(1).map((ns, i) => ns - arrivalNs[i]!);
  const { mean, variance } = summarize(gaps)!;
  return Math.sqrt(variance!) / mean;
}

describe("Poisson arrivals", () => {
  const arrivalNs = generate({ process: "poisson", rateRps: 50 }, { endS: 4000 });

  it("come at the stated rate, in whole ascending nanoseconds before the end", () => {
    expect(Math.abs(arrivalNs.length - 200_000)).toBeLessThan(4 * Math.sqrt(200_000));
    expect(arrivalNs.every((ns, i) => Number.isInteger(ns) && ns >= (arrivalNs[i - 1] ?? 0))).toBe(
      true,
    );
    expect(arrivalNs[arrivalNs.length - 1]).toBeLessThan(4000 * nsPerS);
  });

  it("have gaps of coefficient of variation 1 and counts whose variance is their mean", () => {
    expect(gapCv(arrivalNs)).toBeCloseTo(1, 1);
    const { mean, variance } = summarize(countsOf(arrivalNs, 1, 4000))!;
    expect(variance! / mean).toBeGreaterThan(0.9);
    expect(variance! / mean).toBeLessThan(1.1);
  });

  it("are the same for a longer run as far as the shorter one goes", () => {
    const shorter = generate({ process: "poisson", rateRps: 50 }, { endS: 100 });
    expect([...arrivalNs.slice(0, shorter.length)]).toEqual([...shorter]);
  });

  it("stop at the number of requests asked for", () => {
    expect(generate({ process: "poisson", rateRps: 50 }, { limit: 10 }).length).toBe(10);
  });
});

describe("gamma arrivals", () => {
  it.each([0.2, 0.5, 2, 4])("have the stated coefficient of variation of %f", (cv) => {
    const arrivalNs = generate({ process: "gamma", rateRps: 10, cv }, { limit: 300_000 });
    expect(gapCv(arrivalNs) / cv).toBeGreaterThan(0.97);
    expect(gapCv(arrivalNs) / cv).toBeLessThan(1.03);
    const rate = (arrivalNs.length / arrivalNs[arrivalNs.length - 1]!) * nsPerS;
    expect(Math.abs(rate / 10 - 1)).toBeLessThan((4 * cv) / Math.sqrt(300_000));
  });

  it("bring the stated number on average from the first moment on, however bursty", () => {
    const arrivals: Arrivals = { process: "gamma", rateRps: 1, cv: 5 };
    const counts = Float64Array.from({ length: 500 }, (_, seed) => {
      return generate(arrivals, { endS: 20, seed }).length;
    });
    const { mean, variance } = summarize(counts)!;
    expect(Math.abs(mean - 20)).toBeLessThan(4 * Math.sqrt(variance! / 500));
  });

  it("wait for their first like a process that has long been running", () => {
    expect(firstGammaGap(1, 0.5)).toBeCloseTo(Math.log(2), 9);
    expect(firstGammaGap(1e-6, 0.25)).toBe(0.25);
    const waits = Array.from({ length: 4000 }, (_, i) => firstGammaGap(2, (i + 0.5) / 4000));
    expect(summarize(waits)!.mean).toBeCloseTo((1 + 4) / 2, 1);
  });
});

describe("a rate curve", () => {
  const ratesRps = [5, 0, 40, 20];
  const curve = (cv: number): Arrivals => ({ process: "curve", windowS: 500, ratesRps, cv });

  it("has the wanted count in every window within Poisson error, and none where the rate is 0", () => {
    const counts = countsOf(generate(curve(1), { endS: 2000 }), 500, 4);
    ratesRps.forEach((rate, i) => {
      expect(Math.abs(counts[i]! - rate * 500)).toBeLessThanOrEqual(4 * Math.sqrt(rate * 500));
    });
    expect(counts[1]).toBe(0);
  });

  it("keeps the coefficient of variation in the time in which its rate is 1", () => {
    const arrivalNs = generate(curve(3), { endS: 20_000 });
    const upTo = (ns: number): number => expectedCount(rateCurveOf(curve(3), 0), ns);
    expect(gapCv(arrivalNs.map((ns) => upTo(ns) * nsPerS)) / 3).toBeCloseTo(1, 1);
    expect(Math.abs(arrivalNs.length - 325_000)).toBeLessThan(4 * 3 * Math.sqrt(325_000));
  });

  it("comes round again after its end", () => {
    const counts = countsOf(generate(curve(1), { endS: 4000 }), 500, 8);
    expect(Math.abs(counts[6]! - 20_000)).toBeLessThan(600);
    expect(counts[5]).toBe(0);
  });

  it("expects the area under it", () => {
    const steps = rateCurveOf(curve(1), 0);
    expect(expectedCount(steps, 750 * nsPerS)).toBeCloseTo(2500, 6);
    expect(expectedCount(steps, 2100 * nsPerS)).toBeCloseTo(33_000, 6);
  });
});

describe("a weekly profile", () => {
  const hourWeights = Array.from({ length: 24 }, (_, h) => (h >= 8 && h < 20 ? 3 : 1));
  const weekly: Arrivals = {
    process: "weekly",
    meanRps: 0.5,
    hourWeights,
    dayWeights: [2, 2, 2, 2, 2, 1, 0],
    cv: 1,
  };

  it("has the stated mean over a week and the weights' shape by hour and day", () => {
    const counts = countsOf(generate(weekly, { endS: 604_800 }), 3600, 168);
    const total = counts.reduce((sum, n) => sum + n, 0);
    expect(Math.abs(total - 302_400)).toBeLessThan(4 * Math.sqrt(302_400));
    const unit = 302_400 / (11 * 48);
    const wanted = [2 * unit, 6 * unit, unit, 0];
    [3, 12, 120, 150].forEach((hour, i) => {
      expect(Math.abs(counts[hour]! - wanted[i]!)).toBeLessThanOrEqual(4 * Math.sqrt(wanted[i]!));
    });
  });

  it("starts at the clock's weekday and time", () => {
    const saturdayNight = 5 * 86_400 + 23 * 3600;
    const counts = countsOf(
      generate(weekly, { endS: 90_000, secondOfWeek: saturdayNight }),
      3600,
      25,
    );
    expect(counts[0]).toBeGreaterThan(400);
    expect(counts.slice(1).every((n) => n === 0)).toBe(true);
  });
});

describe("a week of 168 hours", () => {
  it("has each hour's own weight, the days as factors, and says the same as 24 hours that repeat", () => {
    const hourWeights = Array.from({ length: 168 }, (_, hour) => (hour === 30 ? 3 : 1));
    const dayWeights = [1, 2, 1, 1, 1, 1, 1];
    const own: Arrivals = { process: "weekly", meanRps: 1, cv: 1, hourWeights, dayWeights };
    const { ratesRps } = rateCurveOf(own, 0);
    expect(ratesRps[30]! / ratesRps[0]!).toBeCloseTo(6, 12);
    expect(ratesRps[31]! / ratesRps[0]!).toBeCloseTo(2, 12);
    const day = Array.from({ length: 24 }, (_, hour) => 1 + hour);
    const daily = rateCurveOf({ ...own, hourWeights: day }, 0);
    const weekly = rateCurveOf(
      { ...own, hourWeights: Array.from({ length: 168 }, (_, i) => day[i % 24]!) },
      0,
    );
    expect(weekly.ratesRps).toEqual(daily.ratesRps);
  });
});

describe("too much", () => {
  it("is refused with its numbers before anything is generated", () => {
    expect(() => generate({ process: "poisson", rateRps: 1000 }, { endS: 50_000 })).toThrow(
      /'test' comes to about 50,000,000 requests; the limit is 20,000,000/,
    );
  });

  it("includes a curve that never brings a request", () => {
    const silent: Arrivals = { process: "curve", windowS: 1, ratesRps: [0, 0], cv: 1 };
    expect(() => generate(silent, { limit: 5 })).toThrow(/every rate or weight is 0/);
  });
});
