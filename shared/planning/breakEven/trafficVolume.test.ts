import { describe, expect, it } from "vitest";
import type { Scenario, ScenarioInput } from "../../schema/scenario.ts";
import { buildWorkload } from "../../workload/buildWorkload.ts";
import { testScenario } from "./testScenario.ts";
import {
  logSpaced,
  measureTraffic,
  scaleTraffic,
  wantedRequests,
  windowWarnings,
} from "./trafficVolume.ts";

function workloadOf({ traffic, clock, seed, run }: Scenario, replication = 0) {
  const { horizonS } = run;
  return buildWorkload({ traffic, clock, seed, replication, traces: new Map(), horizonS });
}

/** One request every 3 s for an hour; every second one has a long output. */
function traced(change: Partial<ScenarioInput> = {}): Scenario {
  const rows = Array.from({ length: 1200 }, (_, i) => i);
  return testScenario({
    traffic: {
      sources: [
        {
          id: "log",
          kind: "trace",
          rows: {
            arrivalS: rows.map((i) => 3 * i),
            promptTokens: rows.map(() => 500),
            outputTokens: rows.map((i) => (i % 2 === 0 ? 50 : 150)),
          },
        },
      ],
      classes: [{ id: "all", targets: { ttft: { ms: 2000, percentile: 0.95 } } }],
    },
    ...change,
  });
}

describe("the volume of traffic", () => {
  it("is its tokens scaled from the window to a month", () => {
    const scenario = traced();
    const measured = measureTraffic(scenario, workloadOf(scenario));
    expect(measured.requests).toBe(1200);
    expect(measured.windowS).toBe(3597);
    expect(measured.monthTokens).toBeCloseTo((1200 * 600 * 730 * 3600) / 3597, 3);
    expect(measured.meanOverPeak).toBeGreaterThan(0.95);
    expect(windowWarnings(measured)[0]).toMatch(/window is 60.0 min/);
  });

  it("is kept by a trace that is thinned and repeated, with its ratio of input to output", () => {
    const scenario = traced();
    const measured = measureTraffic(scenario, workloadOf(scenario));
    const scaled = scaleTraffic(scenario, measured, measured.monthTokens / 4);
    expect(scaled.factor).toBeCloseTo(0.25, 12);
    expect(scaled.repeat).toBeGreaterThanOrEqual(67);
    for (const replication of [0, 1]) {
      const again = workloadOf(scaled.scenario, replication);
      expect(again.count).toBeGreaterThanOrEqual(20_000);
      const found = measureTraffic(scaled.scenario, again);
      expect(found.monthTokens / measured.monthTokens).toBeCloseTo(0.25, 2);
      expect(found.promptTokens / found.outputTokens).toBeCloseTo(5, 1);
    }
  });

  it("grows by superposition without repeating once the window has enough requests", () => {
    const scenario = traced();
    const measured = measureTraffic(scenario, workloadOf(scenario));
    const scaled = scaleTraffic(scenario, measured, measured.monthTokens * 20);
    expect(scaled.repeat).toBe(1);
    expect(workloadOf(scaled.scenario).count).toBe(24_000);
    expect(() => scaleTraffic(scenario, measured, measured.monthTokens * 1001)).toThrow(
      /are 1,\d{3} times the traffic.s own .*; it can be scaled up to 1,000 times/,
    );
  });

  it("of made traffic is set by its rates, and its window is lengthened", () => {
    const scenario = testScenario({}, 10);
    const measured = measureTraffic(scenario, workloadOf(scenario));
    const scaled = scaleTraffic(scenario, measured, measured.monthTokens / 10);
    const found = measureTraffic(scaled.scenario, workloadOf(scaled.scenario));
    expect(found.requests).toBeGreaterThanOrEqual(20_000);
    expect(found.windowS).toBe(600 * scaled.repeat);
    expect(found.monthTokens / measured.monthTokens).toBeCloseTo(0.1, 2);
  });

  it("wants 20,000 requests, and more where a class is rare or its percentile strict", () => {
    const { sources } = testScenario().traffic;
    const wanted = (classes: ScenarioInput["traffic"]["classes"]): number => {
      const scenario = testScenario({ traffic: { sources, classes } }, 10);
      return wantedRequests(scenario, measureTraffic(scenario, workloadOf(scenario)));
    };
    expect(wanted([{ id: "all", targets: { ttft: { ms: 1, percentile: 0.99 } } }])).toBe(20_000);
    expect(wanted([{ id: "all", targets: { ttft: { ms: 1, percentile: 0.9995 } } }])).toBe(40_000);
    const rare = wanted([
      { id: "rare", share: 0.02, targets: { ttft: { ms: 1, percentile: 0.99 } } },
      { id: "rest" },
    ]);
    expect(rare).toBeGreaterThan(80_000);
    expect(rare).toBeLessThan(130_000);
  });

  it("is not repeated where the horizon cuts the trace: the point says why it is short", () => {
    const scenario = traced({ run: { horizonS: 1800 } });
    const measured = measureTraffic(scenario, workloadOf(scenario));
    const scaled = scaleTraffic(scenario, measured, measured.monthTokens);
    expect(scaled.repeat).toBe(1);
    expect(scaled.shortBecause).toMatch(/horizonS/);
  });
});

describe("volumes of a range", () => {
  it("are evenly spaced in their logarithm with both ends", () => {
    expect(logSpaced(10, 1000, 3)).toEqual([10, expect.closeTo(100, 9), 1000]);
    expect(logSpaced(10, 10, 1)).toEqual([10]);
  });
});
